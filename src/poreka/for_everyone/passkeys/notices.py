"""Telling somebody that a passkey of theirs was added or ended, at every address that the system has of them.

How the owner calls the key is not told: whoever added it chose the words.
"""

from poreka.for_everyone.notices import notices
from poreka.rules.authorising.operation_message import sms_moment
from poreka.rules.warsaw_time import warsaw_moment
from poreka.store.database import Insert
from poreka.web.system import System


async def passkey_told(system: System, person_id: str, what: str) -> list[Insert]:
    """The messages that one was `added` or `ended`, for the transaction that does it."""
    texts, name = system.texts["pl"], system.settings.system.name
    at = sms_moment(warsaw_moment(system.clock()))
    hotline = next(iter(system.settings.hotlines), "")
    next_step = texts("passkeys.notice.call", hotline=hotline) if hotline else ""
    words = f"{texts(f'passkeys.notice.{what}', system=name, at=at)} {next_step}".strip()
    return await notices(system, person_id, "passkey", texts("passkeys.notice.subject", system=name), words)

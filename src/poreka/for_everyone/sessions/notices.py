"""Telling somebody that an operator ended their sessions.

At every address that the system has of them: `for_everyone/notices.py`.
"""

from poreka.for_everyone.notices import notices
from poreka.rules.authorising.operation_message import sms_moment
from poreka.rules.warsaw_time import warsaw_moment
from poreka.store.database import Insert
from poreka.web.system import System


async def sessions_ended(system: System, person_id: str) -> list[Insert]:
    """The messages, to be written in the transaction that ends the sessions."""
    texts, name = system.texts["pl"], system.settings.system.name
    at = sms_moment(warsaw_moment(system.clock()))
    words = texts("sessions.notice.ended", system=name, at=at)
    return await notices(system, person_id, "sessions", texts("sessions.notice.subject", system=name), words)

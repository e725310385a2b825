"""Notices to the owners of trusted profiles: what was done to a profile goes to the e-mail address it has (T6).

The subject is the first line. No link stands in them: people are taught that an honest message asks them to type
the address. None holds a PESEL, a code or a whole phone number.
"""

from poreka.store.database import Insert
from poreka.store.outbox import Message
from poreka.store.trusted_profiles import OwnedProfile
from poreka.web.systems import TrustedProfileSystem
from poreka.web.texts import Texts

LIFE = 3 * 24 * 3600
"""Seconds for which it is worth trying to send one."""


def notice(pz: TrustedProfileSystem, texts: Texts, to: OwnedProfile, kind: str, **values: str) -> Insert:
    """The e-mail that tells an owner; `kind` is the last part of a text's key."""
    now = pz.clock()
    message = Message(
        id=pz.fresh.id(),
        channel="email",
        recipient=to.email,
        body=texts(f"trusted.mail.{kind}", system=pz.settings.system.name, **values),
        about=f"profile:{to.id}",
        created_at=now,
        due_at=now,
        expires_at=now + LIFE,
    )
    return pz.outbox.adding(message)

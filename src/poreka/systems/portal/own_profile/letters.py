"""The e-mails about profiles of the portal's own: the subject is the first line. None of them holds a PESEL.

The codes' letter is `codes/mail_code.py`.

No link stands in them: people are taught (P10) that an honest message asks them to type the address.
"""

from poreka.store.database import Insert
from poreka.store.outbox import Message
from poreka.systems.portal.system import Portal
from poreka.web.texts import Texts

NEWS_LIFE = 3 * 24 * 3600
"""Seconds for which it is worth trying to send news."""


def news(system: Portal, texts: Texts, kind: str, recipient: str, about: str, **values: object) -> Insert:
    """A letter of news: `welcome`, `registration_tried`, `password_changed`."""
    now = system.clock()
    message = Message(
        id=system.fresh.id(),
        channel="email",
        recipient=recipient,
        body=texts(f"profiles.mail.{kind}", system=system.settings.system.name, **values),
        about=about,
        created_at=now,
        due_at=now,
        expires_at=now + NEWS_LIFE,
    )
    return system.outbox.adding(message)

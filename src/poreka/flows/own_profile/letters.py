"""The e-mails about profiles of the portal's own: the subject is the first line. None of them holds a PESEL.

No link stands in them: people are taught (P10) that an honest message asks them to type the address.
"""

from poreka.rules.operation import Operation
from poreka.rules.operation_code import Code
from poreka.store.database import Insert
from poreka.store.outbox import Message
from poreka.web.journey_codes import CodeLetter
from poreka.web.systems import Portal
from poreka.web.texts import Texts

NEWS_LIFE = 3 * 24 * 3600
"""Seconds for which it is worth trying to send news; a code's message ends with its operation."""


def code_letter(system: Portal, texts: Texts, what: str, recipient: str | None, person_id: str | None) -> CodeLetter:
    """The letter with a code; `what` is `registration` or `password`."""
    name = system.settings.system.name
    purpose = texts("profiles.purpose." + what, system=name)

    def body(operation: Operation, code: Code) -> str:
        date = operation.date.strftime("%d-%m-%Y")
        number = operation.number
        return texts("profiles.mail.code", system=name, purpose=purpose, number=number, date=date, code=code)

    return CodeLetter(recipient=recipient, purpose=purpose, body=body, person_id=person_id)


def news(system: Portal, texts: Texts, kind: str, recipient: str, about: str, **values: str) -> Insert:
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

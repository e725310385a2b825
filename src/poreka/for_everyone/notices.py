"""A notice to a person at every address that the system has of them: what happened, in Polish, without a link.

A bank writes by SMS and by e-mail, a profile's system by e-mail. The patient account, the phone app and the desk keep
no address of anybody, so there nobody is written to. What the notices say: `sessions/notices.py`,
`passkeys/notices.py`.
"""

from poreka.store.database import Insert
from poreka.store.outbox import Message
from poreka.web.system import System

LIFE = 3 * 24 * 3600
"""Seconds for which it is worth trying to send one."""


async def notices(system: System, person_id: str, about: str, subject: str, words: str) -> list[Insert]:
    """The messages, to be written in the transaction of what they tell of; `about` is its kind."""
    return [
        _message(system, channel, to, f"{subject}\n\n{words}" if channel == "email" else words, f"{about}:{person_id}")
        for channel, to in await system.addresses_of(person_id)
    ]


def _message(system: System, channel: str, to: str, body: str, about: str) -> Insert:
    now = system.clock()
    message = Message(
        id=system.fresh.id(),
        channel=channel,
        recipient=to,
        body=body,
        about=about,
        created_at=now,
        due_at=now,
        expires_at=now + LIFE,
    )
    return system.outbox.adding(message)

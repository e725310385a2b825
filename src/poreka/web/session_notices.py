"""Telling somebody that an operator ended their sessions: at every address that the system has of them.

A bank writes by SMS and by e-mail, a profile's system by e-mail. The patient account, the phone app and the desk keep
no address of anybody, so there nobody is written to. In Polish, as all messages of a bank; without a link.
"""

from poreka.rules.operation_message import sms_moment
from poreka.rules.warsaw_time import warsaw_moment
from poreka.store.database import Insert
from poreka.store.outbox import Message
from poreka.web.system import System
from poreka.web.systems import Bank, Mobywatel, Portal, TrustedProfileSystem

LIFE = 3 * 24 * 3600
"""Seconds for which it is worth trying to send one."""


async def sessions_ended(system: System, person_id: str) -> list[Insert]:
    """The messages, to be written in the transaction that ends the sessions."""
    now, texts = system.clock(), system.texts["pl"]
    at = sms_moment(warsaw_moment(now))
    words = texts("sessions.notice.ended", system=system.settings.system.name, at=at)
    letter = f"{texts('sessions.notice.subject', system=system.settings.system.name)}\n\n{words}"
    return [
        _message(system, person_id, channel, to, letter if channel == "email" else words)
        for channel, to in await _addresses(system, person_id)
    ]


async def _addresses(system: System, person_id: str) -> list[tuple[str, str]]:
    if isinstance(system, Portal):
        profile = await system.profiles.by_id(person_id)
        return [("email", profile.email)] if profile else []
    if not isinstance(system, Bank) or isinstance(system, Mobywatel):
        return []
    customer = await system.customers.by_id(person_id)
    if customer is None:
        return []
    mailed = system.settings.system.demo or system.settings.email.sender == "smtp"
    by_sms = "" if isinstance(system, TrustedProfileSystem) else customer.phone
    return [(how, to) for how, to in (("sms", by_sms), ("email", customer.email if mailed else "")) if to]


def _message(system: System, person_id: str, channel: str, to: str, body: str) -> Insert:
    now = system.clock()
    message = Message(
        id=system.fresh.id(),
        channel=channel,
        recipient=to,
        body=body,
        about=f"sessions:{person_id}",
        created_at=now,
        due_at=now,
        expires_at=now + LIFE,
    )
    return system.outbox.adding(message)

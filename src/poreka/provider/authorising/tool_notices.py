"""Telling a customer that something about their tools has changed: by SMS and by e-mail, without a link (P3, P10).

Whoever did it, the customer or the hotline, the owner hears of it. In Polish, as all messages of a bank.
"""

from dataclasses import dataclass

from poreka.provider.store.customer_directory import Customer
from poreka.rules.authorising.operation_message import sms_moment
from poreka.rules.authorising.tools import Tool
from poreka.rules.warsaw_time import warsaw_moment
from poreka.store.database import Insert
from poreka.store.outbox import Message, Outbox
from poreka.web.settings.every_kind import CommonSettings
from poreka.web.texts import Texts

NEWS_LIFE = 3 * 24 * 3600


@dataclass(frozen=True, slots=True)
class ToolNotices:
    """The notices of one bank; `texts` are the Polish ones, in its own words."""

    settings: CommonSettings
    texts: Texts
    outbox: Outbox

    def about(self, customer: Customer, what: str, tool: Tool, now: int) -> tuple[Insert, ...]:
        """The messages that a tool was `changed` to, `blocked` or `added`, to every address the bank has."""
        provider, name = self.settings.system.name, self.texts(f"bank.tools.{tool.value}")
        hotline = next(iter(self.settings.hotlines), "")
        call = self.texts("tools.notice.call", hotline=hotline) if hotline else self.texts("tools.notice.come")
        at = sms_moment(warsaw_moment(now))
        words = f"{self.texts(f'tools.notice.{what}', provider=provider, tool=name, at=at)} {call}"
        letter = f"{self.texts('tools.notice.subject', provider=provider)}\n\n{words}"
        mailed = self.settings.system.demo or self.settings.email.sender == "smtp"
        ways = (("sms", customer.phone, words), ("email", customer.email if mailed else None, letter))
        return tuple(self._message(channel, to, body, customer.id, now) for channel, to, body in ways if to)

    def _message(self, channel: str, recipient: str, body: str, person_id: str, now: int) -> Insert:
        message = Message(
            id=self.outbox.fresh.id(),
            channel=channel,
            recipient=recipient,
            body=body,
            about=f"tool:{person_id}",
            created_at=now,
            due_at=now,
            expires_at=now + NEWS_LIFE,
        )
        return self.outbox.adding(message)

"""What a sender is: one gateway that takes messages, and the three ways in which handing one over can end.

When `Sender.send` returns, the gateway took the message. When it raises `SendingFailed`, the gateway surely did not;
when it raises `MayHaveLeft`, nobody can say. What follows from each is decided in `hand_over.py`. Senders:
`senders.py`, `http_sms.py`, `smpp.py`, `smtp.py`.
"""

from collections.abc import Mapping, Sequence
from typing import Protocol

from poreka.store.outbox import Message

SECONDS_TO_ANSWER = 8.0
"""How long a gateway may take to answer: somebody waits for what it carries."""


class SendingFailed(Exception):
    """The message was surely not taken; `for_good` when this gateway will never take it."""

    def __init__(self, why: str, *, for_good: bool = False) -> None:
        super().__init__(why)
        self.for_good = for_good


class MayHaveLeft(Exception):
    """The message was on its way when the answer stayed away: it may have been taken."""


class Sender(Protocol):
    """One gateway; `recognises` a message's id when it comes again, and then sends nothing."""

    name: str
    recognises: bool

    async def send(self, message: Message) -> str | None:
        """Hand one message over; the gateway's own name for it, if it has one."""
        ...


Senders = Mapping[str, Sequence[Sender]]
"""The gateways of each channel, in the order in which they are tried."""

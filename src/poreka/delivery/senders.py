"""Senders: the demonstration's phones and mailboxes, the notice that a session has ended, and nobody.

Each takes one message of its channel. A logout notice's body is what the token will say; the token is
made at the moment of sending, because it lives two minutes (Back-Channel Logout 1.0 §2.4).
"""

from collections.abc import Awaitable, Callable

import msgspec

from poreka.delivery.demo_messages import DemoMessage, DemoMessages
from poreka.delivery.sender import SendingFailed
from poreka.store.fresh import Fresh
from poreka.store.outbox import NOBODY, Message


class DemoInbox:
    """Delivers to the demonstration's phones and mailboxes; refused outside it (`settings.py`)."""

    name = "demo"
    recognises = True

    def __init__(self, messages: DemoMessages, sender: str, fresh: Fresh, clock: Callable[[], int]) -> None:
        self._messages, self._sender, self._fresh, self._clock = messages, sender, fresh, clock

    async def send(self, message: Message) -> None:
        """Put the message into its inbox, once however often it comes."""
        arrived = DemoMessage(
            id=self._fresh.id(),
            idempotency_key=message.id,
            channel=message.channel,
            recipient=message.recipient,
            sender=self._sender,
            text=message.body,
            sent_at=self._clock(),
        )
        await self._messages.deliver(arrived)


class Nobody:
    """Takes messages that are for nobody: what is sent to somebody unknown must cost what it costs for the known."""

    name = NOBODY
    recognises = True

    async def send(self, message: Message) -> None:
        """Forget it."""


class LogoutNotice(msgspec.Struct, frozen=True, kw_only=True):
    """The body of a message of the channel `logout`; its recipient is the `backchannel_logout_uri`."""

    client_id: str
    subject: str
    sid: str | None


class LogoutSender:
    """Tells a relying party that a session has ended; `post` sends a form and answers the HTTP status.

    A notice that comes twice ends nothing more than the first: whether one arrived is never in doubt.
    """

    name = "logout"
    recognises = True

    def __init__(
        self, make_token: Callable[[LogoutNotice], str], post: Callable[[str, dict[str, str]], Awaitable[int]]
    ) -> None:
        self._make_token, self._post = make_token, post

    async def send(self, message: Message) -> None:
        """POST a fresh logout token; any 2xx means that it was taken (§2.8). Raises `SendingFailed`."""
        notice = msgspec.json.decode(message.body, type=LogoutNotice)
        status = await self._post(message.recipient, {"logout_token": self._make_token(notice)})
        if status == 400:
            raise SendingFailed("the relying party refused the logout token", for_good=True)
        if not 200 <= status < 300:
            raise SendingFailed(f"the relying party answered {status}")

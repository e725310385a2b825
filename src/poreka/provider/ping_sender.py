"""Telling a relying party that a request of its has been answered, one way or another (OpenID CIBA Core 1.0 §10.2).

One POST with the ``auth_req_id`` and the client's own bearer token; what the answer is, the client fetches itself. A
notice that comes twice tells nothing more than the first: whether one arrived is never in doubt.
"""

from collections.abc import Awaitable, Callable

import msgspec

from poreka.delivery.http_sms import TRY_AGAIN
from poreka.delivery.sender import SendingFailed
from poreka.oidc.relying_party.exchange import Answer, Outgoing
from poreka.outgoing.back_channel import PeerFault
from poreka.store.outbox import PING, Message

CHANNEL = PING


class PingNotice(msgspec.Struct, frozen=True, kw_only=True):
    """The body of a message of the channel; its recipient is the notification endpoint."""

    auth_req_id: str
    token: str

    def __repr__(self) -> str:
        """Both are secrets."""
        return "<PingNotice>"


class PingSender:
    """Sends such notices; `exchange` is the back channel's, with its limits of where it goes."""

    name = "ping"
    recognises = True

    def __init__(self, exchange: Callable[[Outgoing], Awaitable[Answer]]) -> None:
        self._exchange = exchange

    async def send(self, message: Message) -> None:
        """Any 2xx means that it was taken; a redirect is not followed. Raises `SendingFailed`."""
        notice = msgspec.json.decode(message.body, type=PingNotice)
        headers = {"content-type": "application/json", "authorization": f"Bearer {notice.token}"}
        body = msgspec.json.encode({"auth_req_id": notice.auth_req_id})
        try:
            answer = await self._exchange(Outgoing(method="POST", url=message.recipient, headers=headers, body=body))
        except PeerFault as fault:
            raise SendingFailed(f"the relying party cannot be reached: {fault}") from fault
        if not 200 <= answer.status < 300:
            for_good = 400 <= answer.status < 500 and answer.status not in TRY_AGAIN
            raise SendingFailed(f"the relying party answered {answer.status}", for_good=for_good)

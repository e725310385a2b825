"""Sending SMS through an operator's gateway: one JSON document by POST for each message.

    {"id": "...", "from": "PORĘKA", "to": "600201011", "text": "..."}

`id` stays the same when a message is sent again, so that the gateway can recognise it. Any 2xx means that it
was taken; 4xx, but for 408 and 429, that trying again cannot help.
"""

from collections.abc import Awaitable, Callable

import msgspec

from poreka.delivery.worker import SendingFailed
from poreka.oidc.relying_party.exchange import Answer, Outgoing
from poreka.store.outbox import Message

TRY_AGAIN = frozenset({408, 429})


class HttpSms:
    """Hands text messages to a gateway; `send` is the back channel's."""

    def __init__(self, send: Callable[[Outgoing], Awaitable[Answer]], url: str, name: str) -> None:
        self._send, self._url, self._name = send, url, name

    async def send(self, message: Message) -> None:
        """Hand the message over; raises `SendingFailed`."""
        document = {"id": message.id, "from": self._name, "to": message.recipient, "text": message.body}
        headers = {"content-type": "application/json", "idempotency-key": message.id}
        request = Outgoing(method="POST", url=self._url, headers=headers, body=msgspec.json.encode(document))
        try:
            status = (await self._send(request)).status
        except Exception as fault:  # whatever went wrong on the way: the message was not taken
            raise SendingFailed(f"the gateway cannot be reached: {type(fault).__name__}") from fault
        if not 200 <= status < 300:
            refused = 400 <= status < 500 and status not in TRY_AGAIN
            raise SendingFailed(f"the gateway answered {status}", for_good=refused)

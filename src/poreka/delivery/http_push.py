"""Sending push requests to the back end of the provider's own app: docs/app-requests.openapi.yaml is the contract.

One POST for each request, with the message's id as its idempotency key, so that a repetition asks nobody twice. Any
2xx means taken, and so does 409: it had been taken before. 4xx, but for 408 and 429, mean that it never will be. No
answer after the request began to leave, and an answer of 500, 502 or 504, leave it in doubt, and it is sent again.
"""

from collections.abc import Awaitable, Callable

from poreka.delivery.http_sms import BEFORE_ANYTHING_LEFT, IN_DOUBT, TRY_AGAIN
from poreka.delivery.sender import MayHaveLeft, SendingFailed
from poreka.oidc.relying_party.exchange import Answer, Outgoing
from poreka.outgoing.back_channel import PeerUnreachable
from poreka.store.outbox import Message


class HttpPush:
    """Hands push requests to the app's back end; `exchange` is the back channel's."""

    name = "app"
    recognises = True

    def __init__(self, exchange: Callable[[Outgoing], Awaitable[Answer]], url: str, token: str) -> None:
        self._exchange, self._url, self._token = exchange, url, token

    async def send(self, message: Message) -> None:
        """Hand the request over; raises `SendingFailed` or `MayHaveLeft`."""
        headers = {
            "content-type": "application/json",
            "accept": "application/json",
            "authorization": f"Bearer {self._token}",
            "idempotency-key": message.id,
        }
        request = Outgoing(method="POST", url=self._url, headers=headers, body=message.body.encode())
        try:
            answer = await self._exchange(request)
        except PeerUnreachable as fault:
            if fault.reason in BEFORE_ANYTHING_LEFT:
                raise SendingFailed(f"the app's back end cannot be reached: {fault.reason}") from fault
            raise MayHaveLeft(f"no answer from the app's back end: {fault.reason}") from fault
        except Exception as fault:  # an answer that is too large, or not HTTP
            raise MayHaveLeft(f"no readable answer from the app's back end: {type(fault).__name__}") from fault
        if answer.status in IN_DOUBT:
            raise MayHaveLeft(f"the app's back end answered {answer.status}")
        if not 200 <= answer.status < 300 and answer.status != 409:
            for_good = 400 <= answer.status < 500 and answer.status not in TRY_AGAIN
            raise SendingFailed(f"the app's back end answered {answer.status}", for_good=for_good)

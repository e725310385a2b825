"""The back end of an app, as it speaks to the provider whose requests the app shows: over HTTP.

The contract is docs/app-requests.openapi.yaml. The demonstration's phones answer their banks with it, and so does
`mobywatel`.
"""

from typing import Literal, TypeVar
from urllib.parse import quote, urlencode

import msgspec

from poreka.contracts.app_request import PushMessage
from poreka.oidc.relying_party.exchange import Answer, Outgoing
from poreka.outgoing.back_channel import BackChannel
from poreka.rules.authorising.push_request import PushState

T = TypeVar("T")


class AppFault(Exception):
    """The bank gave no answer that an app could show."""


class _Stands(msgspec.Struct, frozen=True):
    state: PushState


class PhoneApp:
    """Asks and answers at the bank's `origin`, with the secret that the bank knows."""

    def __init__(self, channel: BackChannel, origin: str, secret: str) -> None:
        self._channel, self._origin = channel, origin
        self._headers = {"accept": "application/json", "authorization": f"Bearer {secret}"}

    async def question(self, request_id: str, customer: str) -> PushMessage | None:
        """A request as it stands now; None when it is none of this customer's."""
        path = f"/app/requests/{quote(request_id, safe='')}?{urlencode({'customer': customer})}"
        answer = await self._channel.send(Outgoing(method="GET", url=self._origin + path, headers=self._headers))
        return _read(answer, PushMessage) if answer.status == 200 else None

    async def answer(
        self, request_id: str, customer: str, said: Literal["approve", "refuse"], number: str | None
    ) -> PushState:
        """Bring the person's answer; how the request stands then. Raises `AppFault` and `PeerFault`."""
        body = {"customer": customer, "answer": said} | ({"number": number} if number is not None else {})
        url = f"{self._origin}/app/requests/{quote(request_id, safe='')}/answer"
        headers = {**self._headers, "content-type": "application/json"}
        answer = await self._channel.send(
            Outgoing(method="POST", url=url, headers=headers, body=msgspec.json.encode(body))
        )
        if answer.status not in (200, 409):
            raise AppFault(f"the bank answered {answer.status}")
        return _read(answer, _Stands).state


def _read(answer: Answer, kind: type[T]) -> T:
    try:
        return msgspec.json.decode(answer.body, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise AppFault("the bank's answer cannot be read") from error

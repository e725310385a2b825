"""A provider's way to the back end of its app: enrolling, listing and removing the phones of its people, over HTTP.

docs/phone-devices.openapi.yaml is the contract. Whatever keeps the back end from answering as it says is
`RegistryAway`: the page says so, and nothing was changed as far as anyone knows.
"""

from typing import Any, Literal, TypeVar
from urllib.parse import quote, urlencode

import msgspec

from poreka.contracts.phone_devices import DevicesTold, DeviceTold, EnrolmentTold, ForCustomer, Offer, Offered
from poreka.oidc.relying_party.exchange import Answer, Outgoing
from poreka.outgoing.back_channel import BackChannel, PeerFault
from poreka.store.database import Insert
from poreka.store.outbox import Message, Outbox

T = TypeVar("T")
REMOVE_ALL = "/devices/remove"
CHANNEL = "phones"
"""The outbox channel of what the back end must hear, sooner or later: that all phones of a customer are gone."""
LIFE = 7 * 24 * 3600


class RegistryAway(Exception):
    """The app's back end gave no answer that could be used."""


class PhoneRegistry:
    """Asks the back end at `origin`, with the token that it knows."""

    def __init__(self, channel: BackChannel, origin: str, token: str) -> None:
        self._channel, self._origin = channel, origin
        self._headers = {"accept": "application/json", "authorization": f"Bearer {token}"}

    async def offer(self, offer: Offer) -> Offered:
        """Begin an enrolment. Raises `RegistryAway`, as all of these do."""
        answer = await self._send("POST", "/enrolments", offer)
        return _read(answer, Offered, 201)

    async def enrolment(self, enrolment_id: str, customer: str) -> EnrolmentTold | None:
        """How an enrolment stands; None when there is none of this customer."""
        path = f"/enrolments/{quote(enrolment_id, safe='')}?{urlencode({'customer': customer})}"
        answer = await self._send("GET", path)
        return None if answer.status == 404 else _read(answer, EnrolmentTold, 200)

    async def confirm(self, enrolment_id: str, customer: str, number: str) -> EnrolmentTold | None:
        """The number that the owner typed; how the enrolment stands then."""
        body = {"customer": customer, "number": number}
        answer = await self._send("POST", f"/enrolments/{quote(enrolment_id, safe='')}/confirm", body)
        return None if answer.status == 404 else _read(answer, EnrolmentTold, 200, 409)

    async def cancel(self, enrolment_id: str, customer: str) -> None:
        """Give it up; one that has ended stays as it ended."""
        await self._send("POST", f"/enrolments/{quote(enrolment_id, safe='')}/cancel", {"customer": customer})

    async def devices(self, customer: str) -> tuple[DeviceTold, ...]:
        """A customer's phones."""
        answer = await self._send("GET", f"/devices?{urlencode({'customer': customer})}")
        return _read(answer, DevicesTold, 200).devices

    async def remove(self, device_id: str, customer: str) -> None:
        """A phone's key, sessions and push subscription are gone when this returns."""
        answer = await self._send("POST", f"/devices/{quote(device_id, safe='')}/remove", {"customer": customer})
        if answer.status not in (204, 404):
            raise RegistryAway(f"the app's back end answered {answer.status}")

    async def _send(self, method: Literal["GET", "POST"], path: str, body: Any = None) -> Answer:
        headers = self._headers if body is None else {**self._headers, "content-type": "application/json"}
        content = b"" if body is None else msgspec.json.encode(body)
        try:
            return await self._channel.send(
                Outgoing(method=method, url=self._origin + path, headers=headers, body=content)
            )
        except PeerFault as fault:
            raise RegistryAway("the app's back end cannot be reached") from fault


def removing_all(outbox: Outbox, customer: str, now: int) -> Insert:
    """The message by which every phone of a customer is removed, in the transaction of what that follows from."""
    message = Message(
        id=outbox.fresh.id(),
        channel=CHANNEL,
        recipient=customer,
        body=msgspec.json.encode(ForCustomer(customer=customer)).decode(),
        about="phones",
        created_at=now,
        due_at=now,
        expires_at=now + LIFE,
    )
    return outbox.adding(message)


def _read(answer: Answer, kind: type[T], *statuses: int) -> T:
    if answer.status not in statuses:
        raise RegistryAway(f"the app's back end answered {answer.status}")
    try:
        return msgspec.json.decode(answer.body, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise RegistryAway("the answer of the app's back end cannot be read") from error

"""`CustomersOverHttp`: a customer directory in another system (contract: docs/customer-directory.openapi.yaml).

The other system compares passwords and characters; nothing of them is written down here. `peer_read.read` sends a
question a second time after a short, uneven pause; a sign-in is sent once. An answer that is slow, too large or of the
wrong shape raises `DirectoryUnavailable`, and so does one about another customer than the one asked about
(`RecordRefused`).
"""

from collections.abc import Mapping
from typing import TypeVar
from urllib.parse import urlencode

import msgspec

from poreka.oidc.relying_party.discreet import Discreet
from poreka.oidc.relying_party.exchange import Answer, Outgoing, media_type
from poreka.outgoing.back_channel import BackChannel, PeerFault
from poreka.outgoing.peer_read import Pause, read, within
from poreka.provider.store.customer_directory import (
    Checked,
    ChosenIdentifier,
    Customer,
    CustomerId,
    DirectoryUnavailable,
    RecordRefused,
    StatedCustomer,
    StatedIdentifier,
    Typed,
    believed,
    place_of,
)
from poreka.rules.people.phone_number import POLISH, TakenNumbers

T = TypeVar("T")


class StatedCheck(Discreet, frozen=True, kw_only=True):
    """The answer to a sign-in; `customer_id` is whose number it was, also where what was typed was wrong."""

    authenticated: bool
    customer: StatedCustomer | None = None
    customer_id: CustomerId | None = None


class CustomersOverHttp:
    """The directory at `url`; it fits `CustomerDirectory`. `pause` waits between two tries."""

    def __init__(
        self,
        channel: BackChannel,
        url: str,
        headers: Mapping[str, str],
        *,
        seconds: float,
        pause: Pause,
        taken: TakenNumbers = POLISH,
    ) -> None:
        self._channel, self._url, self._headers = channel, url.rstrip("/"), dict(headers)
        self._seconds, self._pause, self._taken = seconds, pause, taken

    async def by_id(self, customer_id: str) -> Customer | None:
        """The customer as they are now, None where there is no such id; raises `DirectoryUnavailable`."""
        answer = await self._read(f"/customers/{customer_id}")
        if answer is None:
            return None
        customer = believed(_decoded(answer, StatedCustomer), self._taken)
        if customer.id != customer_id:
            raise RecordRefused("another customer than the one asked about")
        return customer

    async def identifier_of(self, number: str) -> ChosenIdentifier | None:
        """The identifier of which a sign-in with this number asks two characters; None where nobody has the number."""
        answer = await self._read(f"/identifiers?{urlencode({'number': number})}")
        if answer is None:
            return None
        stated = _decoded(answer, StatedIdentifier)
        return ChosenIdentifier(customer_id=stated.customer_id, kind=stated.kind, length=stated.length)

    async def check(self, number: str, typed: Typed) -> Checked:
        """Let the other system compare what was typed; `Checked.customer` is there only if all of it was right."""
        pairs = zip(typed.places, typed.characters, strict=True)
        characters = [{"place": place, "character": character} for place, character in pairs]
        document = {"number": number, "password": typed.password, "characters": characters}
        answer = await self._post_sign_in(msgspec.json.encode(document))
        if answer.status != 200:
            raise DirectoryUnavailable(f"status {answer.status}")
        stated = _decoded(answer, StatedCheck)
        if not stated.authenticated:
            return Checked(customer_id=stated.customer_id, customer=None)
        if stated.customer is None:
            raise RecordRefused("authenticated, but nobody")
        customer = believed(stated.customer, self._taken)
        if customer.number.casefold() != number.casefold():
            raise RecordRefused("another customer than the one who signs in")
        return Checked(customer_id=customer.id, customer=customer)

    async def close(self) -> None:
        """Close every connection."""
        await self._channel.aclose()

    async def _read(self, path: str) -> Answer | None:
        """The answer to a GET, None for 404; raises `DirectoryUnavailable` for any other status but 200."""
        request = Outgoing(method="GET", url=self._url + path, headers={"accept": "application/json", **self._headers})
        try:
            answer = await read(self._channel, request, self._seconds, self._pause)
        except PeerFault as fault:
            raise _unavailable(fault) from fault
        if answer.status == 404:
            return None
        if answer.status != 200:
            raise DirectoryUnavailable(f"status {answer.status}")
        return answer

    async def _post_sign_in(self, body: bytes) -> Answer:
        """Send a sign-in, once, because the other system counts tries; raises `DirectoryUnavailable`."""
        headers = {"accept": "application/json", "content-type": "application/json", **self._headers}
        request = Outgoing(method="POST", url=f"{self._url}/authentications", headers=headers, body=body)
        try:
            return await within(self._channel, request, self._seconds)
        except PeerFault as fault:
            raise _unavailable(fault) from fault


def _unavailable(fault: PeerFault) -> DirectoryUnavailable:
    return DirectoryUnavailable(f"{type(fault).__name__}: {fault}")


def _decoded(answer: Answer, kind: type[T]) -> T:
    """The answer's JSON as a `kind`; raises `RecordRefused`, whose message names the place and never the value."""
    if media_type(answer) != "application/json":
        raise RecordRefused("the answer is not JSON")
    try:
        return msgspec.json.decode(answer.body, type=kind)
    except msgspec.ValidationError as fault:
        raise RecordRefused(f"unreadable {place_of(fault)}") from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise RecordRefused("the answer is not JSON") from None

"""`CustomerDirectory`: the interface by which a provider asks about its customers, and the values that cross it.

It has three calls: `identifier_of` a number, `check` what was typed, `by_id` who somebody is now. No password and no
identifier comes out of it. The provider itself counts wrong tries and right answers. Two implementations:
`provider/customers/checked_here.py` compares passwords here, for customers in our own tables (`customers.py`) or in a
view of another database (`customer_view.py`); `provider/customers/over_http.py` asks another system.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Any, Protocol

import msgspec

from poreka.oidc.relying_party.discreet import Discreet
from poreka.outgoing.peer_away import PeerAway
from poreka.provider.rules.eligibility import AccountRole, CustomerRecord
from poreka.rules.levels import Level
from poreka.rules.people.pesel import Pesel, PeselFault, read_pesel
from poreka.rules.people.phone_number import PhoneFault, TakenNumbers, read_phone
from poreka.shown_words import is_fit_for_name

LONGEST_NAME = 100


class DirectoryUnavailable(PeerAway):
    """The directory does not answer just now; `reason` is for the log and holds nothing of a customer."""

    kind, noted, leads_back = "directory", "customer directory unavailable", True


class RecordRefused(DirectoryUnavailable):
    """The directory answered with something unreadable, or about another customer than the one asked about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    """What a bank knows about a customer at this moment; the PESEL is not shown when printed."""

    id: str
    number: str
    first_name: str
    surname: str
    pesel: Pesel | PeselFault | None
    phone: str | None = field(repr=False)
    email: str | None = field(repr=False)
    identity_verified: bool
    account_role: AccountRole
    sms_active: bool
    opened_by_transfer: bool
    sim_replaced_at: int | None
    details: str = field(default="{}", repr=False)
    identity_verified_at: int | None = None
    """When the identity was verified, in seconds since the epoch; None where the record does not say."""
    identity_assurance: Level | None = None
    """How surely it was verified; None where the record does not say."""

    @property
    def valid_pesel(self) -> Pesel | None:
        """The PESEL; None where the directory has none, or a text that is no valid PESEL."""
        return self.pesel if isinstance(self.pesel, Pesel) else None

    @property
    def record(self) -> CustomerRecord:
        """What `provider.rules.eligibility` decides by."""
        return CustomerRecord(
            identity_verified=self.identity_verified,
            account_role=self.account_role,
            opened_by_transfer=self.opened_by_transfer,
            phone=self.phone,
            sms_active=self.sms_active,
            sim_replaced_at=self.sim_replaced_at,
            pesel=self.pesel,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ChosenIdentifier:
    """The identifier (`pesel` or `document`) that a customer chose, of which two characters are asked."""

    customer_id: str
    kind: str
    length: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """What somebody typed to sign in: a password, and the characters at the places asked, if any were."""

    password: str = field(repr=False)
    places: tuple[int, ...] = ()
    characters: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        """Raise `ValueError` unless each place has its character: a comparison by pairs would pass over the missing."""
        if len(self.characters) != len(self.places):
            raise ValueError("one character for each place")


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """The verdict: `customer_id` owns the number, if known; `customer` is None unless everything typed was right."""

    customer_id: str | None
    customer: Customer | None


class CustomerDirectory(Protocol):
    """Whoever knows a provider's customers. Every call may raise `DirectoryUnavailable`."""

    async def by_id(self, customer_id: str) -> Customer | None:
        """The customer as they are now."""
        ...

    async def identifier_of(self, number: str) -> ChosenIdentifier | None:
        """Of what the owner of a number is asked two characters; None for nobody's number."""
        ...

    async def check(self, number: str, typed: Typed) -> Checked:
        """Whether this is the customer; takes as long where the number is nobody's."""
        ...


CustomerId = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9_-]{1,64}\Z")]
Name = Annotated[str, msgspec.Meta(min_length=1, max_length=100)]


class StatedCustomer(Discreet, frozen=True, kw_only=True):
    """A customer as another system states them; `believed` checks the names and makes a `Customer` of it."""

    id: CustomerId
    number: Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
    first_name: Name
    surname: Name
    identity_verified: bool
    account_role: AccountRole
    sms_active: bool
    pesel: Annotated[str, msgspec.Meta(max_length=64)] | None = None
    phone: Annotated[str, msgspec.Meta(max_length=64)] | None = None
    email: Annotated[str, msgspec.Meta(max_length=254)] | None = None
    opened_by_transfer: bool = False
    sim_replaced_at: Annotated[datetime, msgspec.Meta(tz=True)] | None = None
    identity_verified_at: Annotated[datetime, msgspec.Meta(tz=True)] | None = None
    identity_assurance: Annotated[str, msgspec.Meta(pattern=r"^(low|substantial|high)\Z")] | None = None


class StatedIdentifier(msgspec.Struct, frozen=True, kw_only=True):
    """The kind and length of an identifier as another system states them."""

    customer_id: CustomerId
    kind: Annotated[str, msgspec.Meta(pattern=r"^(pesel|document)\Z")]
    length: Annotated[int, msgspec.Meta(ge=4, le=20)]


def believed(stated: StatedCustomer, taken: TakenNumbers) -> Customer:
    """The customer; raises `RecordRefused` for names that cannot be shown.

    A phone number or e-mail address that nothing can be sent to becomes None, a PESEL that is none a `PeselFault`.
    """
    names = (stated.first_name.strip(" "), stated.surname.strip(" "))
    readable = all(is_fit_for_name(name, LONGEST_NAME) for name in names)
    if not readable or not stated.number.isprintable() or not stated.number.strip():
        raise RecordRefused("a name or number cannot be shown")
    phone, email = read_phone(stated.phone or "", taken), stated.email or ""
    return Customer(
        id=stated.id,
        number=stated.number,
        first_name=names[0],
        surname=names[1],
        pesel=read_pesel(stated.pesel) if stated.pesel else None,
        phone=None if isinstance(phone, PhoneFault) else phone,
        email=email if email.isprintable() and "@" in email else None,
        identity_verified=stated.identity_verified,
        account_role=stated.account_role,
        sms_active=stated.sms_active,
        opened_by_transfer=stated.opened_by_transfer,
        sim_replaced_at=int(stated.sim_replaced_at.timestamp()) if stated.sim_replaced_at else None,
        identity_verified_at=int(stated.identity_verified_at.timestamp()) if stated.identity_verified_at else None,
        identity_assurance=Level.named(stated.identity_assurance) if stated.identity_assurance else None,
    )


def stated_by(fields: Mapping[str, Any], taken: TakenNumbers) -> Customer:
    """The customer in a row of another database, where 0 and 1 may stand for false and true; raises `RecordRefused`."""
    try:
        return believed(msgspec.convert(fields, StatedCustomer, strict=False), taken)
    except msgspec.ValidationError as fault:
        raise RecordRefused(f"unreadable {place_of(fault)}") from None


def place_of(fault: msgspec.ValidationError) -> str:
    """The path in a record at which it is wrong; the value there is left out, because it may be personal."""
    message = str(fault)
    missing = message.startswith("Object missing required field")
    return message if missing else message.rpartition(" - at ")[2] if " - at " in message else "record"

"""What a provider and the back end of an app tell one another about phones: enrolling, listing, removing.

Both sides speak in these documents and share nothing else. docs/phone-devices.openapi.yaml is the contract. No
document that comes from the app holds a PESEL, a key, or the number that the phone shows.
"""

import datetime
from typing import Annotated

import msgspec

from poreka.rules.enrolment_code import EnrolmentState

LONGEST_NAME = 100
NO_CONTROLS = r"^[^\x00-\x1f\x7f]+\Z"
Customer = Annotated[str, msgspec.Meta(min_length=1, max_length=64, pattern=NO_CONTROLS)]
Name = Annotated[str, msgspec.Meta(min_length=1, max_length=LONGEST_NAME, pattern=NO_CONTROLS)]


class Offer(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The provider asks for an enrolment: whose phone it will be."""

    customer: Customer
    first_name: Name
    surname: Name
    pesel: Annotated[str, msgspec.Meta(pattern=r"^[0-9]{11}\Z")]

    def __repr__(self) -> str:
        """Nothing of a person is printed by accident."""
        return "Offer(…)"


class Offered(msgspec.Struct, frozen=True, kw_only=True):
    """The answer: `address` is opened on the phone (a QR code holds it), or `code` typed there."""

    id: str
    code: str
    address: str
    expires_at: datetime.datetime


class EnrolmentTold(msgspec.Struct, frozen=True, kw_only=True):
    """How an enrolment stands; `device` is the phone's name, as soon as one made a key."""

    id: str
    state: EnrolmentState
    device: str = ""


class Confirmation(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the owner typed at the provider: the number that the phone shows."""

    customer: Customer
    number: Annotated[str, msgspec.Meta(pattern=r"^[0-9]{4}\Z")]


class ForCustomer(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whose enrolment or phone is meant, where nothing else is said."""

    customer: Customer


class DeviceTold(msgspec.Struct, frozen=True, kw_only=True):
    """One phone."""

    id: str
    name: str
    added_at: datetime.datetime
    used_at: datetime.datetime | None = None


class DevicesTold(msgspec.Struct, frozen=True, kw_only=True):
    """A customer's phones, the first to be enrolled first."""

    devices: tuple[DeviceTold, ...]


class DeviceRemoved(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The app tells the provider that a phone was removed in the app; `left`: how many the customer still has."""

    customer: Customer
    device: Annotated[str, msgspec.Meta(min_length=1, max_length=64, pattern=NO_CONTROLS)]
    name: Annotated[str, msgspec.Meta(max_length=64)]
    left: Annotated[int, msgspec.Meta(ge=0, le=100)]

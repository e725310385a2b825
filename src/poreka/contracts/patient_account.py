"""What the patient account and the back end of its phone app tell one another (K3, K4).

Both sides speak in these documents and share nothing else. docs/patient-account.openapi.yaml is the contract. A PESEL
stands in one of them only: in the first call of an entry, which finds or makes the account; afterwards the person is
the account's id.
"""

from typing import Annotated, Literal, get_args

import msgspec

from poreka.contracts.binding import Tool
from poreka.shown_words import is_fit_for_name

LONGEST_NAME = 100
NO_CONTROLS = r"^[^\x00-\x1f\x7f]+\Z"
Id = Annotated[str, msgspec.Meta(min_length=1, max_length=64, pattern=r"^[0-9A-Za-z_-]+\Z")]
Name = Annotated[str, msgspec.Meta(min_length=1, max_length=LONGEST_NAME, pattern=NO_CONTROLS)]
Issuer = Annotated[str, msgspec.Meta(min_length=1, max_length=200, pattern=NO_CONTROLS)]
RecordKind = Literal["prescription", "referral", "visit"]
KINDS: tuple[RecordKind, ...] = get_args(RecordKind)
SELF = "self"  # the name of an account's owner in addresses, beside the names of children
LevelName = Literal["low", "substantial", "high"]
What = Literal["entered", "made", "left", "seen", "guardian", "opened", "copied"]


class FirstEntry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A provider vouched for this person at the app: whose account is it?"""

    first_name: Name
    surname: Name
    pesel: Annotated[str, msgspec.Meta(pattern=r"^[0-9]{11}\Z")]
    issuer: Issuer
    level: LevelName
    account: Id | None = None  # the one that this issuer's person entered here before

    def __post_init__(self) -> None:
        """The names are shown."""
        if not all(is_fit_for_name(name, LONGEST_NAME) for name in (self.first_name, self.surname)):
            raise ValueError("a name cannot be shown")

    def __repr__(self) -> str:
        """Nothing of a person is printed by accident."""
        return "FirstEntry(…)"


class AccountFound(msgspec.Struct, frozen=True, kw_only=True):
    """The answer: the account's id, by which the person is named from then on."""

    account: Id


class LaterEntry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A bound device opened the account."""

    tool: Tool
    level: LevelName


class DeviceCopied(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A bound device opens nothing any more: what it proves itself with turned up a second time."""

    tool: Tool


class PersonTold(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody whose records may be shown: the owner (`self`), or a child by the name that stands in addresses."""

    id: str
    name: str


class AccountTold(msgspec.Struct, frozen=True, kw_only=True):
    """An account: for whom one may look, the owner first, and how many records of each kind the chosen one has."""

    people: tuple[PersonTold, ...]
    chosen: str
    counts: dict[RecordKind, int]


class RecordTold(msgspec.Struct, frozen=True, kw_only=True):
    """One record; `at` is in seconds, `code` what is shown at the pharmacy or the clinic."""

    at: int
    what: str
    by: str
    code: str = ""


class RecordsTold(msgspec.Struct, frozen=True, kw_only=True):
    """A person's records of a kind, the newest first."""

    chosen: PersonTold
    records: tuple[RecordTold, ...]


class HistoryLine(msgspec.Struct, frozen=True, kw_only=True):
    """Something that happened to the account; `how` is who vouched, or the tool of a bound device."""

    at: int
    what: What
    how: str = ""
    level: LevelName | Literal[""] = ""
    app: bool = False


class HistoryTold(msgspec.Struct, frozen=True, kw_only=True):
    """What happened, the newest first."""

    lines: tuple[HistoryLine, ...]


class BoundDevice(msgspec.Struct, frozen=True, kw_only=True):
    """A device that opens the account; times are in seconds."""

    id: str
    name: str
    tool: Tool
    added_at: int
    used_at: int


class BoundDevices(msgspec.Struct, frozen=True, kw_only=True):
    """An account's devices, the first to be bound first."""

    devices: tuple[BoundDevice, ...]


class OfAccount(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whose device is meant."""

    account: Id

"""A row of a file with a bank's customers: read strictly, or refused with every fault of it.

A fault names a column of ours and says in our own words what is wrong; nothing that stood in the file is
repeated, neither in a fault nor when a row is printed. Columns may come in any order. Passwords come as
hashes only: there is no column for a password. What the file itself must be like is `cli/customer_file.py`.
"""

import datetime
from collections.abc import Mapping, Sequence

import msgspec

from poreka.rules.contact import EmailFault, read_email
from poreka.rules.customer_number import CustomerNumberFault, read_customer_number
from poreka.rules.eligibility import AccountRole
from poreka.rules.levels import LEVEL_NAMES, Level
from poreka.rules.password_hashes import is_known_hash
from poreka.rules.pesel import PeselFault, read_pesel
from poreka.rules.phone_number import POLISH, PhoneFault, TakenNumbers, read_phone
from poreka.shown_words import is_fit_for_name

REQUIRED = (
    "number", "password_hash", "first_name", "surname", "identity_verified", "account_role", "sms_active",
)  # fmt: skip
OPTIONAL = (
    "pesel", "phone", "email", "identifier_kind", "identifier", "opened_by_transfer", "sim_replaced_at",
    "identity_verified_at", "identity_assurance",
)  # fmt: skip
LONGEST = {"password_hash": 300, "email": 254}
LONGEST_CELL = LONGEST_NAME = 100
SHORTEST_IDENTIFIER, LONGEST_IDENTIFIER = 4, 20
TRUTH = {"true": True, "false": False}
PESEL_FAULTS = {
    PeselFault.LENGTH: "a PESEL has eleven digits",
    PeselFault.CHARACTERS: "a PESEL has digits only",
    PeselFault.DATE: "a PESEL with an impossible date",
    PeselFault.CHECKSUM: "a PESEL with a wrong check digit",
}


PHONE_FAULTS = {
    PhoneFault.NO_NUMBER: "is no phone number",
    PhoneFault.FOREIGN: "is of a country that sms.foreign_numbers does not name",
    PhoneFault.NOT_MOBILE: "is no mobile number, and codes go there by SMS",
}


class RowFault(msgspec.Struct, frozen=True):
    """What is wrong in one column; an empty column means the row as a whole."""

    column: str
    fault: str


class CustomerRow(msgspec.Struct, frozen=True, kw_only=True):
    """A customer as a file states them; nothing is shown when printed."""

    number: str
    password_hash: str
    identifier_kind: str
    identifier: str
    first_name: str
    surname: str
    pesel: str | None
    phone: str | None
    email: str | None
    identity_verified: bool
    account_role: AccountRole
    sms_active: bool
    opened_by_transfer: bool
    sim_replaced_at: int | None
    identity_verified_at: int | None = None
    identity_assurance: Level | None = None

    def __repr__(self) -> str:
        return "<CustomerRow>"


def header_fault(header: Sequence[str]) -> str | None:
    """What is wrong with the first row of a file."""
    if missing := [name for name in REQUIRED if name not in header]:
        return f"the column {missing[0]} is missing"
    if len(set(header)) != len(header):
        return "a column comes twice"
    unknown = [place for place, name in enumerate(header, start=1) if name not in REQUIRED + OPTIONAL]
    return f"column {unknown[0]} has a name that is none of ours" if unknown else None


def read_customer_row(
    cells: Mapping[str, str], *, masked: bool, taken: TakenNumbers = POLISH
) -> CustomerRow | tuple[RowFault, ...]:
    """Read the cells of a row by column; `masked`: the bank asks for a number and characters of an identifier."""
    reading = _Reading({name: cell.strip() for name, cell in cells.items()})
    row = CustomerRow(
        number=reading.number(masked=masked),
        password_hash=reading.password_hash(),
        identifier_kind=reading.cell("identifier_kind") or "pesel",
        identifier=reading.identifier(masked=masked),
        first_name=reading.name("first_name"),
        surname=reading.name("surname"),
        pesel=reading.pesel("pesel"),
        phone=reading.phone(taken),
        email=reading.email(),
        identity_verified=reading.truth("identity_verified"),
        account_role=reading.role(),
        sms_active=reading.truth("sms_active"),
        opened_by_transfer=reading.truth("opened_by_transfer", needed=False),
        sim_replaced_at=reading.moment("sim_replaced_at"),
        identity_verified_at=reading.moment("identity_verified_at"),
        identity_assurance=reading.level("identity_assurance"),
    )
    return tuple(reading.faults) or row


class _Reading:
    """The cells of one row, and what was found wrong with them so far: one fault a column."""

    def __init__(self, cells: Mapping[str, str]) -> None:
        self._cells: dict[str, str] = {}
        self.faults: list[RowFault] = []
        for name, cell in cells.items():
            if fault := _unreadable(name, cell):
                self.fault(name, fault)
            else:
                self._cells[name] = cell

    def fault(self, column: str, fault: str) -> None:
        if not any(known.column == column for known in self.faults):
            self.faults.append(RowFault(column, fault))

    def cell(self, name: str) -> str:
        return self._cells.get(name, "")

    def needed(self, name: str) -> str:
        if not self.cell(name):
            self.fault(name, "is empty")
        return self.cell(name)

    def name(self, column: str) -> str:
        text = self.needed(column)
        if text and not is_fit_for_name(text, LONGEST_NAME):
            self.fault(column, "is no name in Latin letters")
        return text

    def number(self, *, masked: bool) -> str:
        text = self.needed("number")
        if masked and text and isinstance(read_customer_number(text), CustomerNumberFault):
            self.fault("number", "must be eight digits")
        elif len(text) > 64:
            self.fault("number", "is too long")
        return "".join(text.split()) if masked else text.lower()

    def password_hash(self) -> str:
        text = self.needed("password_hash")
        if text and not is_known_hash(text):
            self.fault("password_hash", "must be a hash of argon2 or bcrypt")
        return text

    def identifier(self, *, masked: bool) -> str:
        kind = self.cell("identifier_kind") or "pesel"
        if kind not in ("pesel", "document"):
            self.fault("identifier_kind", "must be pesel or document")
            return ""
        text = self.cell("identifier") or (self.cell("pesel") if kind == "pesel" else "")
        if not text:
            if masked:
                self.fault("identifier", "is empty")
        elif kind == "pesel":
            self.pesel("identifier" if self.cell("identifier") else "pesel")
        elif not (text.isascii() and text.isalnum() and SHORTEST_IDENTIFIER <= len(text) <= LONGEST_IDENTIFIER):
            self.fault("identifier", "must be 4 to 20 letters and digits")
        return text

    def pesel(self, name: str) -> str | None:
        text = self.cell(name)
        if not text:
            return None
        read = read_pesel(text)
        if isinstance(read, PeselFault):
            self.fault(name, PESEL_FAULTS[read])
        return text

    def phone(self, taken: TakenNumbers) -> str | None:
        read = read_phone(self.cell("phone"), taken)
        if isinstance(read, PhoneFault):
            self.fault("phone", PHONE_FAULTS[read])
            return None
        return read

    def email(self) -> str | None:
        if not self.cell("email"):
            return None
        read = read_email(self.cell("email"))
        if isinstance(read, EmailFault):
            self.fault("email", "is not an e-mail address")
            return None
        return read

    def truth(self, name: str, *, needed: bool = True) -> bool:
        text = self.cell(name) or ("" if needed else "false")
        if text not in TRUTH:
            self.fault(name, "must be true or false")
        return TRUTH.get(text, False)

    def role(self) -> AccountRole:
        text = self.cell("account_role")
        if text not in {role.value for role in AccountRole}:
            self.fault("account_role", "must be owner, co_owner, authorised or none")
            return AccountRole.NONE
        return AccountRole(text)

    def level(self, name: str) -> Level | None:
        text = self.cell(name)
        if text and text not in LEVEL_NAMES:
            self.fault(name, "must be low, substantial or high")
            return None
        return Level.named(text) if text else None

    def moment(self, name: str) -> int | None:
        text = self.cell(name)
        if not text:
            return None
        try:
            read = datetime.datetime.fromisoformat(text)
            if read.tzinfo is None:
                raise ValueError
            return int(read.timestamp())
        except (ValueError, OverflowError):
            self.fault(name, "must be a moment with its time zone, like 2026-01-31T12:00:00+01:00")
            return None


def _unreadable(name: str, cell: str) -> str | None:
    if any("\ud800" <= character <= "\udfff" for character in cell):
        return "is not UTF-8"
    if len(cell) > LONGEST.get(name, LONGEST_CELL):
        return "is too long"
    return None if cell.isprintable() else "holds what cannot be printed"

"""A row of a file with a bank's customers: read as spreadsheets write it, or refused with every fault of it.

A fault names a column of ours and what is wrong, as the key of a text (`texts/…/customer_file.po`); nothing that stood
in the file is repeated, neither in a fault nor when a row is printed. What was mended is told as well. Columns may come
in any order (`customer_columns.py`). Passwords come as hashes only: there is no column for a password.
"""

import datetime
import enum
from collections.abc import Mapping
from typing import TypeVar

import msgspec

from poreka.provider.rules.customer_number import CustomerNumberFault, read_customer_number
from poreka.provider.rules.eligibility import AccountRole
from poreka.rules.levels import Level
from poreka.rules.passwords.hashes import is_known_hash
from poreka.rules.people.contact import EmailFault, read_email
from poreka.rules.people.pesel import Pesel, PeselFault
from poreka.rules.people.phone_number import POLISH, PhoneFault, TakenNumbers, read_phone
from poreka.rules.spreadsheet import is_shortened, pesel_with_zeros, plain_cell, read_moment, read_truth
from poreka.shown_words import is_fit_for_name

T = TypeVar("T")
LONGEST = {"password_hash": 300, "email": 254}
LONGEST_CELL = LONGEST_NAME = 100
SHORTEST_IDENTIFIER, LONGEST_IDENTIFIER = 4, 20
KINDS = {"pesel": "pesel", "document": "document", "dokument": "document"}
ROLES = {role.value: role for role in AccountRole} | {
    "właściciel": AccountRole.OWNER,
    "współwłaściciel": AccountRole.CO_OWNER,
    "pełnomocnik": AccountRole.AUTHORISED,
    "brak": AccountRole.NONE,
}
LEVELS = {"low": Level.LOW, "substantial": Level.SUBSTANTIAL, "high": Level.HIGH}
LEVELS |= {"niski": Level.LOW, "średni": Level.SUBSTANTIAL, "wysoki": Level.HIGH}
START_OF_DAY, END_OF_DAY = datetime.time(0, 0), datetime.time(23, 59, 59)


class Fault(enum.StrEnum):
    """What may be wrong in a cell, or with a row; the value is the end of a text's key."""

    CELLS = "cells"
    TWICE = "twice"
    EMPTY = "empty"
    TOO_LONG = "too_long"
    UNPRINTABLE = "unprintable"
    SHORTENED = "shortened"
    NAME = "name"
    EIGHT_DIGITS = "eight_digits"
    HASH = "hash"
    KIND = "kind"
    IDENTIFIER = "identifier"
    PESEL_LENGTH = "pesel_length"
    PESEL_CHARACTERS = "pesel_characters"
    PESEL_DATE = "pesel_date"
    PESEL_CHECKSUM = "pesel_checksum"
    PHONE_NO_NUMBER = "phone_no_number"
    PHONE_FOREIGN = "phone_foreign"
    PHONE_NOT_MOBILE = "phone_not_mobile"
    EMAIL = "email"
    TRUTH = "truth"
    ROLE = "role"
    LEVEL = "level"
    MOMENT = "moment"
    ZEROS = "zeros"  # mended


class RowFault(msgspec.Struct, frozen=True):
    """What is wrong in one column; an empty column means the row as a whole."""

    column: str
    fault: Fault


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
    mended: tuple[RowFault, ...] = ()

    def __repr__(self) -> str:
        return "<CustomerRow>"


def read_customer_row(
    cells: Mapping[str, str], *, masked: bool, taken: TakenNumbers = POLISH
) -> CustomerRow | tuple[RowFault, ...]:
    """Read the cells of a row by column; `masked`: the bank asks for a number and characters of an identifier."""
    reading = _Reading({name: plain_cell(cell) for name, cell in cells.items()})
    row = CustomerRow(
        number=reading.number(masked=masked),
        password_hash=reading.password_hash(),
        identifier_kind=reading.kind(),
        identifier=reading.identifier(masked=masked),
        first_name=reading.name("first_name"),
        surname=reading.name("surname"),
        pesel=reading.pesel("pesel"),
        phone=reading.phone(taken),
        email=reading.email(),
        identity_verified=reading.truth("identity_verified"),
        account_role=reading.word("account_role", ROLES, Fault.ROLE, needed=True) or AccountRole.NONE,
        sms_active=reading.truth("sms_active"),
        opened_by_transfer=reading.truth("opened_by_transfer", needed=False),
        sim_replaced_at=reading.moment("sim_replaced_at", END_OF_DAY),
        identity_verified_at=reading.moment("identity_verified_at", START_OF_DAY),
        identity_assurance=reading.word("identity_assurance", LEVELS, Fault.LEVEL),
        mended=tuple(reading.mended),
    )
    return tuple(reading.faults) or row


class _Reading:
    """The cells of one row, what was found wrong with them so far, one fault a column, and what was mended."""

    def __init__(self, cells: Mapping[str, str]) -> None:
        self._cells: dict[str, str] = {}
        self.faults: list[RowFault] = []
        self.mended: list[RowFault] = []
        for name, cell in cells.items():
            if fault := _unreadable(name, cell):
                self.fault(name, fault)
            else:
                self._cells[name] = cell

    def fault(self, column: str, fault: Fault) -> None:
        if not any(known.column == column for known in self.faults):
            self.faults.append(RowFault(column, fault))

    def cell(self, name: str) -> str:
        return self._cells.get(name, "")

    def needed(self, name: str) -> str:
        if not self.cell(name):
            self.fault(name, Fault.EMPTY)
        return self.cell(name)

    def name(self, column: str) -> str:
        text = " ".join(self.needed(column).split())
        if text and not is_fit_for_name(text, LONGEST_NAME):
            self.fault(column, Fault.NAME)
        return text

    def number(self, *, masked: bool) -> str:
        text = self.needed("number")
        if masked and text and isinstance(read_customer_number(text), CustomerNumberFault):
            self.fault("number", Fault.SHORTENED if is_shortened(text) else Fault.EIGHT_DIGITS)
        elif len(text) > 64:
            self.fault("number", Fault.TOO_LONG)
        return "".join(text.split()) if masked else text.lower()

    def password_hash(self) -> str:
        text = self.needed("password_hash")
        if text and not is_known_hash(text):
            self.fault("password_hash", Fault.HASH)
        return text

    def kind(self) -> str:
        return self.word("identifier_kind", KINDS, Fault.KIND) or "pesel"

    def identifier(self, *, masked: bool) -> str:
        name = "identifier"
        if self.kind() == "document":
            text = self.cell(name)
            fits = text.isascii() and text.isalnum() and SHORTEST_IDENTIFIER <= len(text) <= LONGEST_IDENTIFIER
            if text and not fits:
                self.fault(name, Fault.SHORTENED if is_shortened(text) else Fault.IDENTIFIER)
        else:
            text = self.pesel(name if self.cell(name) else "pesel") or ""
        if masked and not text:
            self.fault(name, Fault.EMPTY)
        return text

    def pesel(self, name: str) -> str | None:
        """The digits; where they are no PESEL, the fault is told and they are what they were."""
        text = self.cell(name)
        if not text:
            return None
        read = pesel_with_zeros(text)
        if isinstance(read, Pesel):
            if read.digits != text and RowFault(name, Fault.ZEROS) not in self.mended:
                self.mended.append(RowFault(name, Fault.ZEROS))
            return read.digits
        self.fault(name, Fault.SHORTENED if is_shortened(text) else PESEL_FAULTS[read])
        return text

    def phone(self, taken: TakenNumbers) -> str | None:
        text = self.cell("phone")
        read = read_phone(text, taken)
        if isinstance(read, PhoneFault):
            self.fault("phone", Fault.SHORTENED if is_shortened(text) else PHONE_FAULTS[read])
            return None
        return read

    def email(self) -> str | None:
        if not self.cell("email"):
            return None
        read = read_email(self.cell("email"))
        if isinstance(read, EmailFault):
            self.fault("email", Fault.EMAIL)
            return None
        return read

    def truth(self, name: str, *, needed: bool = True) -> bool:
        text = self.cell(name)
        read = read_truth(text) if text or needed else False
        if read is None:
            self.fault(name, Fault.TRUTH)
        return bool(read)

    def word(self, name: str, words: Mapping[str, T], fault: Fault, *, needed: bool = False) -> T | None:
        """What one of several words means, in Polish or in English, in any case."""
        text = self.cell(name).casefold()
        if (text or needed) and text not in words:
            self.fault(name, fault)
        return words.get(text)

    def moment(self, name: str, bare: datetime.time) -> int | None:
        text = self.cell(name)
        read = read_moment(text, bare) if text else None
        if text and read is None:
            self.fault(name, Fault.MOMENT)
        return read


PESEL_FAULTS = {
    PeselFault.LENGTH: Fault.PESEL_LENGTH,
    PeselFault.CHARACTERS: Fault.PESEL_CHARACTERS,
    PeselFault.DATE: Fault.PESEL_DATE,
    PeselFault.CHECKSUM: Fault.PESEL_CHECKSUM,
}
PHONE_FAULTS = {
    PhoneFault.NO_NUMBER: Fault.PHONE_NO_NUMBER,
    PhoneFault.FOREIGN: Fault.PHONE_FOREIGN,
    PhoneFault.NOT_MOBILE: Fault.PHONE_NOT_MOBILE,
}


def _unreadable(name: str, cell: str) -> Fault | None:
    if len(cell) > LONGEST.get(name, LONGEST_CELL):
        return Fault.TOO_LONG
    return None if cell.isprintable() else Fault.UNPRINTABLE

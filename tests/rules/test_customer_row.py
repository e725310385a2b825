from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poreka.rules.customer_row import (
    OPTIONAL,
    PHONE_FAULTS,
    REQUIRED,
    CustomerRow,
    RowFault,
    header_fault,
    read_customer_row,
)
from poreka.rules.eligibility import AccountRole

HASH = "$argon2id$v=19$m=19456,t=2,p=1$YWJjZGVmZ2hpamtsbW5vcA$kFXb3Lzq0K2Yq1nT0mS1bYQ9P2u0oH0V5Zl4WmZc0pE"
GOOD = {
    "number": "2157 0133", "password_hash": HASH, "first_name": "Jan", "surname": "Kowalski", "pesel": "83041741039",
    "phone": "600201011", "email": "jan@poczta.example", "identity_verified": "true", "account_role": "owner",
    "sms_active": "true", "sim_replaced_at": "2026-01-31T12:00:00+01:00",
}  # fmt: skip


def faults(*, masked: bool = True, **changed: str) -> tuple[tuple[str, str], ...]:
    read = read_customer_row({**GOOD, **changed}, masked=masked)
    return () if isinstance(read, CustomerRow) else tuple((fault.column, fault.fault) for fault in read)


def test_a_good_row() -> None:
    read = read_customer_row(GOOD, masked=True)
    assert isinstance(read, CustomerRow)
    assert (read.number, read.identifier_kind, read.identifier) == ("21570133", "pesel", "83041741039")
    assert (read.account_role, read.identity_verified, read.opened_by_transfer) == (AccountRole.OWNER, True, False)
    assert read.sim_replaced_at == 1_769_857_200
    assert repr(read) == str(read) == "<CustomerRow>"


def test_little_is_needed_where_a_password_is_all_that_is_asked() -> None:
    read = read_customer_row({name: GOOD[name] for name in REQUIRED} | {"number": " Jan.K "}, masked=False)
    assert isinstance(read, CustomerRow)
    assert (read.number, read.identifier, read.pesel, read.phone, read.email) == ("jan.k", "", None, None, None)


@pytest.mark.parametrize(
    ("changed", "column", "fault"),
    [
        ({"number": ""}, "number", "is empty"),
        ({"number": "2157013"}, "number", "must be eight digits"),
        ({"number": "٢١٥٧٠١٣٣"}, "number", "must be eight digits"),
        ({"password_hash": "cichy-brzeg-jan-10"}, "password_hash", "must be a hash of argon2 or bcrypt"),
        ({"password_hash": "x" * 301}, "password_hash", "is too long"),
        ({"first_name": " "}, "first_name", "is empty"),
        ({"surname": "K" * 101}, "surname", "is too long"),
        ({"surname": "Kowalski\nROOT"}, "surname", "holds what cannot be printed"),
        ({"surname": "Kowalski\udcff"}, "surname", "is not UTF-8"),
        ({"pesel": "83041741038"}, "pesel", "a PESEL with a wrong check digit"),
        ({"pesel": "8304174103"}, "pesel", "a PESEL has eleven digits"),
        ({"pesel": "83041741O39"}, "pesel", "a PESEL has digits only"),
        ({"pesel": "83133741039"}, "pesel", "a PESEL with an impossible date"),
        ({"identifier": "83041741038"}, "identifier", "a PESEL with a wrong check digit"),
        ({"identifier_kind": "passport"}, "identifier_kind", "must be pesel or document"),
        ({"identifier_kind": "document"}, "identifier", "is empty"),
        ({"identifier_kind": "document", "identifier": "AB1"}, "identifier", "must be 4 to 20 letters and digits"),
        ({"pesel": ""}, "identifier", "is empty"),
        ({"phone": "6002010"}, "phone", "is no phone number"),
        ({"phone": "22 123 45 67"}, "phone", "is no mobile number"),
        ({"phone": "+380501234567"}, "phone", "is of a country"),
        ({"email": "jan"}, "email", "is not an e-mail address"),
        ({"identity_verified": "yes"}, "identity_verified", "must be true or false"),
        ({"identity_verified": ""}, "identity_verified", "must be true or false"),
        ({"account_role": "boss"}, "account_role", "must be owner, co_owner, authorised or none"),
        ({"opened_by_transfer": "1"}, "opened_by_transfer", "must be true or false"),
        ({"sim_replaced_at": "2026-01-31T12:00:00"}, "sim_replaced_at", "must be a moment with its time zone"),
        ({"sim_replaced_at": "yesterday"}, "sim_replaced_at", "must be a moment with its time zone"),
    ],
)
def test_each_fault_names_its_column(changed: dict[str, str], column: str, fault: str) -> None:
    ((named, said),) = faults(**changed)
    assert named == column
    assert said.startswith(fault)


def test_every_fault_of_a_row_is_told_at_once() -> None:
    assert {column for column, _ in faults(number="x", pesel="1", phone="1", account_role="")} == {
        "number", "pesel", "phone", "account_role",
    }  # fmt: skip


def test_a_document_is_asked_of_as_it_stands() -> None:
    read = read_customer_row({**GOOD, "identifier_kind": "document", "identifier": "XYZ778899"}, masked=True)
    assert isinstance(read, CustomerRow)
    assert (read.identifier_kind, read.identifier) == ("document", "XYZ778899")


def test_a_login_is_limited_too() -> None:
    assert faults(masked=False, number="j" * 65) == (("number", "is too long"),)


@pytest.mark.parametrize(
    ("header", "said"),
    [
        (REQUIRED[1:], "the column number is missing"),
        ((*REQUIRED, "number"), "a column comes twice"),
        ((*REQUIRED, "=cmd|'/c calc'!A1"), f"column {len(REQUIRED) + 1} has a name that is none of ours"),
        ((*REQUIRED, "password"), f"column {len(REQUIRED) + 1} has a name that is none of ours"),
        ((*reversed(REQUIRED), *OPTIONAL), None),
    ],
)
def test_the_header_is_known_and_complete(header: tuple[str, ...], said: str | None) -> None:
    assert header_fault(header) == said


EVERY_FAULT = {
    "is empty", "is no name in Latin letters",
    "is too long", "is not UTF-8", "holds what cannot be printed", "must be eight digits",
    "must be a hash of argon2 or bcrypt", "must be pesel or document", "must be 4 to 20 letters and digits",
    "a PESEL has eleven digits", "a PESEL has digits only", "a PESEL with an impossible date",
    "a PESEL with a wrong check digit", *PHONE_FAULTS.values(), "is not an e-mail address", "must be true or false",
    "must be low, substantial or high",
    "must be owner, co_owner, authorised or none",
    "must be a moment with its time zone, like 2026-01-31T12:00:00+01:00",
}  # fmt: skip


@given(st.dictionaries(st.sampled_from(REQUIRED + OPTIONAL), st.text(max_size=400)), st.booleans())
def test_no_row_repeats_what_stands_in_it(cells: dict[str, str], masked: bool) -> None:
    read: Any = read_customer_row({**GOOD, **cells}, masked=masked)
    if isinstance(read, CustomerRow):
        assert read.first_name.isprintable()
        return
    known = {RowFault(fault.column, fault.fault) for fault in read}
    assert len(known) == len(read)
    assert {fault.column for fault in read} <= set(REQUIRED + OPTIONAL)
    assert {fault.fault for fault in read} <= EVERY_FAULT

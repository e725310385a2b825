from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poreka.provider.rules.customer_columns import OPTIONAL, REQUIRED
from poreka.provider.rules.customer_row import CustomerRow, Fault, RowFault, read_customer_row
from poreka.provider.rules.eligibility import AccountRole
from poreka.rules.levels import Level

BORN_IN_2003 = "03212800002"
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
        ({"number": ""}, "number", Fault.EMPTY),
        ({"number": "2157013"}, "number", Fault.EIGHT_DIGITS),
        ({"number": "2,157E+7"}, "number", Fault.SHORTENED),
        ({"number": "٢١٥٧٠١٣٣"}, "number", Fault.EIGHT_DIGITS),
        ({"password_hash": "cichy-brzeg-jan-10"}, "password_hash", Fault.HASH),
        ({"password_hash": "x" * 301}, "password_hash", Fault.TOO_LONG),
        ({"first_name": " "}, "first_name", Fault.EMPTY),
        ({"surname": "K" * 101}, "surname", Fault.TOO_LONG),
        ({"surname": "Kowalski\nROOT"}, "surname", Fault.UNPRINTABLE),
        ({"surname": "Kowalski\udcff"}, "surname", Fault.UNPRINTABLE),
        ({"surname": "Ковальський"}, "surname", Fault.NAME),
        ({"pesel": "83041741038"}, "pesel", Fault.PESEL_CHECKSUM),
        ({"pesel": "8304174103"}, "pesel", Fault.PESEL_LENGTH),
        ({"pesel": "8,30417E+10"}, "pesel", Fault.SHORTENED),
        ({"pesel": "83041741O39"}, "pesel", Fault.PESEL_CHARACTERS),
        ({"pesel": "83133741039"}, "pesel", Fault.PESEL_DATE),
        ({"identifier": "83041741038"}, "identifier", Fault.PESEL_CHECKSUM),
        ({"identifier_kind": "passport"}, "identifier_kind", Fault.KIND),
        ({"identifier_kind": "document"}, "identifier", Fault.EMPTY),
        ({"identifier_kind": "document", "identifier": "AB1"}, "identifier", Fault.IDENTIFIER),
        ({"pesel": ""}, "identifier", Fault.EMPTY),
        ({"phone": "6002010"}, "phone", Fault.PHONE_NO_NUMBER),
        ({"phone": "4,86E+10"}, "phone", Fault.SHORTENED),
        ({"phone": "22 123 45 67"}, "phone", Fault.PHONE_NOT_MOBILE),
        ({"phone": "+380501234567"}, "phone", Fault.PHONE_FOREIGN),
        ({"email": "jan"}, "email", Fault.EMAIL),
        ({"identity_verified": "może"}, "identity_verified", Fault.TRUTH),
        ({"identity_verified": ""}, "identity_verified", Fault.TRUTH),
        ({"account_role": "boss"}, "account_role", Fault.ROLE),
        ({"account_role": ""}, "account_role", Fault.ROLE),
        ({"opened_by_transfer": "2"}, "opened_by_transfer", Fault.TRUTH),
        ({"identity_assurance": "pewny"}, "identity_assurance", Fault.LEVEL),
        ({"sim_replaced_at": "01/02/2026"}, "sim_replaced_at", Fault.MOMENT),
        ({"sim_replaced_at": "yesterday"}, "sim_replaced_at", Fault.MOMENT),
    ],
)
def test_each_fault_names_its_column(changed: dict[str, str], column: str, fault: Fault) -> None:
    assert faults(**changed) == ((column, fault),)


def test_what_spreadsheets_write_is_the_same_customer() -> None:
    read = read_customer_row(
        {
            **GOOD, "number": "2157\u00a00133", "first_name": "Jan\u00a0", "surname": "\u202fKowalski\ufeff",
            "phone": "+48\u00a0600\u00a0201\u00a0011", "identity_verified": "PRAWDA", "sms_active": "1",
            "opened_by_transfer": "Fałsz", "account_role": "Współwłaściciel", "identity_assurance": "Średni",
            "identifier_kind": "PESEL", "sim_replaced_at": "31.01.2026 12:00", "pesel": '="83041741039"',
        },
        masked=True,
    )  # fmt: skip
    assert isinstance(read, CustomerRow)
    assert (read.number, read.first_name, read.surname, read.phone) == ("21570133", "Jan", "Kowalski", "+48600201011")
    assert (read.identity_verified, read.sms_active, read.opened_by_transfer) == (True, True, False)
    assert (read.account_role, read.identity_assurance) == (AccountRole.CO_OWNER, Level.SUBSTANTIAL)
    assert (read.identifier_kind, read.identifier, read.pesel) == ("pesel", "83041741039", "83041741039")
    assert read.sim_replaced_at == 1_769_857_200
    assert read.mended == ()


def test_zeros_that_a_spreadsheet_lost_are_given_back_and_told() -> None:
    read = read_customer_row({**GOOD, "pesel": BORN_IN_2003.lstrip("0")}, masked=True)
    assert isinstance(read, CustomerRow)
    assert read.pesel == read.identifier == BORN_IN_2003
    assert read.mended == (RowFault("pesel", Fault.ZEROS),)


def test_every_fault_of_a_row_is_told_at_once() -> None:
    assert {column for column, _ in faults(number="x", pesel="1", phone="1", account_role="")} == {
        "number", "pesel", "phone", "account_role",
    }  # fmt: skip


def test_a_document_is_asked_of_as_it_stands() -> None:
    read = read_customer_row({**GOOD, "identifier_kind": "document", "identifier": "XYZ778899"}, masked=True)
    assert isinstance(read, CustomerRow)
    assert (read.identifier_kind, read.identifier) == ("document", "XYZ778899")


def test_a_login_is_limited_too() -> None:
    assert faults(masked=False, number="j" * 65) == (("number", Fault.TOO_LONG),)


@given(st.dictionaries(st.sampled_from(REQUIRED + OPTIONAL), st.text(max_size=400)), st.booleans())
def test_no_row_repeats_what_stands_in_it(cells: dict[str, str], masked: bool) -> None:
    read: Any = read_customer_row({**GOOD, **cells}, masked=masked)
    if isinstance(read, CustomerRow):
        assert read.first_name.isprintable()
        return
    assert len({fault.column for fault in read}) == len(read)
    assert {fault.column for fault in read} <= set(REQUIRED + OPTIONAL)
    assert {fault.fault for fault in read} <= set(Fault)

"""Phone numbers as people, browsers and spreadsheets write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poreka.rules.people.phone_number import (
    LONGEST_WRITING,
    PhoneFault,
    TakenNumbers,
    destination,
    is_country_code,
    read_phone,
    shown_phone,
)

UKRAINE = TakenNumbers(foreign=frozenset({"UA"}))


@pytest.mark.parametrize(
    "text",
    [
        "600100200",
        "600 100 200",
        " 600-100-200 ",
        "600–100–200",
        "600.100.200",
        "+48 600100200",
        "+48\u00a0600\u00a0100\u00a0200",
        "+48600100200",
        "(+48) 600 100 200",
        "+48 (0) 600 100 200",
        "0048600100200",
        "00 48 600 100 200",
        "48 600 100 200",
        "\u202a+48 600 100 200\u202c",  # copied out of an address book
        "\ufeff600100200",
    ],
)
def test_every_usual_writing_is_one_number(text: str) -> None:
    assert read_phone(text) == "+48600100200"


@pytest.mark.parametrize("text", ["", "  ", "\u200b"])
def test_nothing_is_no_number_and_no_fault(text: str) -> None:
    assert read_phone(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "60010020",
        "6001002000",
        "0600100200",
        "60010020x",
        "600JAN200",
        "600100200 wew. 5",
        "Jan 600100200",
        "600100200;ext=5",
        "tel:600100200",
        "٦٠٠١٠٠٢٠٠",
        "+",
        "00",
        "600100200" * 5,
        "+48 999 999 999",
        "600,100,200",
    ],
)
def test_what_is_no_number(text: str) -> None:
    assert read_phone(text) is PhoneFault.NO_NUMBER


def test_text_messages_go_to_mobiles_only() -> None:
    assert read_phone("22 123 45 67") is PhoneFault.NOT_MOBILE
    assert read_phone("800 100 200") is PhoneFault.NOT_MOBILE
    assert read_phone("22 123 45 67", mobile=False) == "+48221234567"


@pytest.mark.parametrize("text", ["+380 50 123 45 67", "00380501234567", "+380(50)123-45-67"])
def test_foreign_numbers_are_taken_where_the_operator_says_so(text: str) -> None:
    assert read_phone(text) is PhoneFault.FOREIGN
    assert read_phone(text, UKRAINE) == read_phone(text, TakenNumbers(foreign=True)) == "+380501234567"
    assert read_phone("+49 1512 3456789", UKRAINE) is PhoneFault.FOREIGN
    assert read_phone("+1 201 555 0123", TakenNumbers(foreign=True)) == "+12015550123"  # mobile or not: nobody can tell


def test_another_country_may_be_at_home() -> None:
    assert read_phone("050 123 45 67", TakenNumbers(home=380)) == "+380501234567"
    assert read_phone("+48 600 100 200", TakenNumbers(home=380)) is PhoneFault.FOREIGN


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("+48600100200", "600 100 200"),
        ("600100200", "600 100 200"),
        ("+380501234567", "+380 50 123 4567"),
        ("", ""),
        ("none", "none"),
    ],
)
def test_numbers_are_shown_in_groups(number: str, shown: str) -> None:
    assert shown_phone(number) == shown


@given(st.integers(min_value=500_000_000, max_value=899_999_999).map(str), st.booleans())
def test_what_is_shown_is_read_back_as_the_same_number(digits: str, mobile: bool) -> None:
    read = read_phone(digits, mobile=mobile)
    if isinstance(read, str):
        assert read_phone(shown_phone(read), mobile=mobile) == read
        assert read_phone(read, mobile=mobile) == read
        assert destination(read) == f"48{digits}"


@given(st.text(max_size=3 * LONGEST_WRITING))
def test_whatever_is_typed_is_a_number_a_fault_or_nothing(text: str) -> None:
    read = read_phone(text, TakenNumbers(foreign=True))
    assert read is None or isinstance(read, PhoneFault) or (read[0] == "+" and read[1:].isdigit())


def test_a_message_goes_nowhere_it_may_not() -> None:
    assert destination("600100200") == destination("+48600100200") == "48600100200"
    assert destination("+380501234567") is None
    assert destination("+380501234567", UKRAINE) == "380501234567"
    assert destination("") is None
    assert destination("12") is None


def test_codes_of_countries() -> None:
    assert all(map(is_country_code, ("48", "380", "1")))
    assert not any(map(is_country_code, ("999", "0", "", "x")))

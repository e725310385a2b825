"""What spreadsheets make of cells is undone where that is certain."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poreka.rules.people.pesel import Pesel, PeselFault, read_pesel
from poreka.rules.spreadsheet import is_shortened, pesel_with_zeros, plain_cell, read_moment, read_truth

NOON = datetime.time(12, 0)
MOMENT = 1_769_857_200  # 31 January 2026, noon in Warsaw


@pytest.mark.parametrize(
    ("cell", "plain"),
    [
        (" a b ", "a b"),
        ("600\u00a0201\u202f011", "600 201 011"),
        ("\ufeffJan\u200b", "Jan"),
        ('="01234"', "01234"),
        ("=HYPERLINK(1)", "=HYPERLINK(1)"),
        ("two\nlines", "two\nlines"),
    ],
)
def test_odd_spaces_become_ordinary_ones(cell: str, plain: str) -> None:
    assert plain_cell(cell) == plain
    assert plain_cell(plain_cell(cell)) == plain


@pytest.mark.parametrize(
    ("true", "false"),
    [("TRUE", "FALSE"), ("PRAWDA", "FAŁSZ"), ("1", "0"), ("Tak", "Nie"), ("yes", "no"), ("prawda", "Falsz")],
)
def test_words_for_truth(true: str, false: str) -> None:
    assert read_truth(true) is True
    assert read_truth(false) is False


@pytest.mark.parametrize("word", ["", "x", "2", "да", "01"])
def test_no_other_word_is_truth(word: str) -> None:
    assert read_truth(word) is None


@pytest.mark.parametrize("digits", ["03212800002", "00210100004"])
def test_zeros_are_given_back_where_date_and_check_digit_fit(digits: str) -> None:
    assert pesel_with_zeros(digits.lstrip("0")) == Pesel(digits)


@pytest.mark.parametrize(
    "text",
    [
        "3212800003",  # another check digit
        "8304174103",  # one digit of eleven is missing: no day
        "1010100005",  # would be somebody born in 1901
        "212800002",
        "",
        "321280000x",
    ],
)
def test_nothing_else_is_mended(text: str) -> None:
    assert pesel_with_zeros(text) is PeselFault.LENGTH


@given(st.text(alphabet="0123456789", min_size=11, max_size=11))
def test_a_whole_pesel_is_read_as_it_is(digits: str) -> None:
    assert pesel_with_zeros(digits) == read_pesel(digits)


@pytest.mark.parametrize(
    ("text", "short"),
    [("8,30417E+10", True), ("8.3e10", True), ("6E+08", True), ("83041741039", False)],
)
def test_shortened_numbers_are_known(text: str, short: bool) -> None:
    assert is_shortened(text) is short


@pytest.mark.parametrize(
    "text",
    [
        "2026-01-31T12:00:00+01:00",
        "2026-01-31T11:00:00Z",
        "2026-01-31 12:00",
        "2026-01-31 12:00:00",
        "31.01.2026 12:00",
        "31.1.2026, 12:00:00",
        "31-01-2026 12:00",
        "2026-01-31",
        "31.01.2026",
    ],
)
def test_moments_as_spreadsheets_write_them(text: str) -> None:
    assert read_moment(text, NOON) == MOMENT


def test_an_hour_of_one_figure_is_read() -> None:
    assert read_moment("31.01.2026 9:00", NOON) == MOMENT - 3 * 3600


@pytest.mark.parametrize(
    "text", ["31/01/2026", "01/31/2026", "46053,5", "31.13.2026", "31.01.26", "wczoraj", "99999-01-01"]
)
def test_what_could_be_two_days_or_none_is_no_moment(text: str) -> None:
    assert read_moment(text, NOON) is None

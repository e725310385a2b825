"""The header of a file with customers, as people write it."""

import pytest

from poreka.provider.rules.customer_columns import OPTIONAL, POLISH, REQUIRED, column_of, header_fault


@pytest.mark.parametrize("column", REQUIRED + OPTIONAL)
def test_a_column_is_known_in_both_languages_in_any_case_with_and_without_its_letters(column: str) -> None:
    plain = str.maketrans("ąćęłńóśźż", "acelnoszz")
    for name in (column, *POLISH[column]):
        lower = name.lower()
        for written in (name, lower, name.upper(), lower.translate(plain), f" {name.replace(' ', '_')} "):
            assert column_of(written) == column, written


def test_no_name_means_two_columns() -> None:
    names = [name.lower() for column in POLISH for name in (column, *POLISH[column])]
    assert {column_of(name) for name in names} == set(REQUIRED + OPTIONAL)
    assert len({name: column_of(name) for name in names}) == len(set(names))
    assert column_of("") is column_of("hasło") is column_of("password") is None


@pytest.mark.parametrize(
    ("header", "said"),
    [
        (REQUIRED[1:], "the column number is missing (numer, numer klienta"),
        ((*REQUIRED, "Number"), "the column number comes twice"),
        ((*REQUIRED, "Numer klienta"), "the column number comes twice"),
        ((*REQUIRED, "=cmd|'/c calc'!A1"), f"column {len(REQUIRED) + 1} has a name that is none of ours"),
        ((*REQUIRED, "password"), f"column {len(REQUIRED) + 1} has a name that is none of ours"),
    ],
)
def test_what_is_wrong_with_a_header_is_said_without_its_names(header: tuple[str, ...], said: str) -> None:
    fault = header_fault(header)
    assert fault is not None
    assert fault.startswith(said)


def test_the_columns_may_stand_in_any_order() -> None:
    assert header_fault((*reversed(REQUIRED), *OPTIONAL)) is None

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poreka.rules.names import NameFault, normalise, read_name, same_name

polish = st.text(alphabet="AaĄąBbCcĆćEeĘęLlŁłNnŃńOoÓóSsŚśZzŹźŻż -", max_size=30)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Nowak-Zielińska", "NOWAK ZIELIŃSKA"),
        ("Nowak - Zielińska", "nowak-zielińska"),
        ("  Jan   Maria ", "JAN MARIA"),
        ("Nowak\u00a0Zielińska", "Nowak\u2013Zielińska"),
        (unicodedata.normalize("NFD", "Żółć"), unicodedata.normalize("NFC", "ŻÓŁĆ")),
    ],
)
def test_the_same_name_in_other_dress(one: str, other: str) -> None:
    assert same_name(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Łukasz", "Lukasz"),
        ("Żak", "Zak"),
        ("Żak", "Źak"),
        ("Nowak-Zielińska", "NowakZielińska"),
        ("Nowak-Zielińska", "Zielińska-Nowak"),
        ("Jan Maria", "Jan"),
        ("Kowalski", "Kowalska"),
        ("O'Neil", "ONeil"),
    ],
)
def test_other_names(one: str, other: str) -> None:
    assert not same_name(one, other)


@given(st.text())
def test_normalising_twice_changes_nothing(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


@given(polish)
def test_case_and_unicode_form_never_matter(name: str) -> None:
    for form in ("NFC", "NFD"):
        assert same_name(unicodedata.normalize(form, name.upper()), name.lower())


@given(polish, polish)
def test_equality_is_symmetric(one: str, other: str) -> None:
    assert same_name(one, other) == same_name(other, one)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("  Anna   Maria ", "Anna Maria"),
        ("O’Neil-Nowak jr.", "O’Neil-Nowak jr."),
        ("", NameFault.EMPTY),
        (" \t ", NameFault.EMPTY),
        ("1984", NameFault.CHARACTERS),
        ("<b>Jan</b>", NameFault.CHARACTERS),
        ("-", NameFault.CHARACTERS),
        ("x" * 81, NameFault.CHARACTERS),
    ],
)
def test_what_can_be_typed_as_a_name(typed: str, read: object) -> None:
    assert read_name(typed) == read

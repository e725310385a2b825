import unicodedata
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poreka.rules.people.names import NameFault, normalise, read_name, same_name
from poreka.shown_words import APOSTROPHES, DASHES

polish = st.text(alphabet="AaĄąBbCcĆćEeĘęLlŁłNnŃńOoÓóSsŚśZzŹźŻż -", max_size=30)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Nowak-Zielińska", "NOWAK ZIELIŃSKA"),
        ("Nowak - Zielińska", "nowak-zielińska"),
        ("  Jan   Maria ", "JAN MARIA"),
        ("Nowak\u00a0Zielińska", "Nowak\u2013Zielińska"),
        ("Nowak—Zielińska", "Nowak−Zielińska"),
        (unicodedata.normalize("NFD", "Żółć"), unicodedata.normalize("NFC", "ŻÓŁĆ")),
        ("O'Brien", "O’BRIEN"),
        ("D‘Angelo", "d`angelo"),
        ("Lukʼianenko", "Luk'ianenko"),
        ("Solovʼov", "Solov’ov"),
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
        ("Lukʼianenko", "Lukianenko"),
        ("D'Angelo", "D Angelo"),
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


names_as_written = st.text(alphabet=st.sampled_from("OBDżŁé -" + "".join(APOSTROPHES | DASHES)), max_size=20)


@given(names_as_written, st.randoms(use_true_random=False))
def test_any_sign_of_a_class_stands_for_every_other(name: str, random: Random) -> None:
    classes = [sorted(APOSTROPHES), sorted(DASHES)]
    other = "".join(next((random.choice(one) for one in classes if sign in one), sign) for sign in name)
    assert same_name(name, other)
    assert same_name(other, name)


@given(st.text())
def test_every_name_is_itself(name: str) -> None:
    assert same_name(name, name)


@given(names_as_written, names_as_written, names_as_written)
def test_whoever_equals_one_equals_what_it_equals(one: str, other: str, third: str) -> None:
    if same_name(one, other) and same_name(other, third):
        assert same_name(one, third)


@pytest.mark.parametrize("sign", sorted(APOSTROPHES | DASHES))
def test_what_is_compared_can_be_typed(sign: str) -> None:
    assert read_name(f"O{sign}Brien") == f"O{sign}Brien"


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

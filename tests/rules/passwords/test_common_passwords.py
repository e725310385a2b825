"""The forms in which a common password stays a common password, over a short list."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poreka.rules.passwords.common_passwords import ADDED, LONGEST_ADDED, as_letters, folded, is_common, keys_of

LISTED = ("password1234", "wiosna123456", "zaq12wsxcde3", "haslo1234567", "bezpieczenstwo", "1q2w3e4r5t6y")
KEYS = keys_of(LISTED)
WRITTEN_AS = {"o": "0", "i": "1!", "l": "1", "e": "3", "a": "4@", "s": "5$", "t": "7", "b": "8"}
SHIFTED = dict(zip("1234567890", "!@#$%^&*()", strict=True))
around = st.text(ADDED, max_size=LONGEST_ADDED)


@st.composite
def written_otherwise(draw: st.DrawFn) -> str:
    """A listed password with capitals and digits for letters where somebody thought of them."""
    letters = (draw(st.sampled_from((c, c.upper(), *WRITTEN_AS.get(c, "")))) for c in draw(st.sampled_from(LISTED)))
    return "".join(letters)


@st.composite
def typed_with_shift(draw: st.DrawFn) -> str:
    """A listed password with the Shift key held now and then."""
    letters = (draw(st.sampled_from((c, SHIFTED.get(c, c.upper())))) for c in draw(st.sampled_from(LISTED)))
    return "".join(letters)


@given(around, written_otherwise() | typed_with_shift(), around)
def test_no_way_of_writing_it_makes_a_common_password_another_one(before: str, password: str, behind: str) -> None:
    assert is_common(before + password + behind, KEYS)


@given(st.sampled_from(["password", "wiosna", "haslo", "bezpieczenstwo"]), st.integers(1, 4), around)
def test_a_common_word_is_common_however_often_and_with_whatever_behind(word: str, times: int, behind: str) -> None:
    assert is_common(word * times + behind, KEYS)


@given(st.text("abcdefghij0123456789", min_size=1, max_size=5), st.integers(2, 9))
def test_a_few_characters_again_and_again_are_common(unit: str, times: int) -> None:
    assert is_common(unit * times, frozenset())


@given(st.text(max_size=200))
def test_every_text_gets_an_answer_and_case_changes_none(text: str) -> None:
    assert folded(folded(text)) == folded(text)
    assert is_common(text[:100].casefold(), KEYS) == is_common(folded(text[:100].casefold()), KEYS)


@pytest.mark.parametrize(
    "password",
    ["Password123!", "Wiosna2026!!", "zaq1@WSXcde3", "P@ssw0rd2026", "Hasło-2026-!!!", "2026!Wiosna!", "h4sl0h4sl0-1"],
)
def test_what_passes_every_demand_for_signs_is_common_all_the_same(password: str) -> None:
    assert is_common(password, KEYS)


@pytest.mark.parametrize("password", ["abcdefghijkl", "ZYXWVUTSRQPO", "345678901234", "098765432109", "kot7kot7kot7"])
def test_what_anybody_could_continue_is_common_without_a_list(password: str) -> None:
    assert is_common(password, frozenset())


@pytest.mark.parametrize(
    "password", ["zielona tama nad rzeką", "x8K!pq2#Lm9z", "wiosna nad rzeką 26", "passkey or nothing"]
)
def test_what_merely_begins_like_a_common_one_is_not_common(password: str) -> None:
    assert not is_common(password, KEYS)


def test_what_looks_like_a_letter_is_that_letter() -> None:
    assert as_letters(folded("Ha5L0")) == as_letters("haslo")

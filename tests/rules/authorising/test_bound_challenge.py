"""A challenge is good for one purpose, one browser, one number, and a few minutes."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poreka.rules.authorising.bound_challenge import Bound, challenge_of, make_token, read_token

NOW, KEY = 1_800_000_000, b"k" * 32


def token(purpose: str = "approve:pz:r1:d1", browser: str = "b", key: bytes = KEY) -> str:
    return make_token(key, purpose, browser, drawn="drawn", expires_at=NOW + 60)


def read(text: str, purpose: str = "approve:pz:r1:d1", browser: str = "b", now: int = NOW) -> Bound | None:
    return read_token(KEY, text, purpose, browser, now)


def test_it_is_taken_back_for_what_it_was_given() -> None:
    bound = read(token())
    assert bound is not None
    assert bound.expires_at == NOW + 60
    assert bound.challenge("42") == challenge_of(token(), "42")


@pytest.mark.parametrize(
    ("purpose", "browser", "now"),
    [("approve:pz:r2:d1", "b", NOW), ("sign-in", "b", NOW), ("approve:pz:r1:d1", "other", NOW), ("", "", NOW)],
)
def test_it_is_not_taken_for_anything_else(purpose: str, browser: str, now: int) -> None:
    assert read(token(), purpose, browser, now) is None


def test_it_ends() -> None:
    assert read(token(), now=NOW + 59) is not None
    assert read(token(), now=NOW + 60) is None


@given(st.text(max_size=30), st.text(max_size=30))
def test_a_token_is_taken_with_the_words_that_were_shown_and_no_others(shown: str, other: str) -> None:
    made = make_token(KEY, "approve:pz:r1:d1", "b", drawn="drawn", expires_at=NOW + 60, words=shown)
    taken = read_token(KEY, made, "approve:pz:r1:d1", "b", NOW, other)
    assert (taken is not None) == (shown == other)
    if shown:
        assert made.split(".")[1].endswith(hashlib.sha256(shown.encode()).hexdigest())


def test_a_life_that_somebody_lengthened_is_none() -> None:
    ends, drawn, seal = token().split(".")
    assert read(f"{int(ends) + 60}.{drawn}.{seal}") is None
    assert read(token(key=b"x" * 32)) is None


@given(st.text())
def test_nonsense_is_no_token(text: str) -> None:
    assert read(text) is None


@given(st.text(max_size=20), st.text(max_size=20), st.sampled_from("0123456789"))
def test_another_number_is_another_challenge(one: str, other: str, digit: str) -> None:
    assert (challenge_of(one, digit) == challenge_of(other, digit)) == (one == other)
    assert challenge_of(one, digit) != challenge_of(one, digit * 2)

from hypothesis import given
from hypothesis import strategies as st

from poreka.rules.anothers_word import (
    LONGEST_METHOD,
    MOST_METHODS,
    WORD_LIFE,
    age_to_ask,
    methods_restated,
    methods_told,
    time_told,
    word_holds,
)
from poreka.rules.clocks import CLOCKS_DIFFER_BY
from poreka.rules.levels import Factor

NOW = 1_790_000_000
moments = st.integers(0, NOW)
own_factors = st.lists(st.sampled_from([one for one in Factor if one is not Factor.VOUCHED]), max_size=3)


@given(st.none() | st.integers(0, 2 * NOW))
def test_a_sign_in_is_never_newer_than_it_was_told(auth_time: int | None) -> None:
    told = time_told(auth_time, NOW)
    assert told <= NOW
    assert told <= (auth_time or 0)


@given(st.lists(st.text(max_size=40), max_size=40), own_factors)
def test_no_method_is_told_that_nobody_told_or_used(amr: list[str], factors: list[Factor]) -> None:
    told = methods_told(amr)
    assert set(told) <= set(amr)
    assert len(told) <= MOST_METHODS
    assert all(len(one) <= LONGEST_METHOD and one.isprintable() for one in told)
    restated = methods_restated(told, [Factor.VOUCHED])
    assert restated == sorted(told), "that somebody else vouched is no method by itself"
    assert set(told) <= set(methods_restated(told, [Factor.VOUCHED, *factors]))


@given(since=moments, later=st.integers(0, 3600), tolerance=st.integers(0, 60))
def test_whatever_answers_the_question_put_on_answers_the_one_put_to_us(since: int, later: int, tolerance: int) -> None:
    """The provider is asked `later`; what it may rightly answer with, clocks apart, is not older than asked."""
    asked_at = since + later
    age = age_to_ask(anew=False, since=since, now=asked_at, longest=8 * 3600, tolerance=tolerance) if since else None
    if age:
        assert asked_at - age - tolerance >= since


@given(since=moments, now=moments)
def test_a_wish_for_a_new_sign_in_goes_on_as_one(since: int, now: int) -> None:
    assert age_to_ask(anew=True, since=since, now=now, longest=8 * 3600, tolerance=10) == 0


def test_without_a_wish_a_sign_in_may_be_as_old_as_a_session_of_ours() -> None:
    assert age_to_ask(anew=False, since=0, now=NOW, longest=28800, tolerance=10) == 28800


@given(st.integers(-2 * CLOCKS_DIFFER_BY, 2 * WORD_LIFE))
def test_a_word_holds_for_five_minutes(age: int) -> None:
    assert word_holds(NOW - age, NOW) == (-CLOCKS_DIFFER_BY <= age < WORD_LIFE)

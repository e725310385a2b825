from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from poreka.rules.limits.attempts import (
    CODES_LOCK,
    LOCK,
    LOCKED_AT,
    LOOKED_AT_WITHIN,
    Allowed,
    Attempts,
    Locked,
    Slowed,
    after_failure,
    may_try,
    reserved,
)


def fail(times: int) -> tuple[Attempts, int]:
    """So many failures, each tried as soon as it may be."""
    attempts, now = Attempts(), 1000
    for _ in range(times):
        now = max(now, attempts.not_before)
        attempts = after_failure(attempts, now)
    return attempts, now


def test_two_mistakes_cost_nothing() -> None:
    for times in (0, 1, 2):
        attempts, now = fail(times)
        assert may_try(attempts, now) == Allowed()


def test_waits_grow_from_the_third_to_half_a_minute() -> None:
    waits = []
    for times in range(3, 10):
        attempts, now = fail(times)
        slowed = may_try(attempts, now)
        assert isinstance(slowed, Slowed)
        waits.append(slowed.seconds)
        assert may_try(attempts, now + slowed.seconds) == Allowed()
    assert waits == [1, 2, 4, 8, 16, 30, 30]


def test_the_tenth_locks_for_a_quarter_of_an_hour_and_then_ten_more_are_allowed() -> None:
    attempts, now = fail(10)
    assert may_try(attempts, now) == Locked(900)
    assert may_try(attempts, now + 899) == Locked(1)
    assert may_try(attempts, now + 900) == Allowed()
    again = after_failure(attempts, now + 900)
    assert may_try(again, now + 900) == Allowed()
    assert may_try(fail(20)[0], fail(20)[1]) == Locked(900)


def test_after_a_hundred_in_a_row_one_a_day_is_allowed() -> None:
    for times in (100, 101, 109, 110, 150):
        attempts, now = fail(times)
        assert may_try(attempts, now) == Locked(86_400)
        assert may_try(attempts, now + 86_400) == Allowed()


def test_while_a_try_is_looked_at_no_other_is_and_nothing_is_counted() -> None:
    for times in (0, 2, 5):
        attempts, now = fail(times)
        now = max(now, attempts.not_before)
        held = reserved(attempts, now)
        assert held.failures == attempts.failures
        assert isinstance(may_try(held, now), Slowed)
        assert may_try(held, now + LOOKED_AT_WITHIN) == Allowed()


@given(st.lists(st.integers(0, 7 * 24 * 3600), max_size=400))
def test_no_patience_gets_more_than_a_hundred_and_then_one_a_day(pauses: list[int]) -> None:
    attempts, now, tries = Attempts(), 0, list[int]()
    for pause in pauses:
        now += pause
        if may_try(attempts, now) == Allowed():
            attempts = after_failure(attempts, now)
            tries.append(now)
    later = tries[99:]
    assert all(after - before >= 86_400 for before, after in pairwise(later))


@given(st.lists(st.integers(0, 400), max_size=200))
def test_no_timing_of_guesses_gets_more_than_ten_in_a_quarter_of_an_hour(pauses: list[int]) -> None:
    attempts, now = Attempts(), 0
    tried: list[int] = []
    for pause in pauses:
        now += pause
        if may_try(attempts, now) == Allowed():
            tried.append(now)
            attempts = after_failure(attempts, now)
    for first, eleventh in zip(tried, tried[LOCKED_AT:], strict=False):
        assert eleventh - first >= LOCK


def test_codes_are_locked_for_a_day_by_the_tenth() -> None:
    attempts = Attempts(failures=9)
    assert may_try(after_failure(attempts, 1000, CODES_LOCK), 1000) == Locked(24 * 60 * 60)
    assert after_failure(Attempts(), 1000, CODES_LOCK) == Attempts(failures=1, not_before=1000)

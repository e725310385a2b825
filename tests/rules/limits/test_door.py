"""The rule of the door: nobody is turned away without need, and no more are let in than can be served."""

from hypothesis import given
from hypothesis import strategies as st

from poreka.rules.limits.door import (
    LATEST,
    PUSHED_AT_LEAST,
    SLOWEST,
    SOONEST,
    WAITING,
    come_back,
    fair_share,
    next_rate,
    pushes_taken,
)

rates = st.floats(min_value=0, max_value=10_000)
overloads = st.floats(min_value=0, max_value=1_000)


@given(overloads.filter(lambda one: one < 1), rates, rates, st.integers(0, 10_000))
def test_an_open_door_stays_open_while_all_is_bearable(
    overload: float, finished: float, admitted: float, refused: int
) -> None:
    assert next_rate(None, overload=overload, finished=finished, admitted=admitted, refused=refused) is None


def test_at_what_is_bearable_as_many_come_in_as_are_finished() -> None:
    assert next_rate(50, overload=1, finished=26, admitted=80, refused=9) == 26
    assert next_rate(20, overload=0.8, finished=26, admitted=20, refused=9) > 26


def test_where_no_passwords_are_checked_the_newcomers_themselves_are_the_measure() -> None:
    assert next_rate(None, overload=2, finished=0, admitted=80, refused=0) == 40


def test_an_idle_door_is_lifted_only_when_nobody_was_turned_away() -> None:
    assert next_rate(26, overload=0.1, finished=10, admitted=10, refused=0) is None
    assert next_rate(26, overload=0.1, finished=10, admitted=10, refused=1) is not None


@given(st.none() | rates, overloads, rates, rates, st.integers(0, 10_000))
def test_somebody_is_always_let_in(
    rate: float | None, overload: float, finished: float, admitted: float, refused: int
) -> None:
    next_one = next_rate(rate, overload=overload, finished=finished, admitted=admitted, refused=refused)
    assert next_one is None or next_one >= SLOWEST


@given(overloads, overloads, rates, rates)
def test_more_to_do_never_lets_more_in(one: float, other: float, finished: float, admitted: float) -> None:
    quieter, busier = (
        next_rate(5, overload=overload, finished=finished, admitted=admitted, refused=1)
        for overload in sorted((one, other))
    )
    assert quieter is not None
    assert busier is not None
    assert busier <= quieter


@given(st.lists(rates, max_size=20), rates)
def test_all_together_have_no_more_than_there_is(demands: list[float], capacity: float) -> None:
    share = fair_share(demands, capacity)
    assert sum(min(demand, share) for demand in demands) <= capacity * (1 + 1e-9) + 1e-6


@given(st.lists(rates, min_size=1, max_size=20), rates)
def test_nothing_is_kept_back_from_whoever_wants_more(demands: list[float], capacity: float) -> None:
    share = fair_share(demands, capacity)
    given_out = sum(min(demand, share) for demand in demands)
    assert given_out >= min(sum(demands), capacity) * (1 - 1e-9) - 1e-6


def test_at_a_busy_door_as_many_are_pushed_as_are_let_in_and_at_an_idle_one_more() -> None:
    assert pushes_taken(20, share=1, waiting=WAITING) == 20
    assert pushes_taken(20, share=0.5, waiting=WAITING) == 10
    assert pushes_taken(20, share=1, waiting=0) == 25


@given(rates, st.floats(min_value=0, max_value=1), rates)
def test_nearly_as_many_are_pushed_as_are_let_in_whoever_crowds_the_door(
    rate: float, share: float, waiting: float
) -> None:
    taken = pushes_taken(rate, share=share, waiting=waiting)
    assert taken >= max(SLOWEST, PUSHED_AT_LEAST * rate * share * (1 - 1e-9))
    assert taken <= max(SLOWEST, 1.25 * rate * share * (1 + 1e-9))


def test_a_small_service_is_served_whole_beside_a_crowd() -> None:
    assert fair_share([1000, 2], 10) == 8


def test_the_more_ask_for_each_who_is_let_in_the_later_they_come_back() -> None:
    assert come_back(0, 0) == come_back(30, 10) == (5, 15)
    assert come_back(100, 10) == (10, 30)
    assert come_back(1000, 10) == (20, 60)


@given(st.integers(0, 10_000), st.integers(0, 10_000), st.integers(0, 1_000))
def test_nobody_comes_back_at_once_or_all_at_one_moment_or_after_a_minute(asked: int, admitted: int, more: int) -> None:
    soonest, latest = come_back(asked, admitted)
    assert SOONEST <= soonest <= latest / 3 + 1
    assert latest <= LATEST
    assert come_back(asked + more, admitted)[1] >= latest

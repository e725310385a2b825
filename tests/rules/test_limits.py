"""Limits: no more in a window than it says, nothing of one window counts in the next, and what was right comes back."""

from hypothesis import given
from hypothesis import strategies as st

from poreka.rules.limits.limits import (
    Counted,
    Exceeded,
    Limit,
    Limits,
    Per,
    Purpose,
    after_one,
    given_back,
    in_force,
    window_end,
)

LIMITS = st.builds(Limit, st.integers(1, 6), st.integers(1, 100))
GAPS = st.lists(st.integers(0, 150), max_size=80)


@given(LIMITS, GAPS)
def test_no_window_has_more_than_its_limit_and_no_stretch_of_its_length_more_than_twice(
    limit: Limit, gaps: list[int]
) -> None:
    now, counted, allowed = 1_800_000_000, Counted(), []
    for gap in gaps:
        now += gap
        after = after_one(counted, limit, now)
        if isinstance(after, Counted):
            counted = after
            allowed.append(now)
    for at in allowed:
        assert sum(window_end(limit, one) == window_end(limit, at) for one in allowed) <= limit.most
        assert sum(at <= one < at + limit.seconds for one in allowed) <= 2 * limit.most


@given(LIMITS, GAPS)
def test_whoever_comes_back_when_told_is_allowed(limit: Limit, gaps: list[int]) -> None:
    now, counted = 1_800_000_000, Counted()
    for gap in gaps:
        now += gap
        after = after_one(counted, limit, now)
        if isinstance(after, Exceeded):
            assert 1 <= after.seconds <= limit.seconds
            assert isinstance(after_one(counted, limit, now + after.seconds - 1), Exceeded)
            assert isinstance(after_one(counted, limit, now + after.seconds), Counted)
        else:
            counted = after


@given(LIMITS, st.integers(0, 5), st.integers(0, 10**6))
def test_what_is_given_back_may_be_used_again(limit: Limit, number: int, now: int) -> None:
    counted = Counted()
    while isinstance(after := after_one(counted, limit, now), Counted):
        counted = after
    assert counted.used == limit.most
    left = given_back(counted, number, now)
    assert left.used == max(limit.most - number, 0)
    assert isinstance(after_one(left, limit, now), Counted) == (number > 0)
    assert in_force(given_back(counted, number, counted.ends_at), counted.ends_at) == Counted()


def test_every_limit_is_of_one_purpose_and_names_whom_it_counts() -> None:
    limits, found = Limits(), []
    for purpose in Purpose:
        for per in Per:
            try:
                found.append(limits.of(purpose, per))
            except KeyError:
                continue
    assert len(found) == len(limits.__struct_fields__)
    assert all(limits.of(purpose, Per.NETWORK).most >= 100 for purpose in (Purpose.PASSWORD, Purpose.CODE))
    for purpose in (Purpose.PASSWORD, Purpose.CODE):
        assert limits.of(purpose, Per.BROWSER).most < limits.of(purpose, Per.NETWORK).most

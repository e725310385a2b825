"""Limits: whom they count, and how windows follow one another; `tests/store/test_limit_counts.py` counts in them."""

from hypothesis import given
from hypothesis import strategies as st

from poreka.rules.limits.limits import Limit, Limits, Per, Purpose, window_end

LIMITS = st.builds(Limit, st.integers(1, 6), st.integers(1, 100))
NOW = st.integers(0, 2_000_000_000)


@given(LIMITS, NOW)
def test_a_window_ends_within_its_length_and_the_next_begins_there(limit: Limit, now: int) -> None:
    end = window_end(limit, now)
    assert 1 <= end - now <= limit.seconds
    assert window_end(limit, end - 1) == end
    assert window_end(limit, end) == end + limit.seconds


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

"""Starting worker processes again: pauses grow, never end, and begin anew."""

from hypothesis import given
from hypothesis import strategies as st

from poreka.rules.limits.restarts import FIRST_PAUSE, LONGEST_PAUSE, SETTLED_AFTER, Restarts, after_end

times = st.floats(min_value=0, max_value=1e9)


def test_pauses_double_up_to_half_a_minute() -> None:
    restarts, pauses = Restarts(), []
    for _ in range(7):
        restarts = after_end(restarts, started_at=100, now=100)
        pauses.append(restarts.not_before - 100)
    assert pauses == [1, 2, 4, 8, 16, 30, 30]


def test_who_served_a_minute_begins_anew() -> None:
    restarts = Restarts(in_a_row=6)
    assert after_end(restarts, started_at=0, now=SETTLED_AFTER) == Restarts(1, SETTLED_AFTER + FIRST_PAUSE)


@given(st.integers(0, 10**6), times, times)
def test_a_worker_is_always_started_again_and_never_at_once(in_a_row: int, started_at: float, now: float) -> None:
    pause = after_end(Restarts(in_a_row), min(started_at, now), now).not_before - now
    assert FIRST_PAUSE - 1e-6 <= pause <= LONGEST_PAUSE + 1e-6

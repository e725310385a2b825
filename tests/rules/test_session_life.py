import pytest
from hypothesis import given
from hypothesis import strategies as st

from poreka.rules.session_life import (
    BANK_LIMITS,
    PORTAL_LIMITS,
    SessionState,
    SessionTimes,
    is_alive,
    minutes_left,
    seconds_left,
    session_state,
    should_write,
)

T0 = 1_760_000_000
FRESH = SessionTimes(started_at=T0, active_at=T0)
times = st.builds(
    lambda start, active: SessionTimes(started_at=start, active_at=start + active),
    st.integers(0, 10**6),
    st.integers(0, 40_000),
)


@pytest.mark.parametrize(
    ("after", "state", "minutes"),
    [
        (0, SessionState.ALIVE, 15),
        (1, SessionState.ALIVE, 15),
        (60, SessionState.ALIVE, 14),
        (779, SessionState.ALIVE, 3),
        (780, SessionState.ENDS_SOON, 2),
        (899, SessionState.ENDS_SOON, 1),
        (900, SessionState.IDLED_OUT, 0),
    ],
)
def test_fifteen_idle_minutes_at_the_portal(after: int, state: SessionState, minutes: int) -> None:
    assert session_state(FRESH, PORTAL_LIMITS, T0 + after) is state
    assert minutes_left(FRESH, PORTAL_LIMITS, T0 + after) == minutes


def test_ten_at_the_bank() -> None:
    assert is_alive(FRESH, BANK_LIMITS, T0 + 599)
    assert not is_alive(FRESH, BANK_LIMITS, T0 + 600)


def test_eight_hours_in_all_however_active() -> None:
    end = T0 + 8 * 60 * 60
    busy = SessionTimes(started_at=T0, active_at=end - 10)
    assert session_state(busy, PORTAL_LIMITS, end - 60) is SessionState.ENDS_SOON
    assert session_state(busy, PORTAL_LIMITS, end) is SessionState.LIVED_OUT
    assert seconds_left(busy, PORTAL_LIMITS, end - 1) == 1


def test_activity_is_written_at_most_once_a_minute() -> None:
    assert not should_write(FRESH, PORTAL_LIMITS, T0 + 59)
    assert should_write(FRESH, PORTAL_LIMITS, T0 + 60)


@given(times, st.integers(0, 10**6 + 80_000))
def test_all_answers_agree(some: SessionTimes, now: int) -> None:
    state = session_state(some, PORTAL_LIMITS, now)
    alive = state in {SessionState.ALIVE, SessionState.ENDS_SOON}
    assert alive == is_alive(some, PORTAL_LIMITS, now) == (minutes_left(some, PORTAL_LIMITS, now) > 0)

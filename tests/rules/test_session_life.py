import pytest
from hypothesis import given
from hypothesis import strategies as st

from poreka.rules.session_life import SessionLimits, SessionTimes, is_alive, seconds_left, should_write

PORTAL, BANK = SessionLimits(idle=15 * 60), SessionLimits(idle=10 * 60)
T0 = 1_760_000_000
FRESH = SessionTimes(started_at=T0, active_at=T0)
times = st.builds(
    lambda start, active: SessionTimes(started_at=start, active_at=start + active),
    st.integers(0, 10**6),
    st.integers(0, 40_000),
)


@pytest.mark.parametrize(
    ("after", "left"),
    [(0, 900), (1, 899), (60, 840), (779, 121), (899, 1), (900, 0), (901, 0)],
)
def test_fifteen_idle_minutes_at_the_portal(after: int, left: int) -> None:
    assert seconds_left(FRESH, PORTAL, T0 + after) == left
    assert is_alive(FRESH, PORTAL, T0 + after) == (left > 0)


def test_ten_at_the_bank() -> None:
    assert is_alive(FRESH, BANK, T0 + 599)
    assert not is_alive(FRESH, BANK, T0 + 600)


def test_eight_hours_in_all_however_active() -> None:
    end = T0 + 8 * 60 * 60
    busy = SessionTimes(started_at=T0, active_at=end - 10)
    assert seconds_left(busy, PORTAL, end - 60) == 60
    assert seconds_left(busy, PORTAL, end - 1) == 1
    assert not is_alive(busy, PORTAL, end)


def test_activity_is_written_at_most_once_a_minute() -> None:
    assert not should_write(FRESH, PORTAL, T0 + 59)
    assert should_write(FRESH, PORTAL, T0 + 60)


@given(times, st.integers(0, 10**6 + 80_000))
def test_a_session_lives_exactly_as_long_as_seconds_are_left(some: SessionTimes, now: int) -> None:
    left = seconds_left(some, PORTAL, now)
    assert is_alive(some, PORTAL, now) == (left > 0)
    assert not is_alive(some, PORTAL, now + left)
    assert left <= PORTAL.idle or now < some.active_at

"""How many passkeys, after which sign-in, and that a key says of itself what it said when it was made."""

from hypothesis import given
from hypothesis import strategies as st

from poreka.rules.passkeys import MOST, PROVEN_FOR, flags_fit, has_room, is_fresh


def test_there_is_room_for_ten() -> None:
    assert has_room(MOST - 1)
    assert not has_room(MOST)


@given(st.integers(0, 2**40), st.integers(-10_000, 10_000))
def test_a_sign_in_is_fresh_for_ten_minutes_and_never_before_it_was(proven_at: int, later: int) -> None:
    assert is_fresh(proven_at, proven_at + later) == (0 <= later <= PROVEN_FOR)


def test_backup_flags_are_those_of_the_key() -> None:
    fitting = {
        (may, says_may, says_synced)
        for may in (False, True)
        for says_may in (False, True)
        for says_synced in (False, True)
        if flags_fit(may_sync=may, says_may_sync=says_may, says_synced=says_synced)
    }
    assert fitting == {(False, False, False), (True, True, False), (True, True, True)}

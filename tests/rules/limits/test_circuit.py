from hypothesis import example, given
from hypothesis import strategies as st

from poreka.outgoing.breaker import (
    FAILURES,
    REST,
    TRIAL,
    Barred,
    Circuit,
    Closed,
    Open,
    Trying,
    after_failure,
    after_success,
    passing,
)


def broken(now: float = 0.0) -> Circuit:
    circuit: Circuit = Closed()
    for _ in range(FAILURES):
        circuit = after_failure(circuit, now)
    return circuit


def test_it_opens_after_some_failures_in_a_row_and_not_before() -> None:
    circuit: Circuit = Closed()
    for _ in range(FAILURES - 1):
        circuit = after_failure(circuit, 0)
        assert passing(circuit, 0) == circuit
    assert after_success(circuit) == Closed()
    assert after_failure(circuit, 0) == Open(REST)


def test_an_open_one_bars_and_says_how_long() -> None:
    assert passing(broken(), REST / 2) == Barred(int(REST / 2))
    assert passing(broken(), REST - 0.01) == Barred(1)


def test_one_call_is_tried_and_decides() -> None:
    trying = passing(broken(), REST)
    assert trying == Trying(REST + TRIAL)
    assert isinstance(trying, Trying)
    assert isinstance(passing(trying, REST + 1), Barred)
    assert after_success(trying) == Closed()
    assert after_failure(trying, REST + 1) == Open(REST + 1 + REST)


def test_a_trial_that_is_never_heard_of_again_is_followed_by_another() -> None:
    trying = passing(broken(), REST)
    assert isinstance(trying, Trying)
    assert passing(trying, trying.until) == Trying(trying.until + TRIAL)


def test_calls_that_were_on_their_way_when_it_opened_change_nothing() -> None:
    assert after_success(broken()) == broken()
    assert after_failure(broken(), 5) == broken()


@example(
    [
        (pause, False)
        for pause in (1.456872810146928, 1.3869677189528935, 2.25, 2.7533344703230336, 0.386541879115054, 0)
    ]
)
@given(st.lists(st.tuples(st.floats(0, 3), st.booleans()), max_size=200))
def test_a_dead_peer_is_asked_rarely_and_a_living_one_soon(steps: list[tuple[float, bool]]) -> None:
    """While all calls fail, after the first few there is one call in each rest; a success lets calls pass again."""
    circuit: Circuit = Closed()
    now, failed_in_a_row, last_failure = 0.0, 0, 0.0
    for pause, alive in steps:
        now += pause
        asked = passing(circuit, now)
        if isinstance(asked, Barred):
            assert failed_in_a_row >= FAILURES
            assert 1 <= asked.seconds <= max(REST, TRIAL)
            continue
        assert failed_in_a_row < FAILURES or now >= last_failure + REST
        circuit = after_success(asked) if alive else after_failure(asked, now)
        failed_in_a_row, last_failure = (0, 0.0) if alive else (failed_in_a_row + 1, now)
        assert not alive or circuit == Closed()

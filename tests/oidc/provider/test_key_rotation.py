from typing import Literal

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from poreka.oidc.lasting.key_rotation import (
    DAY,
    MakeKey,
    Promote,
    Remove,
    Retire,
    RotatingKey,
    Step,
    plan,
)

CURRENT = RotatingKey(kid="a", algorithm="ES256", state="current", since=0)
COMING = RotatingKey(kid="b", algorithm="ES256", state="next", since=89 * DAY)


def test_the_first_key_is_made_current_at_once() -> None:
    assert plan((), "ES256", 0) == (MakeKey("ES256", "current"),)


def test_a_next_key_steps_in_where_there_is_no_current_one() -> None:
    assert plan((COMING,), "ES256", 0) == (Promote("b"),)


def test_the_next_key_is_published_a_day_ahead_and_then_takes_over() -> None:
    assert plan((CURRENT,), "ES256", 89 * DAY - 1) == ()
    assert plan((CURRENT,), "ES256", 89 * DAY) == (MakeKey("ES256", "next"),)
    assert plan((CURRENT, COMING), "ES256", 90 * DAY - 1) == ()
    assert plan((CURRENT, COMING), "ES256", 90 * DAY) == (Retire("a"), Promote("b"))


def test_a_next_key_published_late_still_waits_its_day() -> None:
    late = RotatingKey(kid="b", algorithm="ES256", state="next", since=100 * DAY)
    assert plan((CURRENT, late), "ES256", 101 * DAY - 1) == ()


def test_a_retired_key_is_removed_when_its_last_token_has_died() -> None:
    retired = RotatingKey(kid="c", algorithm="ES256", state="retired", since=0)
    fresh = RotatingKey(kid="a", algorithm="ES256", state="current", since=DAY)
    assert plan((retired, fresh), "ES256", DAY - 1) == ()
    assert plan((retired, fresh), "ES256", DAY) == (Remove("c"),)
    assert plan((retired, fresh), "EdDSA", DAY) == (MakeKey("EdDSA", "current"),)


def carried_out(keys: tuple[RotatingKey, ...], step: Step, now: int, new_kid: str) -> tuple[RotatingKey, ...]:
    """The keys after a step, as `running/key_ring.py` does it to the stored ones."""
    match step:
        case MakeKey(algorithm, made):
            return (*keys, RotatingKey(kid=new_kid, algorithm=algorithm, state=made, since=now))
        case Remove(kid):
            return tuple(key for key in keys if key.kid != kid)
        case Promote(kid) | Retire(kid):
            state: Literal["current", "retired"] = "current" if isinstance(step, Promote) else "retired"
            moved = {"state": state, "since": now}
            return tuple(msgspec.structs.replace(key, **moved) if key.kid == kid else key for key in keys)


@given(st.lists(st.sampled_from([1, DAY - 1, DAY, 30 * DAY, 89 * DAY, 90 * DAY]), max_size=30))
def test_at_any_pace_one_key_signs_and_it_was_published_a_day_before(pauses: list[int]) -> None:
    keys: tuple[RotatingKey, ...] = ()
    first_seen: dict[str, int] = {}
    now = made = 0
    for pause in [0, *pauses]:
        now += pause
        for step in plan(keys, "ES256", now):
            made += isinstance(step, MakeKey)
            keys = carried_out(keys, step, now, f"k{made}")
        for key in keys:
            first_seen.setdefault(key.kid, now)
        (signing,) = [key.kid for key in keys if key.state == "current"]
        assert signing == "k1" or now - first_seen[signing] >= DAY

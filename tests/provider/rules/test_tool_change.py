import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from poreka.provider.rules.tool_change import (
    ChangeEnded,
    ToolChange,
    may_change,
    open_operation_id,
    stands_at,
    tool_asked,
    with_operation,
)
from poreka.rules.authorising.operation import OperationState
from poreka.rules.authorising.tools import Readiness, Tool
from poreka.rules.journey import Step

NOW = 1_760_000_000
BEGUN = ToolChange(person_id="jan", old=Tool.SMS, new=Tool.PUSH, expires_at=NOW + 1800)
DONE = OperationState.AUTHORISED


def step_of(state: ToolChange, now: int = NOW) -> str:
    stands = stands_at(state, now)
    return stands.name if isinstance(stands, Step) else stands.value


def test_the_old_tool_first_then_the_new_one_then_the_change() -> None:
    assert (step_of(BEGUN), tool_asked(BEGUN)) == ("authorised_with_the_old", Tool.SMS)
    old = with_operation(BEGUN, "o1", DONE)
    assert (step_of(old), tool_asked(old), open_operation_id(old)) == ("confirmed_on_the_new", Tool.PUSH, None)
    new = with_operation(old, "o2", DONE)
    assert (step_of(new), new.old_operation_id, new.new_operation_id) == ("changed", "o1", "o2")
    assert step_of(msgspec.structs.replace(new, changed_at=NOW)) == "changed"
    assert stands_at(msgspec.structs.replace(new, changed_at=NOW), NOW + 9999) is ChangeEnded.CHANGED


def test_without_a_tool_that_is_left_only_the_new_one_is_asked() -> None:
    lost = msgspec.structs.replace(BEGUN, old=None)
    assert (step_of(lost), tool_asked(lost)) == ("confirmed_on_the_new", Tool.PUSH)


@pytest.mark.parametrize(
    ("state", "ended"),
    [
        (OperationState.FAILED, ChangeEnded.ABORTED),
        (OperationState.CANCELLED, ChangeEnded.CANCELLED),
    ],
)
def test_an_operation_that_came_to_nothing_ends_the_change(state: OperationState, ended: ChangeEnded) -> None:
    assert stands_at(with_operation(BEGUN, "o1", state), NOW) is ended
    assert stands_at(with_operation(with_operation(BEGUN, "o1", DONE), "o2", state), NOW) is ended


def test_a_change_that_is_late_or_given_up_goes_no_further() -> None:
    assert stands_at(BEGUN, NOW + 1800) is ChangeEnded.EXPIRED
    assert stands_at(msgspec.structs.replace(BEGUN, cancelled=True), NOW) is ChangeEnded.CANCELLED


states = st.builds(
    ToolChange,
    person_id=st.just("jan"),
    old=st.none() | st.sampled_from(Tool),
    new=st.sampled_from(Tool),
    expires_at=st.just(NOW + 1800),
    cancelled=st.booleans(),
    old_operation=st.none() | st.sampled_from(OperationState),
    new_operation=st.none() | st.sampled_from(OperationState),
)


@given(states, st.integers(NOW, NOW + 3600))
def test_nothing_is_about_to_change_without_every_answer(state: ToolChange, now: int) -> None:
    if step_of(state, now) == "changed":
        assert state.new_operation is DONE
        assert state.old is None or state.old_operation is DONE


@given(st.sampled_from(Readiness), st.sampled_from(Readiness))
def test_only_a_tool_that_is_ready_or_vouched_for_takes_another_s_place(old: Readiness, new: Readiness) -> None:
    allowed = may_change(old, new)
    assert not (allowed and new in (Readiness.BLOCKED, Readiness.MISSING))
    assert not (allowed and new is Readiness.WAITS and old is not Readiness.READY)
    assert allowed or new is not Readiness.READY

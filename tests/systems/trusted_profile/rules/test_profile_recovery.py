"""The playbook of a forgotten password at the trusted profile: every row of the table, and every way it ends (T3)."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from poreka.rules.authorising.operation import OperationState
from poreka.systems.trusted_profile.rules.recovery import STEPS, ProfileRecoveryEnded, ProfileRecoveryState, stands_at

NOW = 1_800_000_000
ASKED = ProfileRecoveryState(expires_at=NOW + 1800, account="a-1", operation_id="op", operation=OperationState.ISSUED)


def with_(state: ProfileRecoveryState, **changes: object) -> ProfileRecoveryState:
    return msgspec.structs.replace(state, **changes)  # type: ignore[no-any-return]


def where(state: ProfileRecoveryState, now: int = NOW) -> str | ProfileRecoveryEnded:
    stands = stands_at(state, now)
    return stands if isinstance(stands, ProfileRecoveryEnded) else stands.name


def test_every_row_in_its_order() -> None:
    at_tool = with_(ASKED, operation=OperationState.AUTHORISED)
    at_password = with_(at_tool, tool_journey="t", tool_answered=True)
    changed = with_(at_password, changed_at=NOW)
    played = [where(state) for state in (ASKED, at_tool, at_password)]
    assert played == [step.name for step in STEPS] == ["email", "tool", "new_password"]
    assert where(changed, NOW + 9999) is ProfileRecoveryEnded.CHANGED


@given(st.sampled_from(OperationState), st.booleans(), st.booleans(), st.integers(NOW - 10, NOW + 3600))
def test_nobody_without_both_proofs_gets_to_a_new_password(
    operation: OperationState, answered: bool, barred: bool, now: int
) -> None:
    state = with_(ASKED, operation=operation, tool_answered=answered, barred=barred)
    if where(state, now) == "new_password":
        assert operation is OperationState.AUTHORISED
        assert answered
        assert not barred
        assert now < state.expires_at


@given(st.sampled_from(OperationState), st.booleans(), st.integers(NOW - 10, NOW + 3600))
def test_an_unknown_name_looks_the_same(operation: OperationState, barred: bool, now: int) -> None:
    known = with_(ASKED, operation=operation, barred=barred)
    unknown = with_(known, account=None)
    assert where(unknown, now) not in ("tool", "new_password", ProfileRecoveryEnded.TOO_NEW)
    if operation is not OperationState.AUTHORISED:
        assert where(unknown, now) == where(known, now)


@pytest.mark.parametrize(
    ("changes", "ended"),
    [
        ({"operation": OperationState.FAILED}, ProfileRecoveryEnded.ABORTED),
        ({"operation": OperationState.EXPIRED}, ProfileRecoveryEnded.EXPIRED),
        ({"operation": OperationState.AUTHORISED, "barred": True}, ProfileRecoveryEnded.TOO_NEW),
        ({"operation": OperationState.ISSUED, "barred": True}, "email"),
    ],
)
def test_ends(changes: dict[str, object], ended: object) -> None:
    assert where(with_(ASKED, **changes)) == ended


def test_time_runs_out_at_every_step() -> None:
    for changes in ({}, {"operation": OperationState.AUTHORISED}, {"tool_answered": True}):
        assert where(with_(ASKED, **changes), NOW + 1800) is ProfileRecoveryEnded.EXPIRED

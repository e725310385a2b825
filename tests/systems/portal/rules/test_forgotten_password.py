import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from poreka.rules.authorising.operation import OperationState
from poreka.systems.portal.rules.forgotten_password import ForgottenPasswordState, RecoveryEnded, stands_at

NOW = 1_760_000_000
STARTED = ForgottenPasswordState(expires_at=NOW + 1800)
REQUESTED = msgspec.structs.replace(
    STARTED, requested=True, account="a-1", operation_id="op", operation=OperationState.ISSUED
)


def where(state: ForgottenPasswordState, now: int = NOW) -> str | RecoveryEnded:
    stands = stands_at(state, now)
    return stands if isinstance(stands, RecoveryEnded) else stands.name


def test_request_then_code_then_new_password() -> None:
    assert where(STARTED) == "request"
    assert where(REQUESTED) == "code"
    confirmed = msgspec.structs.replace(REQUESTED, operation=OperationState.AUTHORISED)
    assert where(confirmed) == "new_password"
    changed = msgspec.structs.replace(confirmed, changed_at=NOW)
    assert where(changed, NOW + 9999) is RecoveryEnded.CHANGED


@given(st.sampled_from(OperationState), st.integers(NOW - 10, NOW + 3600))
def test_an_unknown_login_looks_the_same_and_never_reaches_a_new_password(operation: OperationState, now: int) -> None:
    known = msgspec.structs.replace(REQUESTED, operation=operation)
    unknown = msgspec.structs.replace(known, account=None)
    assert where(unknown, now) != "new_password"
    if operation is not OperationState.AUTHORISED:
        assert where(unknown, now) == where(known, now)


@pytest.mark.parametrize(
    ("operation", "ended"),
    [(OperationState.FAILED, RecoveryEnded.ABORTED), (OperationState.EXPIRED, RecoveryEnded.EXPIRED)],
)
def test_ends(operation: OperationState, ended: RecoveryEnded) -> None:
    assert where(msgspec.structs.replace(REQUESTED, operation=operation)) is ended


def test_time_runs_out() -> None:
    assert where(STARTED, NOW + 1800) is RecoveryEnded.EXPIRED

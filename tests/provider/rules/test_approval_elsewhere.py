"""How an approval in the app stands for a relying party that asked without a browser."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from poreka.provider.rules.approval_elsewhere import (
    READING,
    SHORTEST_LIFE,
    ApprovalStanding,
    how_it_stands,
    life_of,
    nobody_asked,
    seeming_refusal,
)
from poreka.rules.authorising.operation import Operation, OperationLimits, OperationState, issue
from poreka.rules.authorising.push_request import PushLimits, PushRequest, PushState, open_request

NOW, LIMITS = 1_800_000_000, PushLimits()


def operation(state: OperationState = OperationState.ISSUED) -> Operation:
    made = issue(
        operation_id="o",
        last_today=None,
        purpose="x",
        code_hash=b"",
        now=NOW,
        limits=OperationLimits(),
        push_life=LIMITS.life + LIMITS.finish,
    )
    return msgspec.structs.replace(made, state=state)


def request(state: PushState = PushState.OPEN) -> PushRequest:
    made = open_request(request_id="r", person_id="p", operation_id="o", service="s", now=NOW, limits=LIMITS)
    return msgspec.structs.replace(made, state=state, ended_at=None if state is PushState.OPEN else NOW)


@pytest.mark.parametrize(
    ("state", "after", "stands"),
    [
        (PushState.OPEN, 0, ApprovalStanding.WAITING),
        (PushState.OPEN, 119, ApprovalStanding.WAITING),
        (PushState.OPEN, 120, ApprovalStanding.LAPSED),
        (PushState.APPROVED, 0, ApprovalStanding.APPROVED),
        (PushState.APPROVED, 239, ApprovalStanding.APPROVED),
        (PushState.APPROVED, 240, ApprovalStanding.LAPSED),
        (PushState.REFUSED, 0, ApprovalStanding.REFUSED),
        (PushState.WITHDRAWN, 0, ApprovalStanding.REFUSED),
        (PushState.LAPSED, 130, ApprovalStanding.LAPSED),
    ],
)
def test_it_stands_as_the_request_does(state: PushState, after: int, stands: ApprovalStanding) -> None:
    assert how_it_stands(operation(), request(state), NOW + after) is stands


@pytest.mark.parametrize("push", list(PushState))
def test_what_was_used_or_ended_is_never_approved(push: PushState) -> None:
    for ended in (OperationState.AUTHORISED, OperationState.FAILED, OperationState.CANCELLED):
        assert how_it_stands(operation(ended), request(push), NOW) is not ApprovalStanding.APPROVED


@given(st.text(max_size=40), st.binary(min_size=1, max_size=32))
def test_nobody_who_is_asked_seems_to_refuse_in_time(request_id: str, key: bytes) -> None:
    after = seeming_refusal(key, request_id)
    assert after in READING
    assert after < SHORTEST_LIFE
    assert nobody_asked(NOW + after, NOW) is ApprovalStanding.WAITING
    assert nobody_asked(NOW + after, NOW + after) is ApprovalStanding.REFUSED


@given(st.one_of(st.none(), st.integers(1, 10**6)))
def test_a_life_is_within_reason(wanted: int | None) -> None:
    assert SHORTEST_LIFE <= life_of(wanted, LIMITS) <= LIMITS.life

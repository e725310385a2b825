"""An approval in the app for a relying party that asked without a browser: how it stands, whoever was asked (T5).

waiting → approved | refused | lapsed. Somebody who is not known, has no app, or may not be asked now is not asked at
all; for the relying party that ends like the refusal of somebody who took a moment to read (`seeming_refusal`), so
that nobody can find out by asking who has a profile. The push request's own rules hold as everywhere
(`push_request`): the number, one at a time, the pause. Read next: `operation.by_push`.
"""

import enum
import hashlib
import hmac

from poreka.rules.authorising.operation import Authorised, Operation, OperationState, by_push
from poreka.rules.authorising.push_request import PushLimits, PushRequest, PushState, as_of

SHORTEST_LIFE = 30
READING = range(6, 28)
"""Seconds that people take to refuse; within the shortest life."""


class ApprovalStanding(enum.Enum):
    """How an approval stands."""

    WAITING = "waiting"
    APPROVED = "approved"
    REFUSED = "refused"
    LAPSED = "lapsed"


def life_of(wanted: int | None, limits: PushLimits) -> int:
    """Seconds for which the person may answer: what was asked for, within reason and our own limit."""
    return limits.life if wanted is None else min(max(wanted, SHORTEST_LIFE), limits.life)


def seeming_refusal(key: bytes, request_id: str) -> int:
    """After how many seconds a request of which nobody was asked ends: different for each, and not to be foreseen."""
    drawn = hmac.digest(key, b"seeming-refusal" + request_id.encode(), hashlib.sha256)
    return READING[int.from_bytes(drawn[:8]) % len(READING)]


def nobody_asked(denied_at: int, now: int) -> ApprovalStanding:
    """How a request stands of which nobody was asked."""
    return ApprovalStanding.WAITING if now < denied_at else ApprovalStanding.REFUSED


def how_it_stands(operation: Operation, request: PushRequest, now: int) -> ApprovalStanding:
    """How a request stands of which somebody was asked; an approval waits for a while, and is used once."""
    if operation.state is OperationState.AUTHORISED:
        return ApprovalStanding.REFUSED  # used up: nothing is approved twice
    current = as_of(request, now)
    if isinstance(by_push(operation, current.state, now), Authorised):
        return ApprovalStanding.APPROVED
    if current.state is PushState.OPEN and operation.state is OperationState.ISSUED:
        return ApprovalStanding.WAITING
    if current.state in (PushState.LAPSED, PushState.APPROVED):  # approved, but nobody came for it in time
        return ApprovalStanding.LAPSED
    return ApprovalStanding.REFUSED

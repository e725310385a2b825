"""What a page says about an operation that is authorised in the app: waiting, answered, over, or not to be asked now.

Pure: from what was loaded to what `push.html` shows. The number stands in it only while the request waits for its
answer. Why a request may not be opened: `rules/authorising/push_request.py`.
"""

from dataclasses import dataclass
from typing import Literal

from poreka.codes.message_state import is_late
from poreka.rules.authorising.operation import Operation, OperationState
from poreka.rules.authorising.operation import as_of as operation_as_of
from poreka.rules.authorising.push_request import (
    Opening,
    Paused,
    PushRequest,
    PushState,
    StillOpen,
    as_of,
    matching_number,
)
from poreka.rules.shown_date import time_of_day
from poreka.store.outbox import Delivery

State = Literal["ask", "waiting", "approved", "refused", "wrong", "lapsed", "paused", "busy"]
Trouble = Literal["late", "failed", ""]


@dataclass(frozen=True, slots=True, kw_only=True)
class PushView:
    """What the page shows; `until`: when the request lapses or the pause ends; `last`: how the last one ended."""

    state: State
    last: Literal["refused", "wrong", "lapsed", ""] = ""
    number: str = ""
    until: str = ""
    left: int = 0  # seconds until a request that waits lapses
    trouble: Trouble = ""

    @property
    def over(self) -> bool:
        """Whether nothing waits for an answer of this operation, so that another one may begin."""
        return self.state not in ("waiting", "approved")

    @property
    def another_tool(self) -> bool:
        """Whether the app has failed the person, so that another tool may be used instead."""
        return bool(self.trouble) or self.state not in ("ask", "waiting", "approved")


def push_view(
    key: bytes,
    operation: Operation | None,
    request: PushRequest | None,
    opening: Opening,
    delivery: Delivery | None,
    now: int,
) -> PushView:
    """What to show of an operation and its request, and of whether another may be opened."""
    if request is not None and operation is not None and _waits(operation, now):
        current = as_of(request, now)
        if current.state is PushState.OPEN:
            number = matching_number(key, request.id)
            return PushView(
                state="waiting",
                number=number,
                until=_moment(request.expires_at),
                left=request.expires_at - now,
                trouble=_trouble(delivery, now),
            )
        if current.state is PushState.APPROVED:
            return PushView(state="approved")
    last = _last(request, now)
    if isinstance(opening, Paused):
        whole_minute = opening.until + (-opening.until) % 60
        return PushView(state="paused", last=last, until=_moment(whole_minute)[:5])
    if isinstance(opening, StillOpen):
        return PushView(state="busy", last=last, until=_moment(opening.request.expires_at))
    return PushView(state=last or "ask", last=last)


def _waits(operation: Operation, now: int) -> bool:
    return operation_as_of(operation, now).state is OperationState.ISSUED


def _last(request: PushRequest | None, now: int) -> Literal["refused", "wrong", "lapsed", ""]:
    if request is None:
        return ""
    match as_of(request, now).state:
        case PushState.REFUSED:
            return "wrong" if request.wrong_number else "refused"
        case PushState.LAPSED | PushState.APPROVED:  # approved, but its browser came too late
            return "lapsed"
        case _:
            return ""


def _trouble(delivery: Delivery | None, now: int) -> Trouble:
    """Whether the app's back end is away: it said no, or says nothing."""
    if delivery is None or delivery.dispatched_at is not None:
        return ""
    return "failed" if delivery.failed_at is not None else "late" if is_late(delivery, now) else ""


def _moment(at: int) -> str:
    return time_of_day(at, seconds=True)

"""Changing the authorisation tool: authorised with the old one → confirmed on the new one → changed (P3, P5).

Two operations, each with one answer: no operation ever asks for two. A tool that was lost, or cannot be used, is
not asked; then the new one must be a tool that was ready before, and is: what is left of a loss that a password alone
reported waits first. Nothing changes until both are done. A SIM card that
was replaced lately stops the codes by SMS of a change as well (P10): it is what a thief would do first.
"""

import enum

import msgspec

from poreka.provider.rules.sim_swap import Withheld
from poreka.rules.authorising.operation import OperationState
from poreka.rules.authorising.tools import Readiness, Tool
from poreka.rules.journey import Step, Steps, next_step


class ToolChange(msgspec.Struct, frozen=True, kw_only=True):
    """One change; `old` is None where there is no tool left that could authorise it. With `undo` the tool that was
    blocked by a password says itself that it was not lost: then it is the one that is asked, and nothing is chosen."""

    person_id: str
    old: Tool | None
    new: Tool
    expires_at: int
    cancelled: bool = False
    old_operation_id: str | None = None
    old_operation: OperationState | None = None
    new_operation_id: str | None = None
    new_operation: OperationState | None = None
    changed_at: int | None = None
    undo: bool = False
    add: bool = False  # the app is connected by the two answers, and the current tool stays what it is
    withheld: Withheld | None = None
    permits: str = ""  # no tool changes: the answer permits this journey, in which one passkey is made

    @property
    def act(self) -> str:
        """What it is for, as the texts name it."""
        return "undo" if self.undo else "add" if self.add else "passkey" if self.permits else "change"


class ChangeEnded(enum.Enum):
    """How a change ends."""

    CHANGED = "changed"
    CANCELLED = "cancelled"
    ABORTED = "aborted"
    EXPIRED = "expired"
    SIM_REPLACED = "sim_replaced"
    SIM_UNKNOWN = "sim_unknown"


def _authorised(state: ToolChange) -> bool:
    return state.old is None or state.old_operation is OperationState.AUTHORISED


def _confirmed(state: ToolChange) -> bool:
    return state.new_operation is OperationState.AUTHORISED


STEPS: Steps[ToolChange] = (
    Step("authorised_with_the_old", _authorised, ("old_operation_id", "old_operation")),
    Step("confirmed_on_the_new", _confirmed, ("new_operation_id", "new_operation")),
    Step("changed", lambda state: state.changed_at is not None, ("changed_at",)),
)

OPERATION_ENDS = {
    OperationState.FAILED: ChangeEnded.ABORTED,
    OperationState.CANCELLED: ChangeEnded.CANCELLED,
}


def may_change(old: Readiness, new: Readiness) -> bool:
    """Whether a tool may take the place of the current one: one that waits needs the old one's word."""
    if old is Readiness.READY:
        return new in (Readiness.READY, Readiness.WAITS)
    return new is Readiness.READY


WITHHELD_ENDS = {
    Withheld.REPLACED: ChangeEnded.SIM_REPLACED,
    Withheld.UNTOLD: ChangeEnded.SIM_UNKNOWN,
}


def stands_at(state: ToolChange, now: int) -> Step[ToolChange] | ChangeEnded:
    """The step a change stands at, or how it ended; an ended one never goes on."""
    if state.changed_at is not None:
        return ChangeEnded.CHANGED
    if state.cancelled:
        return ChangeEnded.CANCELLED
    if state.withheld is not None:
        return WITHHELD_ENDS[state.withheld]
    if state.new_operation in OPERATION_ENDS:
        return OPERATION_ENDS[state.new_operation]
    if state.old_operation in OPERATION_ENDS:
        return OPERATION_ENDS[state.old_operation]
    if now >= state.expires_at:
        return ChangeEnded.EXPIRED
    return next_step(STEPS, state) or ChangeEnded.CHANGED


def tool_asked(state: ToolChange) -> Tool:
    """The tool that the next answer comes from."""
    return state.new if state.old is None or _authorised(state) else state.old


def open_operation_id(state: ToolChange) -> str | None:
    """The operation that the change stands at."""
    return state.new_operation_id if _authorised(state) else state.old_operation_id


def with_operation(state: ToolChange, operation_id: str | None, operation: OperationState | None) -> ToolChange:
    """Write down the operation of the step that the change stands at, and how it stands."""
    if _authorised(state):
        return msgspec.structs.replace(state, new_operation_id=operation_id, new_operation=operation)
    return msgspec.structs.replace(state, old_operation_id=operation_id, old_operation=operation)

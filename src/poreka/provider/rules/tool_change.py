"""Changing the authorisation tool: authorised with the old one → confirmed on the new one → changed (P3, P5).

Each of the two steps is an operation of its own with one answer; nothing changes until both are answered. Where the
current tool is lost or cannot be used, `old` is None and only the new tool is asked. `may_change` then demands that the
new tool is ready. Tools that wait because a password alone reported a loss are not ready, so the password alone leads
to no change. A code that the bank does not send because the SIM card may be new (`withheld`) ends the change (P10): a
thief with a duplicate card would change the tool first.
"""

import enum

import msgspec

from poreka.provider.rules.sim_swap import Withheld
from poreka.rules.authorising.operation import OperationState
from poreka.rules.authorising.tools import Readiness, Tool
from poreka.rules.journey import Step, Steps, next_step


class ToolChange(msgspec.Struct, frozen=True, kw_only=True):
    """One change; `old` is None where no tool is left that could authorise it.

    With `undo`, `new` is a tool that was blocked by a password alone. Its own answer shows that it was not lost, so
    only this tool is asked, and the current tool stays what it is.
    """

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
    permits: str = ""  # the id of a journey: no tool changes, the answer lets that journey make one passkey

    @property
    def act(self) -> str:
        """What the change is for, as the keys of its texts name it."""
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
    """Whether a tool may take the place of the current one: one that waits may if the current one can confirm it."""
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
    """The tool whose answer the change waits for: the old one first, where there is one."""
    return state.new if state.old is None or _authorised(state) else state.old


def open_operation_id(state: ToolChange) -> str | None:
    """The id of the operation whose answer the change waits for; None before it is issued."""
    return state.new_operation_id if _authorised(state) else state.old_operation_id


def with_operation(state: ToolChange, operation_id: str | None, operation: OperationState | None) -> ToolChange:
    """Write down the operation of the step that the change stands at, and how it stands."""
    if _authorised(state):
        return msgspec.structs.replace(state, new_operation_id=operation_id, new_operation=operation)
    return msgspec.structs.replace(state, old_operation_id=operation_id, old_operation=operation)

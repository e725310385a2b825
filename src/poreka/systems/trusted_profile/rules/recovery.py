"""A forgotten password at the trusted profile: code by e-mail → the tool's own answer → new password (T3).

Two proofs of different kinds, because the password is one of two factors and whoever sets it anew must not come by
with one: the mailbox, and the phone or app. An unknown name takes the same steps to the same pages, as at the portal
(`systems/portal/rules/forgotten_password.py`). Whose phone or address changed lately gets no further: that is what a
thief does first. The tool's answer is an operation of its own (`systems/trusted_profile/operation`), whose standing is
told here.
"""

import enum

import msgspec

from poreka.rules.authorising.operation import OperationState
from poreka.rules.journey import Step, Steps, next_step


class ProfileRecoveryState(msgspec.Struct, frozen=True, kw_only=True):
    """What is known about one recovery; `account` is None where the name is unknown.

    `email`, `phone` and `password_hash` are those of the profile when the code was asked for: once one of them has
    changed, what was proven proves nothing any more. `barred` and `tool_answered` are brought up to date from the
    profile and from the tool's operation, `tool_journey`, each time.
    """

    expires_at: int
    account: str | None = None
    email: str | None = None
    phone: str | None = None
    password_hash: str | None = None
    operation_id: str | None = None
    operation: OperationState | None = None
    barred: bool = False
    tool_journey: str | None = None
    tool_answered: bool = False
    changed_at: int | None = None


class ProfileRecoveryEnded(enum.Enum):
    """How a recovery ends."""

    CHANGED = "changed"
    ABORTED = "aborted"
    EXPIRED = "expired"
    TOO_NEW = "too_new"  # phone or e-mail changed lately


def _mailbox_proven(state: ProfileRecoveryState) -> bool:
    return state.operation is OperationState.AUTHORISED and state.account is not None


STEPS: Steps[ProfileRecoveryState] = (
    Step("email", _mailbox_proven, ("operation_id", "operation")),
    Step("tool", lambda state: state.tool_answered, ("tool_journey", "tool_answered")),
    Step("new_password", lambda state: state.changed_at is not None, ("changed_at",)),
)


def stands_at(state: ProfileRecoveryState, now: int) -> Step[ProfileRecoveryState] | ProfileRecoveryEnded:
    """The step a recovery stands at, or how it ended. Nothing of the profile is told before the mailbox is proven."""
    if state.changed_at is not None:
        return ProfileRecoveryEnded.CHANGED
    if state.operation is OperationState.FAILED:
        return ProfileRecoveryEnded.ABORTED
    if state.operation is OperationState.EXPIRED or now >= state.expires_at:
        return ProfileRecoveryEnded.EXPIRED
    if state.barred and _mailbox_proven(state):
        return ProfileRecoveryEnded.TOO_NEW
    return next_step(STEPS, state) or ProfileRecoveryEnded.CHANGED

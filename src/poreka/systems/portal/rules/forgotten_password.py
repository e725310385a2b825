"""A forgotten password: request → code sent by e-mail → new password (Z1).

An unknown login takes the same steps to the same pages: an operation is made for it too, whose code goes to
nobody. So `account` may stay None while the code step is open; only a right code, which then cannot exist,
would lead on. A changed password ends every session of the account, and the owner is told by e-mail.
An address that was changed lately recovers nothing for a while.
"""

import enum

import msgspec

from poreka.rules.authorising.operation import OperationState
from poreka.rules.journey import Step, Steps, next_step


class ForgottenPasswordState(msgspec.Struct, frozen=True, kw_only=True):
    """What is known about one recovery; `account` is None where the login is unknown.

    `email` and `password_hash` are those of the account when the code was asked for: once either has changed, the
    code proves nothing any more."""

    expires_at: int
    requested: bool = False
    account: str | None = None
    email: str | None = None
    password_hash: str | None = None
    operation_id: str | None = None
    operation: OperationState | None = None
    barred: bool = False
    changed_at: int | None = None


class RecoveryEnded(enum.Enum):
    """How a recovery ends."""

    CHANGED = "changed"
    ABORTED = "aborted"
    EXPIRED = "expired"
    BARRED = "barred"


def _confirmed(state: ForgottenPasswordState) -> bool:
    return state.operation is OperationState.AUTHORISED and state.account is not None


STEPS: Steps[ForgottenPasswordState] = (
    Step("request", lambda state: state.requested, ("requested", "account", "email", "password_hash")),
    Step("code", _confirmed, ("operation_id", "operation")),
    Step("new_password", lambda state: state.changed_at is not None, ("changed_at",)),
)


def stands_at(state: ForgottenPasswordState, now: int) -> Step[ForgottenPasswordState] | RecoveryEnded:
    """The step a recovery stands at, or how it ended."""
    if state.changed_at is not None:
        return RecoveryEnded.CHANGED
    if state.operation is OperationState.FAILED:
        return RecoveryEnded.ABORTED
    if state.operation is OperationState.EXPIRED or now >= state.expires_at:
        return RecoveryEnded.EXPIRED
    if state.barred:
        return RecoveryEnded.BARRED
    return next_step(STEPS, state) or RecoveryEnded.CHANGED

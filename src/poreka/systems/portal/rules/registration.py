"""Registering at the portal without a provider: form → e-mail confirmed → profile (Z5).

The profile is made only when the person has shown that the e-mail address is theirs, by a code sent to it;
the code is an operation like any other (`rules.authorising.operation`). The result is an *untrusted* profile: nobody
vouched for the facts yet. What was typed is kept by the store until then, never in this state.
"""

import enum

import msgspec

from poreka.rules.authorising.operation import OperationState
from poreka.rules.journey import Step, Steps, next_step


class RegistrationState(msgspec.Struct, frozen=True, kw_only=True):
    """What is known about one registration."""

    expires_at: int
    form_received: bool = False
    operation_id: str | None = None
    operation: OperationState | None = None
    profile_id: str | None = None


class RegistrationEnded(enum.Enum):
    """How a registration ends."""

    REGISTERED = "registered"
    ABORTED = "aborted"
    EXPIRED = "expired"


STEPS: Steps[RegistrationState] = (
    Step("form", lambda state: state.form_received, ("form_received",)),
    Step("email", lambda state: state.operation is OperationState.AUTHORISED, ("operation_id", "operation")),
    Step("profile", lambda state: state.profile_id is not None, ("profile_id",)),
)


def stands_at(state: RegistrationState, now: int) -> Step[RegistrationState] | RegistrationEnded:
    """The step a registration stands at, or how it ended. An expired code only needs
    a new operation: the caller goes back to "email". Three wrong codes end the registration."""
    if state.profile_id is not None:
        return RegistrationEnded.REGISTERED
    if state.operation is OperationState.FAILED:
        return RegistrationEnded.ABORTED
    if now >= state.expires_at:
        return RegistrationEnded.EXPIRED
    return next_step(STEPS, state) or RegistrationEnded.REGISTERED

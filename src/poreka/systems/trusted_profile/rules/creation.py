"""Making a trusted profile: who you are → contact data → phone confirmed → e-mail confirmed → name and password (T1).

Who comes from a bank or Envelo has the first step done: the facts are the provider's, and the profile is valid at
once. Who does not, types them, and what is made is an application that a clerk confirms. A user name is asked for
last, when both codes were right: so nobody can try names in bulk to learn which exist. Before that, a
provider's word that has waited too long is asked for again. What was typed is kept by the store, never in this state.
"""

import enum

import msgspec

from poreka.rules.authorising.operation import OperationState
from poreka.rules.journey import Step, Steps, next_step


class CreationState(msgspec.Struct, frozen=True, kw_only=True):
    """What is known about one profile in the making."""

    expires_at: int
    facts_known: bool = False
    contact_given: bool = False
    phone_operation_id: str | None = None
    phone: OperationState | None = None
    email_operation_id: str | None = None
    email: OperationState | None = None
    word_holds: bool = False
    profile_id: str | None = None


class CreationEnded(enum.Enum):
    """How it ends."""

    MADE = "made"
    ABORTED = "aborted"
    EXPIRED = "expired"


STEPS: Steps[CreationState] = (
    Step("facts", lambda state: state.facts_known, ("facts_known",)),
    Step("contact", lambda state: state.contact_given, ("contact_given",)),
    Step("phone", lambda state: state.phone is OperationState.AUTHORISED, ("phone_operation_id", "phone")),
    Step("email", lambda state: state.email is OperationState.AUTHORISED, ("email_operation_id", "email")),
    Step("word", lambda state: state.word_holds, ("word_holds",)),
    Step("credentials", lambda state: state.profile_id is not None, ("profile_id",)),
)


def stands_at(state: CreationState, now: int) -> Step[CreationState] | CreationEnded:
    """The step it stands at, or how it ended. An expired code only needs a new operation; three wrong codes of one
    operation, by phone or by e-mail, end it."""
    if state.profile_id is not None:
        return CreationEnded.MADE
    if OperationState.FAILED in (state.phone, state.email):
        return CreationEnded.ABORTED
    if now >= state.expires_at:
        return CreationEnded.EXPIRED
    return next_step(STEPS, state) or CreationEnded.MADE

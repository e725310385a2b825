"""Release at the provider: signed in → eligible → informed and consented → operation authorised → released.

Both ways in (P1) run this table; they differ only in where an ended journey leads. With a remembered consent and a
strong enough session every condition but the last holds from the start, and the person sees no page (P6). A consent
needs an operation of *this* journey, whatever the session did before: no consent without a code. A signature (T7) is
authorised anew each time, whatever is remembered; one operation serves it and a consent that is given with it. A
consent is written to the store only with the release, so an aborted operation leaves nothing behind (P4). Who goes
back from an open operation must have it cancelled (`rules.authorising.operation.cancel`).
"""

import enum

import msgspec

from poreka.provider.rules.eligibility import Eligible, Reason, Refused
from poreka.provider.rules.sim_swap import Withheld
from poreka.provider.rules.wish import Wish
from poreka.rules.authorising.operation import OperationState
from poreka.rules.authorising.tools import Tool
from poreka.rules.journey import Step, Steps, next_step
from poreka.rules.levels import Factor, Level, level_reached, reaches

RELEASE_SECONDS = 30 * 60


class WayIn(enum.Enum):
    """Where the person started (P1)."""

    BANK_FIRST = "bank_first"
    PORTAL_FIRST = "portal_first"


class ReleaseState(msgspec.Struct, frozen=True, kw_only=True):
    """What is known about one release. First what the wish fixed, then what each step recorded.

    `sign_in_since`: a sign-in before this moment does not count (`max_age`); 0: any does. `sign_in_anew`: only one that
    was made for this very release does (`prompt=login`), whatever second it was made in.
    `signing`: a document is to be signed; `wanted`: the level the portal asks for; `attainable`: the best this
    provider can reach. `text_hash` and `language`: the words that were agreed to. `instead`: the tool the person took
    in place of their own, for this release only; `withheld`: why no code went by SMS when one was to be sent."""

    way_in: WayIn
    expires_at: int
    signing: bool = False
    wanted: Level = Level.LOW
    attainable: Level = Level.SUBSTANTIAL
    sign_in_since: int = 0
    sign_in_anew: bool = False
    cancelled: bool = False

    customer: str | None = None
    signed_in_at: int | None = None
    signed_in_for_this: bool = False
    factors: tuple[Factor, ...] = ()

    consent_remembered: bool = False
    eligibility_checked: bool = False
    refused: tuple[Reason, ...] = ()
    instead: Tool | None = None

    consented: bool = False
    text_hash: str | None = None
    language: str | None = None

    operation_id: str | None = None
    operation: OperationState | None = None
    withheld: Withheld | None = None

    released_at: int | None = None


class Ended(enum.Enum):
    """How a release ends: in the protocol's public words; `unmet` is the standard's own error."""

    RELEASED = "released"
    REFUSED = "refused"
    CANCELLED = "cancelled"
    ABORTED = "aborted"
    EXPIRED = "expired"
    UNMET = "unmet"


class LeadsTo(enum.Enum):
    """Where the browser goes from an ended release."""

    BANK_HOME = "bank_home"
    PORTAL = "portal"


def as_wished(wish: Wish, way_in: WayIn, now: int) -> ReleaseState:
    """The state of a release that begins now."""
    return ReleaseState(
        way_in=way_in,
        expires_at=now + RELEASE_SECONDS,
        signing=wish.signature is not None,
        wanted=wish.level,
        sign_in_since=now - wish.max_age if wish.max_age is not None else 0,
        sign_in_anew=wish.sign_in_anew,
    )


def code_needed(state: ReleaseState) -> bool:
    """A consent that is not remembered needs a code; so does a signature, and a session weaker than is asked for."""
    return state.signing or not state.consent_remembered or not reaches(level_reached(state.factors), state.wanted)


def with_eligibility(state: ReleaseState, decided: Eligible | Refused) -> ReleaseState:
    """Write down the decision about eligibility; any reason ends the release."""
    reasons = decided.reasons if isinstance(decided, Refused) else ()
    return msgspec.structs.replace(state, eligibility_checked=True, refused=reasons)


def level_used(state: ReleaseState) -> Level | None:
    """The level of the session as it is now: the right code strengthens it together with the operation, and a
    session opened after that proves nothing of the kind."""
    return level_reached(state.factors)


def _signed_in(state: ReleaseState) -> bool:
    recent = state.signed_in_at is not None and state.signed_in_at >= state.sign_in_since
    recent = recent and (state.signed_in_for_this or not state.sign_in_anew)
    return recent and state.customer is not None and level_reached(state.factors) is not None


def _eligible(state: ReleaseState) -> bool:
    return state.eligibility_checked and not state.refused


def _consented(state: ReleaseState) -> bool:
    return state.consent_remembered or state.consented


def _authorised(state: ReleaseState) -> bool:
    remembered = state.consent_remembered and not state.signing
    allowed = remembered or state.operation is OperationState.AUTHORISED
    return allowed and reaches(level_used(state), state.wanted)


def _released(state: ReleaseState) -> bool:
    return state.released_at is not None


STEPS: Steps[ReleaseState] = (
    Step("sign_in", _signed_in, ("customer", "signed_in_at", "signed_in_for_this", "factors")),
    Step("eligible", _eligible, ("consent_remembered", "eligibility_checked", "refused", "instead")),
    Step("informed_and_consented", _consented, ("consented", "text_hash", "language")),
    Step("operation_authorised", _authorised, ("operation_id", "operation", "withheld")),
    Step("released", _released, ("released_at",)),
)

OPERATION_ENDS = {
    OperationState.FAILED: Ended.ABORTED,
    OperationState.CANCELLED: Ended.CANCELLED,
}


def stands_at(state: ReleaseState, now: int) -> Step[ReleaseState] | Ended:
    """The step a release stands at, or how it ended; an ended one never goes on."""
    if state.released_at is not None:
        return Ended.RELEASED
    if state.cancelled:
        return Ended.CANCELLED
    if state.refused:
        return Ended.REFUSED
    if state.operation in OPERATION_ENDS:
        return OPERATION_ENDS[state.operation]
    if now >= state.expires_at:
        return Ended.EXPIRED
    best = level_used(state) if state.operation is OperationState.AUTHORISED else state.attainable
    if not reaches(best, state.wanted):
        return Ended.UNMET
    return next_step(STEPS, state) or Ended.RELEASED


def answered_without_page(stands: Step[ReleaseState] | Ended, wish: Wish) -> bool:
    """Whether a release that just arrived is answered that nothing is released, without a page: the service wishes that
    none is shown, or nobody here can reach the level."""
    return wish.silent or stands is Ended.UNMET


def told_to_service(ended: Ended) -> str:
    """All that a service learns of a release that ended without data: the answer says it, the page promises it."""
    return ended.value if ended is not Ended.RELEASED else ""


def leads_to(state: ReleaseState, ended: Ended) -> LeadsTo:
    """Where an ended release leads (P2): if data went, to the portal; else to where the person began."""
    if ended is Ended.RELEASED or state.way_in is WayIn.PORTAL_FIRST:
        return LeadsTo.PORTAL
    return LeadsTo.BANK_HOME

"""Entry to the portal: signed in → facts checked → form | regulations → profile → session (Z3–Z6).

One table for sign-in through a provider and with the portal's own password. The decision between form, regulations,
upgrade and refusal is `systems.portal.rules.admission`; `with_admission` writes it into the state. A sign-in too weak
for a first entry goes back to the first step with a higher wanted level, so the provider is asked again. Nothing is
changed at the portal before the step "profile".
"""

import enum
from typing import assert_never

import msgspec

from poreka.rules.journey import Step, Steps, go_back, next_step
from poreka.rules.levels import Level, reaches
from poreka.rules.people.person import Fact
from poreka.systems.portal.rules.admission import (
    AcceptTerms,
    Admission,
    Against,
    Differs,
    Enter,
    ProfileClosed,
    Register,
    StepUp,
    Upgrade,
)


class EntryState(msgspec.Struct, frozen=True, kw_only=True):
    """What is known about one entry; the released facts themselves are kept apart, encrypted."""

    issuer: str | None  # None: the portal's own login and password
    expires_at: int
    wanted: Level = Level.LOW
    declined: bool = False

    level: Level | None = None

    facts_checked: bool = False
    form_needed: bool = False
    terms_needed: bool = False
    upgrade: bool = False
    differing: tuple[Fact, ...] = ()
    against: Against | None = None
    profile_closed: bool = False

    form_received: bool = False

    terms_accepted: bool = False

    profile_id: str | None = None

    session_opened: bool = False


class EntryEnded(enum.Enum):
    """How an entry ends."""

    ENTERED = "entered"
    REFUSED = "refused"
    CLOSED = "closed"
    DECLINED = "declined"
    EXPIRED = "expired"


STEPS: Steps[EntryState] = (
    Step("sign_in", lambda state: reaches(state.level, state.wanted), ("level",)),
    Step(
        "facts",
        lambda state: state.facts_checked,
        ("facts_checked", "form_needed", "terms_needed", "upgrade", "differing", "against", "profile_closed"),
    ),
    Step("form", lambda state: state.form_received or not state.form_needed, ("form_received",)),
    Step("terms", lambda state: state.terms_accepted or not state.terms_needed, ("terms_accepted",)),
    Step("profile", lambda state: state.profile_id is not None, ("profile_id",)),
    Step("session", lambda state: state.session_opened, ("session_opened",)),
)


def with_admission(state: EntryState, admission: Admission) -> EntryState:
    """Write the decision about the released facts into the state."""
    checked = msgspec.structs.replace(go_back(STEPS, state, "facts"), facts_checked=True)
    match admission:
        case Enter():
            return checked
        case Register():
            return msgspec.structs.replace(checked, form_needed=True)
        case Upgrade():
            return msgspec.structs.replace(checked, upgrade=True)
        case AcceptTerms(then):
            return msgspec.structs.replace(checked, terms_needed=True, upgrade=isinstance(then, Upgrade))
        case StepUp(wanted):
            return msgspec.structs.replace(go_back(STEPS, state, "sign_in"), wanted=wanted)
        case Differs(facts, against):
            return msgspec.structs.replace(checked, differing=facts, against=against)
        case ProfileClosed():
            return msgspec.structs.replace(checked, profile_closed=True)
        case _ as never:
            assert_never(never)


def stands_at(state: EntryState, now: int) -> Step[EntryState] | EntryEnded:
    """The step an entry stands at, or how it ended. Declining the regulations changes no profile (Z4)."""
    if state.session_opened:
        return EntryEnded.ENTERED
    if state.declined:
        return EntryEnded.DECLINED
    if state.differing:
        return EntryEnded.REFUSED
    if state.profile_closed:
        return EntryEnded.CLOSED
    if now >= state.expires_at:
        return EntryEnded.EXPIRED
    return next_step(STEPS, state) or EntryEnded.ENTERED

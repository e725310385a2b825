"""What must happen with the person before a request can be answered: nothing, a sign-in, a step-up, a choice,
a consent.

Decided from the request and from what is known of the session, each time anew. With ``prompt=none`` nothing
may happen, so every need becomes an error for the client. How the person signs in, and which factor gives
which level, is not decided here: levels are just an ordered list. Read next: ``authorization_response``.
OpenID Connect Core §3.1.2.1, §3.1.2.6; RFC 9470 §4–5.
"""

from collections.abc import Sequence
from typing import Literal

import msgspec

from poreka.oidc.errors import SentToClient
from poreka.oidc.provider.authorization_request import AuthorizationRequest

WhySignIn = Literal["no_session", "asked_to", "too_long_ago", "other_person"]


class SessionFacts(msgspec.Struct, frozen=True, kw_only=True):
    """The signed-in session, as this client would see it."""

    subject: str
    """The pairwise ``sub``."""
    auth_time: int
    acr: str
    fresh: bool = False
    """The person signed in (again) in answer to this very request."""
    chosen: bool = False
    """The person confirmed, in answer to this very request, that it is them."""


class NothingNeeded(msgspec.Struct, frozen=True):
    """The request can be answered."""


class SignInNeeded(msgspec.Struct, frozen=True):
    """A sign-in, or another one."""

    why: WhySignIn


class StepUpNeeded(msgspec.Struct, frozen=True):
    """A further factor, to reach at least ``acr``."""

    acr: str


class ChoiceNeeded(msgspec.Struct, frozen=True):
    """The person has to say which account is meant (``prompt=select_account``)."""


class ConsentNeeded(msgspec.Struct, frozen=True):
    """The person has to be informed and to agree."""


Needed = NothingNeeded | SignInNeeded | StepUpNeeded | ChoiceNeeded | ConsentNeeded


def what_is_needed(
    request: AuthorizationRequest,
    session: SessionFacts | None,
    *,
    consent: Literal["standing", "just_given", "missing"],
    acr_order: Sequence[str],
    reachable: str,
    now: int,
) -> Needed:
    """The first thing that is still needed; raises ``SentToClient`` where the request cannot be met.

    ``acr_order`` goes from weakest to strongest; ``reachable`` is the strongest this person could reach here.
    """
    level = wanted_level(request, acr_order)
    if level is not None and acr_order.index(level) > acr_order.index(reachable):
        raise SentToClient("unmet_authentication_requirements", "The person cannot sign in at the level asked for.")
    needed = _first_need(request, session, consent, level, acr_order, now)
    if "none" in request.prompt:
        _without_asking(needed)
    return needed


def _first_need(
    request: AuthorizationRequest,
    session: SessionFacts | None,
    consent: str,
    level: str | None,
    acr_order: Sequence[str],
    now: int,
) -> Needed:
    if session is None:
        return SignInNeeded("no_session")
    if (why := _why_again(request, session, now)) is not None:
        return SignInNeeded(why)
    if level is not None and not reaches(session.acr, level, acr_order):
        return StepUpNeeded(level)
    if "select_account" in request.prompt and not (session.chosen or session.fresh):
        return ChoiceNeeded()
    if consent == "missing" or ("consent" in request.prompt and consent != "just_given"):
        return ConsentNeeded()
    return NothingNeeded()


def _why_again(request: AuthorizationRequest, session: SessionFacts, now: int) -> WhySignIn | None:
    if request.hinted_subject not in (None, session.subject):
        return "other_person"
    if session.fresh:
        return None
    if "login" in request.prompt:
        return "asked_to"
    if request.max_age is not None and (request.max_age == 0 or now - session.auth_time > request.max_age):
        return "too_long_ago"
    return None


def wanted_level(request: AuthorizationRequest, acr_order: Sequence[str]) -> str | None:
    """The lowest level that satisfies the request: any of those asked for will do, and a higher one too.

    Levels we do not know are passed over; if nothing is left, that is a fault only where one was essential
    (Core §5.5.1.1).
    """
    known = [acr_order.index(value) for value in request.acr_values if value in acr_order]
    if known:
        return acr_order[min(known)]
    if request.acr_essential:
        raise SentToClient("unmet_authentication_requirements", "None of the levels asked for is offered here.")
    return None


def reaches(acr: str, level: str, acr_order: Sequence[str]) -> bool:
    """Whether ``acr`` is at least ``level``; an unknown ``acr`` reaches nothing."""
    return acr in acr_order and acr_order.index(acr) >= acr_order.index(level)


SILENT_ERRORS: dict[type[Needed], tuple[str, str]] = {
    SignInNeeded: ("login_required", "The person is not signed in, or has to sign in again."),
    StepUpNeeded: ("interaction_required", "The person has to confirm with a further factor."),
    ConsentNeeded: ("consent_required", "The person has not agreed yet."),
    ChoiceNeeded: ("account_selection_required", "The person has to choose an account."),
}


def _without_asking(needed: Needed) -> None:
    """``prompt=none``: what is needed becomes the error that names it (Core §3.1.2.6)."""
    if not isinstance(needed, NothingNeeded):
        raise SentToClient(*SILENT_ERRORS[type(needed)])

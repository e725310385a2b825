"""The pages of an entry: what each is given. Nothing is decided here.

Names and PESEL stand on the registration form as text, not as fields: what is not a field cannot be sent
back changed (Z3). A refusal names the facts that differ and never a recorded value (Z5).
"""

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from poreka.rules.levels import CERTIFICATE
from poreka.systems.portal.entry.under_way import UnderWay, about
from poreka.systems.portal.rules.entry import EntryState
from poreka.systems.portal.rules.entry_record import WithFacts
from poreka.systems.portal.rules.terms import changes_since
from poreka.systems.portal.system import Portal
from poreka.systems.portal.terms_told import terms_shown
from poreka.web.browser.language import language_of, texts_of
from poreka.web.form_errors import form_errors
from poreka.web.frame import show

Problems = Mapping[str, str]
NOTHING: Mapping[str, str] = {}
"""Nothing typed yet, or nothing wrong with it."""


def form_page(
    request: Request,
    system: Portal,
    entry: UnderWay,
    person: WithFacts,
    typed: Mapping[str, str] = NOTHING,
    problems: Problems = NOTHING,
    *,
    upgrade: bool = False,
) -> Response:
    """The registration form (Z3), with what was typed and what is wrong; `upgrade`: of a profile that there is."""
    t, facts = texts_of(request, system), person.facts
    locked = [
        {"label": t("entry.fact.given_name"), "value": facts.first_name},
        {"label": t("entry.fact.family_name"), "value": facts.surname},
        {"label": t("entry.fact.pesel"), "value": facts.pesel.digits},
    ]
    given = {
        "locked": locked,
        "upgrade": upgrade,
        **_door(system, person.issuer),
        **_boxes(request, system, entry, typed, problems),
    }
    return show(request, system, "systems/portal/entry/form.html", **given)


def terms_page(
    request: Request,
    system: Portal,
    entry: UnderWay,
    accepted: str,
    typed: Mapping[str, str] = NOTHING,
    problems: Problems = NOTHING,
) -> Response:
    """The regulations that changed since the last entry, and what is new since the version `accepted` then (Z4)."""
    changes, language = changes_since(accepted, about(system).terms_changes), language_of(request, system)
    told = [{"version": one.version, "sentences": one.of(language)} for one in changes]
    given = {"changes": told, **_boxes(request, system, entry, typed, problems)}
    return show(request, system, "systems/portal/entry/terms.html", **given)


def refused_page(request: Request, system: Portal, state: EntryState, offer: str = "") -> Response:
    """Which facts differ, and how to put them right (Z5, Z6); `offer`: where an unproven profile may be ended."""
    return show(
        request,
        system,
        "systems/portal/entry/refused.html",
        status=403,
        differing=[fact.value for fact in state.differing],
        against=state.against.value if state.against else "",
        offer=offer,
        **_door(system, state.issuer),
    )


def not_mine_page(request: Request, system: Portal, entry: UnderWay) -> Response:
    """Whether the person means to end the profile that nobody proved."""
    door = _door(system, entry.record.state.issuer)
    return show(request, system, "systems/portal/entry/not_mine.html", address=entry.address, **door)


def closed_page(request: Request, system: Portal) -> Response:
    """The profile was closed."""
    return show(request, system, "systems/portal/entry/closed.html", status=403)


def declined_page(request: Request, system: Portal, state: EntryState) -> Response:
    """The new regulations were declined; the profile is as it was (Z4)."""
    name = provider_name(system, state.issuer)
    return show(request, system, "systems/portal/entry/declined.html", provider=name)


def _door(system: Portal, issuer: str | None) -> dict[str, Any]:
    """Whether a provider or a certificate told the facts, and the provider's name."""
    return {"door": "certificate" if issuer == CERTIFICATE else "provider", "provider": provider_name(system, issuer)}


def provider_name(system: Portal, issuer: str | None) -> str:
    """What people call the provider; empty for the portal's own password and for a certificate."""
    names = (one.name for one in system.relied_on.values() if one.registration.issuer == issuer)
    return next(names, "")


def _boxes(
    request: Request, system: Portal, entry: UnderWay, typed: Mapping[str, str], problems: Problems
) -> dict[str, Any]:
    return {
        "address": entry.address,
        "typed": typed,
        "errors": form_errors(texts_of(request, system), problems, {"terms_version": ""}),
        **terms_shown(request, system),
    }

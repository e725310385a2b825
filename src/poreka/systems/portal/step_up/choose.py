"""Choosing through whom to sign in more strongly (RFC 9470), and going there.

The page that is wanted must be one of those in the settings, so no address leads out of here to anywhere else.
Whoever signs in in between as somebody else is that person afterwards, and sees nothing of what was typed here.
"""

from starlette.requests import Request
from starlette.responses import Response

from poreka.relying.sign_in.set_out import go_to
from poreka.rules.levels import Level, reaches
from poreka.store.fresh import secret_hash
from poreka.store.sessions import Session
from poreka.systems.portal.step_up.asking import wanted_for
from poreka.systems.portal.step_up.assurance import session_level
from poreka.systems.portal.system import Portal
from poreka.web.browser.own_cookies import browser_of
from poreka.web.browser.own_form import read_form
from poreka.web.browser.redirect import redirect
from poreka.web.failures import PageNotFound
from poreka.web.frame import show

CERTIFICATE = "certificate"
CERTIFICATE_LIFE = 10 * 60


async def show_choice(request: Request, system: Portal, session: Session) -> Response:
    """GET /step-up?page=…; who is strong enough already goes on to the page."""
    page = request.query_params.get("page", "")
    if not page:  # reloaded, or in another language, after a way that led nowhere
        return redirect(request, system, "/")
    wanted = wanted_for(system, page)
    if wanted is None:
        raise PageNotFound
    if reaches(session_level(system, session), wanted):
        return redirect(request, system, page)
    kept = await system.kept_forms.waiting(secret_hash(browser_of(request, system)), session.person_id, system.clock())
    return show(
        request,
        system,
        "systems/portal/step_up/choose.html",
        session=session,
        status=403,
        page=page,
        providers=[one for one in system.relied_on.values() if one.open] if wanted < Level.HIGH else [],
        certificate=system.certificates is not None,
        kept=any(f"/{one.form}" == page for one in kept),
    )


async def go(request: Request, system: Portal, session: Session) -> Response:
    """POST /step-up."""
    fields = await read_form(request, system, "page", "through")
    wanted = wanted_for(system, fields["page"])
    if wanted is None:
        raise PageNotFound
    door, provider = system.certificates, system.relied_on.get(fields["through"])
    if fields["through"] == CERTIFICATE and door is not None:
        state, until = system.fresh.secret(), system.clock() + CERTIFICATE_LIFE
        browser_hash = secret_hash(browser_of(request, system))
        await system.database.insert(system.hand_overs.adding(state, browser_hash, until, fields["page"]))
        return redirect(request, system, f"{door.proxy.origin}/certificate/{state}")
    if provider is None or not provider.open or wanted is Level.HIGH:
        raise PageNotFound
    return await go_to(request, system, provider, target=fields["page"], level=wanted)

"""Before a page is shown: whether the session is strong enough for it (RFC 9470).

Which pages need more is a setting (`portal.page_levels`); the address of the page decides, whatever the method. A
form that was sent is kept, so that nothing typed is lost. A program gets the challenge instead of a page.
"""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from poreka.audit.events import StrongerSignInAsked
from poreka.oidc.step_up import stronger_sign_in_needed
from poreka.rules.levels import Level, reaches
from poreka.store.sessions import Session
from poreka.systems.portal.kept_form import Keepable, keep_form
from poreka.systems.portal.step_up.assurance import session_level
from poreka.systems.portal.system import Portal
from poreka.web.browser.redirect import redirect, with_query
from poreka.web.browser.script import wants_json


async def ask_for_more(request: Request, system: Portal, session: Session, keepable: Keepable) -> Response | None:
    """What answers instead of the page; None where the session is strong enough."""
    path = request.scope["path"]
    wanted, has = wanted_for(system, path), session_level(system, session)
    if wanted is None or reaches(has, wanted):
        return None
    if wants_json(request):
        refusal = stronger_sign_in_needed(*(level.acr for level in Level if level >= wanted))
        body = {"error": refusal.error, "error_description": refusal.description}
        return JSONResponse(body, refusal.status, refusal.headers)
    if request.method == "POST" and path in keepable:
        await keep_form(request, system, session, keepable[path])
    asked = StrongerSignInAsked(person_id=session.person_id, sid=session.sid, page=path, wanted=wanted.acr)
    await system.audit.save(event=asked)
    return redirect(request, system, with_query("/step-up", {"page": path}))


def wanted_for(system: Portal, path: str) -> Level | None:
    """The level that a page needs; None where any session will do."""
    name = system.settings.portal.page_levels.get(path)
    return Level[name.upper()] if name else None

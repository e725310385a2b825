"""Nobody is signed in where somebody must be: on to the sign-in page, and nothing typed is lost (Z8).

A form that was sent after its session had ended is kept (`kept_form.py`), if it is on the given list. The cookie of the
ended session stays, because another tab may still send a form of its own.
"""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from poreka.systems.portal.kept_form import Keepable, keep_form
from poreka.systems.portal.system import Portal
from poreka.web.browser.redirect import redirect
from poreka.web.browser.script import wants_json


async def turned_away(request: Request, system: Portal, keepable: Keepable) -> Response:
    """The answer for whoever is not signed in."""
    cookie = system.cookies.secret(request, "session")
    path = request.url.path
    if request.method == "POST" and path == "/sign-out":
        return redirect(request, system, "/?notice=signed_out")
    if wants_json(request):
        return JSONResponse({"error": "session_ended"}, 401)
    if cookie is None:
        return redirect(request, system, "/")
    session = await system.sessions.by_cookie(cookie)
    if request.method == "POST" and path in keepable and session is not None:
        await keep_form(request, system, session, keepable[path])
        return redirect(request, system, "/?notice=form_kept")
    return redirect(request, system, "/?notice=session_ended")

"""Extending the session, by hand or by the page's script (Z8; WCAG 2.2.1).

That the request came at all is the activity; it was written down before the handler was called. What is told
is when the session now ends if nothing more happens.
"""

from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from poreka.store.sessions import Session
from poreka.web.browser.own_form import read_form
from poreka.web.browser.redirect import redirect
from poreka.web.browser.script import wants_json
from poreka.web.system import System

HOME = "/"


async def extend(request: Request, system: System, session: Session) -> Response:
    """POST /session/extend."""
    await read_form(request, system)
    if wants_json(request):
        return JSONResponse({"ends_at": session.ends_at, "now": system.clock()})
    return redirect(request, system, _where_from(request, system))


def _where_from(request: Request, system: System) -> str:
    """The page of ours that the button was on; never another site's."""
    came = urlsplit(request.headers.get("referer", ""))
    ours = f"{came.scheme}://{came.netloc}" == system.origin
    return came.path if ours and came.path.startswith("/") and not came.path.startswith("//") else HOME

"""Pages of text: help, and the regulations in force (Z1).

Whoever is signed in keeps the panel's menu and the countdown around them.
"""

from starlette.requests import Request
from starlette.responses import Response

from poreka.store.sessions import Session
from poreka.web.frame import show
from poreka.web.sessions import session_of
from poreka.web.systems import Portal


async def show_help(request: Request, system: Portal) -> Response:
    """GET /help."""
    session = await session_of(request, system)
    return show(request, system, "flows/information/help.html", session=session, signed_in=session is not None)


async def show_regulations(request: Request, system: Portal) -> Response:
    """GET /regulations: the version in force, in full."""
    portal = system.settings.portal
    if portal is None:
        raise LookupError("a portal has a table [portal]; settings.py sees to that")
    return show(
        request,
        system,
        "flows/information/regulations.html",
        session=await _session(request, system),
        terms_version=portal.terms_version,
        terms_from=portal.terms_from,
    )


async def _session(request: Request, system: Portal) -> Session | None:
    return await session_of(request, system)

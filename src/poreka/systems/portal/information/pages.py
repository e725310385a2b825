"""Pages of text: help, and the regulations in force (Z1).

Whoever is signed in keeps the panel's menu and the countdown around them.
"""

from starlette.requests import Request
from starlette.responses import Response

from poreka.systems.portal.system import Portal
from poreka.systems.portal.terms_told import session_times, terms_shown
from poreka.web.frame import show
from poreka.web.sessions import session_of


async def show_help(request: Request, system: Portal) -> Response:
    """GET /help."""
    session = await session_of(request, system)
    return show(
        request,
        system,
        "systems/portal/information/help.html",
        session=session,
        signed_in=session is not None,
        session_times=session_times(request, system),
    )


async def show_regulations(request: Request, system: Portal) -> Response:
    """GET /regulations: the version in force, in full."""
    session = await session_of(request, system)
    return show(
        request, system, "systems/portal/information/regulations.html", session=session, **terms_shown(request, system)
    )

"""GET /: what a trusted profile is, and the two ways on.

Whoever is signed in goes to their profile.
"""

from starlette.requests import Request
from starlette.responses import Response

from poreka.systems.trusted_profile.system import TrustedProfileSystem
from poreka.web.browser.redirect import redirect, with_query
from poreka.web.frame import show
from poreka.web.sessions import session_of


async def show_first(request: Request, pz: TrustedProfileSystem) -> Response:
    """GET /; `?ended=` says how a release that began here came to its end."""
    if await session_of(request, pz) is not None:
        ended = request.query_params.get("ended", "")
        return redirect(request, pz, with_query("/profile", {"ended": ended} if ended else {}))
    return show(request, pz, "systems/trusted_profile/pages/first.html")

"""The page with every way into the portal, and one page for each way that is not there yet (Z1).

GET /             the sign-in page; who is signed in goes to the panel
GET /ways/{way}   why this way is not available yet, and what to use instead

The form for login and password is answered by the flow of the portal's own profiles, at POST /sign-in.
"""

from starlette.requests import Request
from starlette.responses import Response

from poreka.web.failures import PageNotFound
from poreka.web.frame import redirect, show
from poreka.web.sessions import session_of
from poreka.web.systems import Portal

NOT_YET = ("trusted-profile",)
NOTICES = ("signed_out", "session_ended", "form_kept")
"""What may have brought a person here (`flows/portal_session`); anything else in the address says nothing."""


async def sign_in_page(request: Request, system: Portal) -> Response:
    """Every way in, on one page."""
    if await session_of(request, system) is not None:
        return redirect(request, system, "/dashboard")
    count = await system.profile_count.at(system.clock())
    asked = request.query_params.get("notice")
    return show(
        request,
        system,
        "flows/portal_sign_in/page.html",
        wide=True,
        profile_count=count,
        notice=asked if asked in NOTICES else None,
    )


async def way_not_there(request: Request, system: Portal) -> Response:
    """A way in that does not work yet: no dead link, and no promise either."""
    way = request.path_params["way"]
    if way not in NOT_YET:
        raise PageNotFound
    session = await session_of(request, system)
    return show(request, system, "flows/portal_sign_in/way.html", session=session, way=way.replace("-", "_"))

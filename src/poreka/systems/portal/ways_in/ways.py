"""The page with every way into the portal (Z1).

GET /             the sign-in page; who is signed in goes to the panel

The form for login and password is answered by the flow of the portal's own profiles, at POST /sign-in.
"""

from starlette.requests import Request
from starlette.responses import Response

from poreka.for_everyone.passkeys.own import PORTAL_SIGN_IN, form_to_sign_in
from poreka.systems.portal.system import Portal
from poreka.systems.portal.ways_in.remembered import remembered_bank
from poreka.web.browser.redirect import redirect
from poreka.web.frame import show
from poreka.web.sessions import session_of

NOTICES = ("signed_out", "session_ended", "form_kept")
"""What may have brought a person here (`relying/signing_out`); anything else in the address says nothing."""


async def sign_in_page(request: Request, system: Portal) -> Response:
    """Every way in, on one page."""
    if await session_of(request, system) is not None:
        return redirect(request, system, "/dashboard")
    count = await system.profile_count.at(system.clock())
    asked = request.query_params.get("notice")
    return show(
        request,
        system,
        "systems/portal/ways_in/page.html",
        wide=True,
        profile_count=count,
        passkey=form_to_sign_in(request, system, PORTAL_SIGN_IN),
        notice=asked if asked in NOTICES else None,
        remembered=remembered_bank(request, system),
        trusted_profiles=[one for one in system.relied_on.values() if one.open and one.kind == "trusted_profile"],
    )

"""The page for a certificate that opens nothing: why, and what to do next.

GET /certificate/refused/{reason}

It changes nothing and tells no more than its address does, so anyone may open it.
"""

from starlette.requests import Request
from starlette.responses import Response

from poreka.systems.portal.certificate.door import MISSING, NOT_CHECKED, REASONS, REVOKED, UNREADABLE
from poreka.systems.portal.system import Portal
from poreka.web.failures import PageNotFound
from poreka.web.frame import show
from poreka.web.sessions import session_of

BEGIN_ANEW, LEFT = "stale", "left"
NEXT = {
    MISSING: "choose",
    UNREADABLE: "later",
    NOT_CHECKED: "later",
    "not_yet_valid": "renew",
    "expired": "renew",
    REVOKED: "renew",
    BEGIN_ANEW: "anew",
    LEFT: "anew",
}
"""What helps, where it is not another certificate."""


async def show_refused(request: Request, system: Portal) -> Response:
    """Say what happened."""
    reason = request.path_params["reason"]
    if reason not in (*REASONS, BEGIN_ANEW, LEFT):
        raise PageNotFound
    return show(
        request,
        system,
        "systems/portal/certificate/refused.html",
        session=await session_of(request, system),
        reason=reason,
        next=NEXT.get(reason, "another"),
        left=reason == LEFT,
    )

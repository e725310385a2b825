"""The page for a sign-in that came to nothing by somebody's decision: what happened, and the ways on (P2).

GET /not-signed-in/{provider}/{reason}

It changes nothing and tells no more than its address does, so anyone may open it. A provider's own words
are never shown: they could say anything.
"""

from starlette.requests import Request
from starlette.responses import Response

from poreka.relying.sign_in.returned import REASONS
from poreka.relying.sign_in.set_out import begins_at, list_of_ways
from poreka.relying.system import Relying
from poreka.web.failures import PageNotFound
from poreka.web.frame import show
from poreka.web.sessions import session_of


async def show_no(request: Request, system: Relying) -> Response:
    """Say what happened."""
    provider = system.relied_on.get(request.path_params["provider"])
    reason = request.path_params["reason"]
    if provider is None or reason not in REASONS:
        raise PageNotFound
    session = await session_of(request, system)
    template = "relying/sign_in/said_no.html"
    again, other = begins_at(system, provider), list_of_ways(system)
    return show(request, system, template, session=session, provider=provider, reason=reason, again=again, other=other)

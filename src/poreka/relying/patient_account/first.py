"""GET /: the ways into the patient account. Whoever is signed in goes to their account.

GET  /enter/{provider}   where a reload leads: back to the ways
POST /enter/{provider}   to the provider, at the level substantial
"""

from starlette.requests import Request
from starlette.responses import Response

from poreka.relying.sign_in.set_out import go_to
from poreka.relying.system import Relying
from poreka.rules.levels import Level
from poreka.web.browser.own_form import read_form
from poreka.web.browser.redirect import redirect
from poreka.web.failures import PageNotFound
from poreka.web.frame import show
from poreka.web.sessions import session_of

HOME = "/account"


async def show_ways(request: Request, system: Relying) -> Response:
    """GET /."""
    if await session_of(request, system) is not None:
        return redirect(request, system, HOME)
    providers = [one for one in system.relied_on.values() if one.open]
    ended = request.query_params.get("notice") == "session_ended"
    return show(request, system, "relying/patient_account/first.html", providers=providers, ended=ended)


async def back_to_ways(request: Request, system: Relying) -> Response:
    """GET /enter/{provider}: a name in an address begins nothing by itself."""
    return redirect(request, system, "/")


async def set_out(request: Request, system: Relying) -> Response:
    """POST /enter/{provider}."""
    await read_form(request, system)
    provider = system.relied_on.get(request.path_params["provider"])
    if provider is None or not provider.open:
        raise PageNotFound
    return await go_to(request, system, provider, target=HOME, level=Level.SUBSTANTIAL)

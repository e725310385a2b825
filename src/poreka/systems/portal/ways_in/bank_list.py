"""Choosing who vouches: the providers as large named buttons, the last choice first (Z2).

GET  /banks              the list
GET  /banks/{provider}   where a reload or a change of language after a failed start leads: back to the list
POST /banks/{provider}   remember the choice on this device and begin the sign-in there
POST /banks/forget       forget the choice

What is remembered, and where else it is offered: `remembered.py`.
"""

from starlette.requests import Request
from starlette.responses import Response

from poreka.relying.sign_in.set_out import go_to
from poreka.systems.portal.system import Portal
from poreka.systems.portal.ways_in.remembered import forget_bank, remember_bank, remembered_bank
from poreka.web.browser.own_form import read_form
from poreka.web.browser.redirect import redirect
from poreka.web.failures import PageNotFound
from poreka.web.frame import show
from poreka.web.sessions import session_of


async def show_banks(request: Request, system: Portal) -> Response:
    """The list, the remembered provider first."""
    remembered = remembered_bank(request, system)
    banks = (provider for provider in system.relied_on.values() if provider.kind == "bank")
    providers = sorted(banks, key=lambda provider: provider is not remembered)
    return show(
        request,
        system,
        "systems/portal/ways_in/list.html",
        session=await session_of(request, system),
        providers=[provider for provider in providers if provider.open],
        not_yet=[provider for provider in providers if not provider.open],
        remembered=remembered,
    )


async def back_to_list(request: Request, system: Portal) -> Response:
    """A provider's name in the address begins nothing by itself: a sign-in needs the button."""
    query = request.url.query
    return redirect(request, system, f"/banks?{query}" if query else "/banks")


async def choose(request: Request, system: Portal) -> Response:
    """Begin at the chosen provider."""
    await read_form(request, system)
    provider = system.relied_on.get(request.path_params["provider"])
    if provider is None or not provider.open:
        raise PageNotFound
    response = await go_to(request, system, provider)
    if provider.kind == "bank":
        remember_bank(response, system, provider)
    return response


async def forget(request: Request, system: Portal) -> Response:
    """Forget the choice; the list is in its ordinary order again."""
    await read_form(request, system)
    response = redirect(request, system, "/banks")
    forget_bank(response, system)
    return response

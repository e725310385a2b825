"""The services page, and going from it to a service (P1).

What goes with the browser is our issuer and nothing about the person. A cookie of five minutes says
that the release which comes back began here, so that a cancel leads here too (P2). `Uaktywnij` on the
consents page (P7) is the same thing.
"""

from starlette.requests import Request
from starlette.responses import Response

from poreka.oidc.clients.initiate_login import initiate_login_address
from poreka.provider.pages.frame import HOME, PRODUCTS, services_under_finances, show_inside
from poreka.provider.system import Bank
from poreka.store.sessions import Session
from poreka.web.browser.own_form import read_form
from poreka.web.browser.redirect import redirect
from poreka.web.failures import PageNotFound

STARTED_COOKIE = "started"  # read by the release when its request arrives
STARTED_SECONDS = 5 * 60


async def show_services(request: Request, bank: Bank, session: Session) -> Response:
    """GET /finances/services."""
    under_finances = services_under_finances(bank)
    way, template = PRODUCTS if under_finances else HOME, "provider/pages/offer.html"
    return await show_inside(request, bank, session, template, way=way, named=not under_finances)


async def enter(request: Request, bank: Bank, _session: Session) -> Response:
    """POST /services/{client}/enter, and POST /settings/security/consents/{client}/activate."""
    await read_form(request, bank)
    client = await bank.clients.by_id(request.path_params["client"])
    address = initiate_login_address(client, bank.origin) if client else None
    if client is None or address is None:
        raise PageNotFound
    response = redirect(request, bank, address)
    bank.cookies.set(response, STARTED_COOKIE, client.client_id, STARTED_SECONDS)
    return response

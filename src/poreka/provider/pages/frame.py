"""The pages behind a provider's sign-in: the menu beside them, the way to them, and the names of services.

All of them are shown by `show_inside`, so that the banner of a service that can be entered from here
(P1) stands on each. Not for the pages of a release or a sign-in: those have one thing on them.
"""

from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from poreka.provider.differing_pages import Way
from poreka.provider.rules.wish import AskingService
from poreka.provider.system import Bank
from poreka.store.sessions import Session
from poreka.web.browser.language import language_of, texts_of
from poreka.web.frame import show
from poreka.web.texts import Texts

# The way to a page: text keys and addresses of what lies above it.
HOME = (("bank.nav.home", "/"),)
FINANCES = (*HOME, ("bank.nav.finances", "/finances"))
PRODUCTS = (*FINANCES, ("bank.nav.products", "/finances/products"))
SETTINGS = (*HOME, ("bank.nav.settings", "/settings"))
SECURITY = (*SETTINGS, ("bank.nav.security", "/settings/security"))
CONSENTS = (*SECURITY, ("bank.nav.consents", "/settings/security/consents"))


@dataclass(frozen=True, slots=True)
class Service:
    """A relying party that can be entered from here; `client_id` is also the key of its accent."""

    client_id: str
    name: str
    purpose: str


def name_of(client: AskingService, language: str) -> str:
    """What people call a service."""
    return client.name.get(language) or client.name.get("pl") or client.client_id


def way_to_consents(bank: Bank, texts: Texts) -> str:
    """Where a consent is withdrawn, as the entries of this system's menus are called."""
    return ", ".join(texts(key) for key in bank.inside.to_consents)


async def services_of(bank: Bank, language: str) -> list[Service]:
    """Everything that can be entered from here, by name (OpenID Connect Core §4)."""
    found = [
        Service(client.client_id, name_of(client, language), client.purpose.get(language, ""))
        for client in await bank.clients.all()
        if client.initiate_login_uri is not None
    ]
    return sorted(found, key=lambda service: service.name)


def services_under_finances(bank: Bank) -> bool:
    """Whether the way to the services leads through finances and products; otherwise the menu has them."""
    return bank.settings.vouching.services_in == "finances"


async def show_inside(
    request: Request,
    bank: Bank,
    session: Session,
    template: str,
    *,
    way: Way = (),
    status: int | None = None,
    **data: Any,
) -> Response:
    """A page with the menu beside it; `way` leads from the home page to the page above this one."""
    texts, path, inside = texts_of(request, bank), request.url.path, bank.inside
    above = way if inside.above is None else inside.above
    return show(
        request,
        bank,
        template,
        session=session,
        status=status,
        services=await services_of(bank, language_of(request, bank)),
        way=[(texts(key), href) for key, href in above],
        short_cuts=[{"label": texts(key), "href": href, "current": href == path} for key, href in inside.short_cuts],
        **data,
    )

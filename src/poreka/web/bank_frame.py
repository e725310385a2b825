"""The pages behind a provider's sign-in: the menu beside them, the way to them, and the names of services.

All of them are shown by `show_inside`, so that the banner of a service that can be entered from here
(P1) stands on each. Not for the pages of a release or a sign-in: those have one thing on them.
"""

from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from poreka.oidc.provider.client import Client
from poreka.store.sessions import Session
from poreka.web.frame import language_of, show, texts_of
from poreka.web.systems import Bank, Mobywatel, TrustedProfileSystem
from poreka.web.texts import Texts

# The way to a page: text keys and addresses of what lies above it.
HOME = (("bank.nav.home", "/"),)
FINANCES = (*HOME, ("bank.nav.finances", "/finances"))
PRODUCTS = (*FINANCES, ("bank.nav.products", "/finances/products"))
SETTINGS = (*HOME, ("bank.nav.settings", "/settings"))
SECURITY = (*SETTINGS, ("bank.nav.security", "/settings/security"))
CONSENTS = (*SECURITY, ("bank.nav.consents", "/settings/security/consents"))
_SHORT_CUTS = (
    ("bank.nav.services", "/finances/services"),
    ("bank.nav.consents", "/settings/security/consents"),
    ("bank.nav.safety", "/safety"),
    ("contact.title", "/help"),
)

# At the trusted profile the same pages hang under the owner's own.
_PROFILE = (("trusted.nav.home", "/profile"),)
_PROFILE_SHORT_CUTS = (
    ("trusted.nav.details", "/profile/details"),
    ("trusted.act.method", "/settings/security/tools"),
    ("trusted.nav.consents", "/settings/security/consents"),
    ("bank.nav.sessions", "/settings/security/sessions"),
    ("trusted.nav.history", "/profile/history"),
)


@dataclass(frozen=True, slots=True)
class Service:
    """A relying party that can be entered from here; `client_id` is also the key of its accent."""

    client_id: str
    name: str
    purpose: str


def name_of(client: Client, language: str) -> str:
    """What people call a client."""
    return client.name.get(language) or client.name.get("pl") or client.client_id


def way_to_consents(bank: Bank, texts: Texts) -> str:
    """Where a consent is withdrawn, as the entries of this system's menus are called."""
    if isinstance(bank, Mobywatel):
        return texts("app.nav.consents")
    if isinstance(bank, TrustedProfileSystem):
        return texts("trusted.nav.consents")
    return ", ".join(texts(key) for key, _ in CONSENTS[1:])


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
    way: tuple[tuple[str, str], ...] = (),
    status: int = 200,
    **data: Any,
) -> Response:
    """A page with the menu beside it; `way` leads from the home page to the page above this one."""
    texts, path = texts_of(request, bank), request.url.path
    short_cuts: tuple[tuple[str, str], ...] = _SHORT_CUTS
    if isinstance(bank, TrustedProfileSystem):
        way, short_cuts = _PROFILE, _PROFILE_SHORT_CUTS
    return show(
        request,
        bank,
        template,
        session=session,
        status=status,
        services=await services_of(bank, language_of(request, bank)),
        way=[(texts(key), href) for key, href in way],
        short_cuts=[{"label": texts(key), "href": href, "current": href == path} for key, href in short_cuts],
        **{"errors": [], **data},
    )

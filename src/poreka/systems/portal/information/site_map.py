"""The site map, and the search through it: every page a person may open, with what it is for (Z1, Z7).

The search compares words as names are compared, so case and hyphens do not matter; it looks at the names and
descriptions of pages and e-services, not at anyone's data.
"""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from poreka.rules.people.names import normalise
from poreka.store.sessions import Session
from poreka.systems.portal.catalogue import CATALOGUE, EXISTING_SERVICES, TO_COME
from poreka.systems.portal.system import Portal
from poreka.web.browser.language import texts_of
from poreka.web.frame import show
from poreka.web.sessions import session_of
from poreka.web.texts import Texts

FOR_EVERYONE = {
    "sign_in": "/",
    "banks": "/banks",
    "register": "/register",
    "password": "/password",
    "help": "/help",
    "notices": "/notices",
    "regulations": "/regulations",
    "accessibility": "/accessibility",
}
SIGNED_IN = {
    "dashboard": "/dashboard",
    "documents": "/documents",
    "orders": "/orders",
    "certificate": "/orders/new",
    "catalogue": "/catalogue",
    "family": "/family",
    "visits": "/visits",
    "question": "/question",
    "settings": "/settings",
    "sessions": "/settings/sessions",
}
LONGEST_SEARCH = 100


@dataclass(frozen=True, slots=True)
class Entry:
    """A page in the map."""

    label: str
    href: str
    what: str


async def show_site_map(request: Request, system: Portal) -> Response:
    """GET /site-map."""
    texts = texts_of(request, system)
    session = await session_of(request, system)
    parts = {"everyone": entries(texts, FOR_EVERYONE), "signed_in": entries(texts, SIGNED_IN)}
    return show(request, system, "systems/portal/information/site_map.html", session=session, parts=parts)


async def search(request: Request, system: Portal, session: Session) -> Response:
    """GET /search."""
    asked = request.query_params.get("q", "")[:LONGEST_SEARCH]
    texts = texts_of(request, system)
    pages = [*entries(texts, SIGNED_IN | FOR_EVERYONE), *services(texts)]
    return show(
        request,
        system,
        "systems/portal/information/search.html",
        session=session,
        asked=asked,
        found=matching(pages, asked) if asked.strip() else None,
    )


def entries(texts: Texts, pages: dict[str, str]) -> list[Entry]:
    """The pages with their names and descriptions."""
    return [
        Entry(texts(f"information.page.{name}"), href, texts(f"information.page.{name}_what"))
        for name, href in pages.items()
    ]


def services(texts: Texts) -> list[Entry]:
    """The e-services of the catalogue, those of later versions too: who looks for one is told that it is to come."""
    today, later = texts("portal.catalogue.today"), texts("portal.catalogue.to_come")
    return [
        *(Entry(texts(f"portal.catalogue.{name}"), href, today) for name, href in EXISTING_SERVICES.items()),
        *(Entry(texts(f"portal.catalogue.{name}"), CATALOGUE, later) for name in TO_COME),
    ]


def matching(pages: list[Entry], asked: str) -> list[Entry]:
    """The pages that hold every word asked for."""
    words = normalise(asked).split()
    return [page for page in pages if all(word in normalise(f"{page.label} {page.what}") for word in words)]

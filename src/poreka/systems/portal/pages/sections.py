"""The pages behind the tiles and the menu, as far as there is something behind them (Z7).

Each says what it is for, that there is nothing yet, and what can be done today instead. They become flows of
their own when they get content.
"""

from starlette.requests import Request
from starlette.responses import Response

from poreka.store.sessions import Session
from poreka.systems.portal.catalogue import EXISTING_SERVICES, TO_COME
from poreka.systems.portal.pages.panel import load_panel
from poreka.systems.portal.system import Portal
from poreka.web.frame import show


async def show_documents(request: Request, system: Portal, session: Session) -> Response:
    """GET /documents: messages, and documents to receive."""
    return await _section(request, system, session, "documents", ("messages", "inbox"))


async def show_family(request: Request, system: Portal, session: Session) -> Response:
    """GET /family."""
    return await _section(request, system, session, "family")


async def show_visits(request: Request, system: Portal, session: Session) -> Response:
    """GET /visits."""
    return await _section(request, system, session, "visits")


async def show_catalogue(request: Request, system: Portal, session: Session) -> Response:
    """GET /catalogue: what can be done today, and what comes."""
    return show(
        request,
        system,
        "systems/portal/pages/catalogue.html",
        session=session,
        existing=EXISTING_SERVICES,
        to_come=TO_COME,
    )


async def _section(
    request: Request, system: Portal, session: Session, name: str, parts: tuple[str, ...] = ()
) -> Response:
    panel = await load_panel(system, session)
    return show(
        request,
        system,
        "systems/portal/pages/section.html",
        session=session,
        name=name,
        parts=parts,
        trusted=panel.trusted,
    )

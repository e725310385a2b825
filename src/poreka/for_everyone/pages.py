"""Help with a contact, and the accessibility statement: pages of text for everyone.

The statement has what the law asks for: of public bodies the Act of 4 April 2019, of banks and the post that of
26 April 2024. Whoever is signed in keeps the menu and the countdown around it.
"""

from starlette.requests import Request
from starlette.responses import Response

from poreka.for_everyone.barriers import barriers_of, known_barriers
from poreka.for_everyone.report import can_be_sent
from poreka.rules.shown_date import shown_day
from poreka.web.browser.language import language_of
from poreka.web.frame import show
from poreka.web.sessions import session_of
from poreka.web.system import System


async def show_help(request: Request, system: System) -> Response:
    """GET /help."""
    session = await session_of(request, system)
    return show(request, system, "for_everyone/help.html", session=session)


async def show_statement(request: Request, system: System) -> Response:
    """GET /accessibility."""
    settings, language = system.settings, language_of(request, system)
    barriers = barriers_of(settings)
    reviewed = known_barriers().reviewed
    return show(
        request,
        system,
        "for_everyone/statement.html",
        session=await session_of(request, system),
        sent=request.query_params.get("sent") == "yes",
        law="services" if settings.system.kind == "bank" else "public",
        barriers=[(one, shown_day(one.since, language), shown_day(one.until, language)) for one in barriers],
        passkeys=settings.has_passkeys,
        whole=not any(barrier.criterion for barrier in barriers),
        published=shown_day(settings.contact.published or reviewed, language),
        reviewed=shown_day(reviewed, language),
        form=can_be_sent(system),
    )

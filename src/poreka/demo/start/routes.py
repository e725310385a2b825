"""The demonstration's start page: its table of contents.

It exists in the demonstration only; `settings.py` refuses its kind elsewhere.
"""

from starlette.requests import Request
from starlette.responses import Response

from poreka.demo.start import certificates as download
from poreka.demo.start import clerk_link as link
from poreka.demo.start import clock_page as clock
from poreka.demo.start import start_page as page
from poreka.web.browser.redirect import redirect
from poreka.web.routes import Access, Route
from poreka.web.system import NavigationItem, System

ROUTES: list[Route] = [
    Route("GET", "/", page.show_start, Access.ANYONE),
    Route("GET", "/outside", page.show_outside, Access.ANYONE),
    Route("GET", "/people.json", page.people_json, Access.ANYONE),
    Route("GET", "/certificates/{file}", download.download, Access.ANYONE),
    Route("GET", "/clerks", link.show_clerks, Access.ANYONE),
    Route("POST", "/clerks", link.make_link, Access.ANYONE, "demonstrate"),
    Route("GET", "/clock", clock.show_clock, Access.ANYONE),
    Route("GET", "/clock.json", clock.show_clock_json, Access.ANYONE),
    Route("POST", "/clock", clock.move_clock, Access.ANYONE, "demonstrate"),
]
NAVIGATION: tuple[NavigationItem, ...] = ()
FOOTER: tuple[NavigationItem, ...] = ()


async def turn_away(request: Request, system: System) -> Response:
    """Nobody is signed in where somebody must be."""
    return redirect(request, system, "/")

"""The demonstration's start page: its table of contents.

It exists in the demonstration only; `settings.py` refuses its kind elsewhere.
"""

from starlette.requests import Request
from starlette.responses import Response

from poreka.flows.demo_certificates import download
from poreka.flows.demo_clerks import link
from poreka.flows.demo_clock import clock
from poreka.flows.demo_start import page
from poreka.web.frame import redirect
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

"""The demonstration's phone page: its table of contents.

It exists in the demonstration only; `settings.py` refuses its kind elsewhere.
"""

from starlette.requests import Request
from starlette.responses import Response

from poreka.demo.phone import inbox, question
from poreka.web.browser.redirect import redirect
from poreka.web.routes import Access, Route
from poreka.web.system import NavigationItem, System

ROUTES: list[Route] = [
    Route("GET", "/", inbox.choose_person, Access.ANYONE),
    Route("GET", "/messages.json", inbox.messages_json, Access.ANYONE),
    Route("GET", "/{key}", inbox.show_inbox, Access.ANYONE),
    Route("GET", "/{key}/requests/{request}", question.show_question, Access.ANYONE),
    Route("POST", "/{key}/requests/{request}/approve", question.approve, Access.ANYONE, "demonstrate"),
    Route("POST", "/{key}/requests/{request}/refuse", question.refuse, Access.ANYONE, "demonstrate"),
]
NAVIGATION: tuple[NavigationItem, ...] = ()
FOOTER: tuple[NavigationItem, ...] = ()


async def turn_away(request: Request, system: System) -> Response:
    """Nobody is signed in where somebody must be."""
    return redirect(request, system, "/")

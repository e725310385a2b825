"""Who works at the demonstration's desk, and a new link for a key (GET, POST /clerks).

Elsewhere only an operator makes such a link (`poreka clerk key`); these routes exist on the start page only, and the
start page in the demonstration only.
"""

from starlette.requests import Request
from starlette.responses import Response

from poreka.demo.systems import Start
from poreka.web.browser.own_form import read_form
from poreka.web.failures import PageNotFound
from poreka.web.frame import show


async def show_clerks(request: Request, start: Start) -> Response:
    """GET /clerks."""
    return _page(request, start, "", "")


async def make_link(request: Request, start: Start) -> Response:
    """POST /clerks: the link stands on the page once, and ends the clerk's earlier keys."""
    fields = await read_form(request, start, "login")
    known = next((one for one in start.clerks if one.login == fields["login"]), None)
    link = await start.clerk_link(known.login) if known else None
    if known is None or link is None:
        raise PageNotFound
    return _page(request, start, known.name, link)


def _page(request: Request, start: Start, name: str, link: str) -> Response:
    template = "demo/start/clerks.html"
    choices = [{"value": one.login, "label": one.name} for one in start.clerks]
    return show(request, start, template, clerk_choices=choices, clerk_name=name, link=link)

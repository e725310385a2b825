"""The two cookies that every browser gets: its own secret, to which the form token is bound, and its language.

`show` and `redirect` set them; nothing else of a system's cookies is here.
"""

from starlette.requests import Request
from starlette.responses import Response

from poreka.web.browser.language import asked_language
from poreka.web.cookies import YEAR
from poreka.web.system import System
from poreka.web.texts import LANGUAGES


def browser_of(request: Request, system: System) -> str:
    """This browser's secret name: its cookie, or a fresh one that `show` and `redirect` will set."""
    browser: str | None = getattr(request.state, "browser", None) or system.cookies.secret(request, "browser")
    if browser is None:
        browser = request.state.browser = system.fresh.secret()
    return browser


def with_cookies(request: Request, system: System, response: Response) -> Response:
    """The response, with the cookies that this browser does not have yet."""
    fresh: str | None = getattr(request.state, "browser", None)
    if fresh is not None:
        system.cookies.set(response, "browser", fresh)
    asked = asked_language(request)
    if asked in LANGUAGES:
        system.cookies.set(response, "language", asked, YEAR)
    return response

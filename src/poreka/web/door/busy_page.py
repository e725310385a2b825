"""The answer to whoever is turned away because there is too much to do: made once a language, sent in microseconds.

It says that nothing was lost and nothing counted, and leads on: a page that was asked for is asked for again by itself,
after a moment that differs from person to person; a form is sent again from its own page.
"""

from html import escape
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from poreka.store.deadline import TooBusy
from poreka.web.browser.language import language_of
from poreka.web.frame import show
from poreka.web.system import System

_HERE = "/-here-"
_HERE_ASKING = f"{_HERE}?".encode()


class BusyPages:
    """The pages of one system."""

    def __init__(self, system: System) -> None:
        self._system = system
        self._made: dict[tuple[str, bool], bytes] = {}

    def answer(self, request: Request, error: TooBusy) -> Response:
        """503, with what to do (RFC 9110 §15.6.4)."""
        reads = request.method in ("GET", "HEAD")
        wait, address = str(error.retry_seconds), way_back(request)
        page = self._page(language_of(request, self._system), reads)
        # The links to the other language have a query of their own, so the address of the page stands in two forms.
        asking = f"{address}{'&' if '?' in address else '?'}"
        body = page.replace(_HERE_ASKING, escape(asking).encode()).replace(_HERE.encode(), escape(address).encode())
        headers = {"retry-after": wait, **({"refresh": wait} if reads else {})}
        return HTMLResponse(body, 503, headers)

    def _page(self, language: str, reads: bool) -> bytes:
        made = self._made.get((language, reads))
        if made is None:
            made = self._made[language, reads] = self._make(language, "next" if reads else "next_form")
        return made

    def _make(self, language: str, asked: str) -> bytes:
        nobody = Request(
            {
                "type": "http",
                "method": "GET",
                "path": _HERE,
                "query_string": b"",
                "headers": [(b"accept-language", language.encode())],
                "state": {},
            }
        )
        texts = self._system.texts[language]
        made = show(
            nobody,
            self._system,
            "web/layout/error.html",
            status=503,
            kind="busy",
            what_was_sent=texts("failure.busy.sent"),
            what_next=[texts(f"failure.busy.{asked}")],
            actions=[{"label": texts("failure.busy.again"), "href": _HERE}],
        )
        return bytes(made.body)


def busy_json(error: TooBusy) -> Response:
    """For a program."""
    body = {"error": "temporarily_unavailable", "error_description": "Too busy; nothing was done. Try again later."}
    return JSONResponse(body, 503, {"retry-after": str(error.retry_seconds)})


def way_back(request: Request) -> str:
    """Where to go on: the page that was asked for, or the page of the journey or form that was sent."""
    path = "/" + quote(request.scope["path"].lstrip("/"), errors="replace")
    if request.method in ("GET", "HEAD"):
        query = request.scope["query_string"].decode("ascii", "replace")
        return f"{path}?{query}" if query else path
    journey = request.path_params.get("journey", "")
    return f"{path.partition(journey)[0]}{journey}" if journey else path

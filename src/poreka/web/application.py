"""The ASGI application of one system: limits, routes, access, and every answer's headers.

Order of a request: an address that can be read, the route, the whole body (`door/arriving.py`), the door
(`door/door.py`), who may call it, the handler, and for whatever went wrong `failures.py`. A system's routes come in as
an explicit list. No address is ever made of the Host header somebody sent. Nothing is decided here about people or
clients.
"""

import asyncio
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import compile_path
from starlette.types import Receive, Scope, Send

from poreka.store.deadline import TooBusy, begin, end
from poreka.web.door.arriving import Arriving
from poreka.web.door.busy_page import BusyPages, busy_json
from poreka.web.door.client_address import find_client_address, networks
from poreka.web.door.door import Lane, let_in_after_all
from poreka.web.failures import PageNotFound, WrongMethod, answer_for, wants_program_answer
from poreka.web.forms import QUERY_LIMIT, BadForm
from poreka.web.headers import security_headers
from poreka.web.health import HEALTH, health_of
from poreka.web.pages import STATIC_PATH
from poreka.web.routes import ASKED_HOST, Access, Guard, Handler, Route
from poreka.web.sessions import session_of
from poreka.web.static import static_file
from poreka.web.system import System

_PATH_LIMIT = 1024
_ONCE = frozenset((b"authorization", b"content-length", b"content-type", b"origin"))
"""Headers of which a request has one at most; `Host` is looked at before a system is found."""


class Application:
    """Serves one system's routes; `turn_away` answers whoever is not signed in where one must be.

    `guard` sees everyone who is, and may answer instead of the page; `second_factor` sees everyone on the way to a
    route for strong sessions, and answers instead of it whoever has used one factor only.
    """

    def __init__(
        self,
        system: System,
        routes: list[Route],
        turn_away: Handler,
        guard: Guard | None = None,
        second_factor: Guard | None = None,
    ) -> None:
        if second_factor is None and any(route.access is Access.STRONG_PERSON for route in routes):
            raise LookupError("routes for strong sessions, and nothing that asks for the second factor")
        self._system, self._turn_away, self._guard, self._second_factor = system, turn_away, guard, second_factor
        self._headers = security_headers(https=system.origin.startswith("https:"), demo=system.settings.system.demo)
        self._exact = {(route.method, route.path): route for route in routes if "{" not in route.path}
        self._patterns = [(compile_path(route.path), route) for route in routes if "{" in route.path]
        self._addresses = [(compile_path(route.path)[0], route) for route in routes]
        self._inside = frozenset(route.path for route in routes if "{journey}" in route.path or _comes_back(route))
        self._busy, self._door = BusyPages(system), system.door
        self._proxies = networks(system.settings.server.trusted_proxies)
        self._host = (b"host", urlsplit(system.origin).netloc.encode())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        asked = next((value for name, value in scope["headers"] if name == b"host"), b"")
        headers = [self._host, *(header for header in scope["headers"] if header[0] != b"host")]
        arriving = Arriving(receive)
        request = Request({**scope, "headers": headers, ASKED_HOST: asked}, arriving)
        response = await self._answer(request, arriving)
        names = {name for name, _ in response.raw_headers}
        response.raw_headers.extend(header for header in self._headers if header[0] not in names)
        if self._door.closing:
            response.raw_headers.append((b"connection", b"close"))
        await response(scope, receive, send)

    async def _answer(self, request: Request, arriving: Arriving) -> Response:
        path = request.scope["path"]
        route: Route | None = None
        try:
            _check_head(request)
            find_client_address(request, self._proxies)
            if path.startswith(STATIC_PATH) and request.method in ("GET", "HEAD"):
                return static_file(path) or PlainTextResponse("", 404)
            if path in HEALTH:
                return await health_of(path, self._system)
            request.state.page_above = self._page_above
            route, arguments = self._route(request.method, path)
            request.scope["path_params"] = arguments
            if request.method not in ("GET", "HEAD"):
                await arriving.whole()
            return await self._let_in(route, request)
        except TooBusy as error:
            return busy_json(error) if wants_program_answer(route) else self._busy.answer(request, error)
        except Exception as error:  # the one place that catches bugs: each becomes a page with a reference
            return await answer_for(error, request, self._system, route or next(iter(self._routes_at(path)), None))

    async def _let_in(self, route: Route, request: Request) -> Response:
        """Through the door, with a deadline for all that is done for the request."""
        lane = request.state.lane = self._lane(route, request)
        self._door.enter(lane, self._service(request) if lane is Lane.NEWCOMERS else "")
        bounds = begin(self._door.limits.request_seconds, request.is_disconnected)
        try:
            self._door.feel(asyncio.get_running_loop())
            return await self._call(route, request)
        except asyncio.CancelledError:
            if not self._door.closing:
                raise
            # The process ends and waits no longer: who asked is told, instead of being cut off.
            if (task := asyncio.current_task()) is not None:
                task.uncancel()
            raise TooBusy("the process ends", self._door.retry_after(lane)) from None
        finally:
            end(bounds)
            self._door.leave(lane)

    def _lane(self, route: Route, request: Request) -> Lane:
        if route.access in (Access.CLIENT, Access.BEARER):
            return Lane.PROGRAMS
        if (
            route.path in self._inside
            or b"release=" in request.scope["query_string"]
            or self._system.cookies.secret(request, "session") is not None
        ):
            return Lane.INSIDE
        return Lane.NEWCOMERS

    def _service(self, request: Request) -> str:
        """The relying party a newcomer comes from, as far as the address tells: for a fair share only.

        A name that this process has not met is nobody's: else each made-up name would have a share of its own.
        """
        _, there, after = request.scope["query_string"].partition(b"client_id=")
        name = after.partition(b"&")[0][:255].decode("ascii", "replace") if there else ""
        return name if name and self._system.has_met_client(name) else ""

    async def _call(self, route: Route, request: Request) -> Response:
        if route.access not in (Access.PERSON, Access.STRONG_PERSON):
            return await route.handler(request, self._system)
        session = await session_of(request, self._system)
        if session is None:
            let_in_after_all(request, self._door)
            return await self._turn_away(request, self._system)
        if self._guard is not None and (answer := await self._guard(request, self._system, session)) is not None:
            return answer
        if route.access is Access.STRONG_PERSON and self._second_factor is not None:
            answer = await self._second_factor(request, self._system, session)
            if answer is not None:
                return answer
        return await route.handler(request, self._system, session)

    def _route(self, method: str, path: str) -> tuple[Route, dict[str, str]]:
        method = "GET" if method == "HEAD" else method
        route = self._exact.get((method, path))
        if route is not None:
            return route, {}
        for (regex, _, convertors), candidate in self._patterns:
            if candidate.method == method and (match := regex.match(path)):
                return candidate, {name: convertors[name].convert(value) for name, value in match.groupdict().items()}
        if there := self._routes_at(path):
            raise WrongMethod(", ".join(sorted({one.method for one in there})))
        raise PageNotFound

    def _page_above(self, path: str) -> str:
        """Where the page is that a form's address belongs to: there, or the nearest above it."""
        while path.strip("/"):
            if any(route.method == "GET" for route in self._routes_at(path)):
                return path
            path = path.rpartition("/")[0]
        return "/"

    def _routes_at(self, path: str) -> list[Route]:
        """What is at an address, by whatever method: so that a program is told of its mistakes in JSON."""
        return [route for regex, route in self._addresses if regex.match(path)]


def _comes_back(route: Route) -> bool:
    """Whether a provider sends people here: whoever comes has begun before."""
    return route.path.startswith("/callback/")


def _check_head(request: Request) -> None:
    path, query = request.scope["path"], request.scope["query_string"]
    once = [name for name, _ in request.scope["headers"] if name in _ONCE]
    if len(once) != len(set(once)):  # RFC 9110 §5.3: whoever reads one of two reads what others do not
        raise BadForm("unreadable")
    if len(path) > _PATH_LIMIT or len(query) > QUERY_LIMIT:
        raise BadForm("too_large", 414)
    if not path.isprintable():  # a control character stands in no address of ours, and some databases refuse it
        raise PageNotFound
    if not query.isascii():  # RFC 3986 §2: everything else is percent-encoded
        raise BadForm("unreadable")


class Federation:
    """Several systems behind one port, told apart by the Host header: the demonstration.

    Where there is one, it tells of its health whatever the host: a load balancer asks by address.
    """

    def __init__(self, applications: dict[str, Application]) -> None:
        self._applications = applications
        self._only = next(iter(applications.values())) if len({*map(id, applications.values())}) == 1 else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        hosts = [value.decode("latin-1") for name, value in scope["headers"] if name == b"host"]
        if len(hosts) != 1:  # RFC 9112 §3.2
            await _plain("A request names one host.", 400)(scope, receive, send)
            return
        application = self._applications.get(hosts[0].lower()) or (self._only if scope["path"] in HEALTH else None)
        if application is None:
            await _plain("There is no system at this address.", 421)(scope, receive, send)
            return
        await application(scope, receive, send)


def _plain(text: str, status: int) -> Response:
    answer = PlainTextResponse(text, status)
    answer.raw_headers.extend(security_headers(https=False))
    return answer

"""Turning every failure into its answer: a clear page for a person, JSON for a program.

Protocol faults go where their type says (`oidc/errors.py`); bad forms and stale pages get a page
with what to do next; a database or another system that is away gets "try again in a moment"; a bug is
logged under a reference number and shows nothing of itself. Nothing here ever shows a private detail. Whoever is signed
in stays so on the page: their name, the navigation and the way to sign out are around it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import structlog
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from poreka.oidc.errors import AnsweredAsJson, RefusedBearer, SentToClient, ShownToPerson
from poreka.outgoing.peer_away import PeerAway
from poreka.store.database import DatabaseUnavailable
from poreka.store.sessions import Session
from poreka.web.browser.language import texts_of
from poreka.web.csrf import FormNotOurs
from poreka.web.door.limiter import LimitReached
from poreka.web.forms import BadForm
from poreka.web.frame import show
from poreka.web.routes import Access, Route
from poreka.web.sessions import session_of
from poreka.web.system import System

log = structlog.get_logger()
RETRY_SECONDS = "5"


@dataclass(frozen=True, slots=True)
class Onward:
    """Where the person was going: `names` of a service by language, none for a page of this system; its address."""

    names: Mapping[str, str]
    href: str


class PageNotFound(Exception):
    """There is no such page, or not for this person."""


class WrongMethod(Exception):
    """The page exists, but not for this method; `allowed` is the value of the Allow header (RFC 9110 §10.2.1)."""

    def __init__(self, allowed: str) -> None:
        super().__init__(allowed)
        self.allowed = allowed


class StalePage(Exception):
    """The page belongs to a journey that has ended or moved on; `kind` is a text key's last part.

    `onward` is where the person was going: the name of a service, in each language, and an address.
    """

    def __init__(self, kind: str = "stale", status: int = 410, onward: Onward | None = None) -> None:
        super().__init__(kind)
        self.kind, self.status, self.onward = kind, status, onward


async def answer_for(error: Exception, request: Request, system: System, route: Route | None) -> Response:
    """The answer to a request that raised `error`; `route` is what is at its address, if anything."""
    request.state.reference = system.fresh.id()[-10:].upper()
    if wants_program_answer(route):
        return _json_answer(error, request)
    if isinstance(error, SentToClient) and (answer := await system.answer_to_client(request, error)) is not None:
        _note("sent to client", error, request, private=error.detail)
        return answer
    session = await _session_of(error, request, system)
    return _page_answer(error, request, system, session)


def wants_program_answer(route: Route | None) -> bool:
    """Whether a program asks, which is told in JSON; `route` is what is at the address, if anything."""
    return route is not None and (route.access in (Access.CLIENT, Access.BEARER) or route.path.endswith(".json"))


async def _session_of(error: Exception, request: Request, system: System) -> Session | None:
    """Who is signed in, for the frame around the page; None when the store fails, so that the page tells of `error`."""
    if isinstance(error, DatabaseUnavailable):
        return None
    try:
        return await session_of(request, system)
    except Exception:  # the page is about `error`, which came first
        return None


def _page_answer(error: Exception, request: Request, system: System, session: Session | None) -> Response:
    match error:
        case ShownToPerson():
            _note("shown to person", error, request, private=error.detail)
            return _page(request, system, session, "request", 400, detail=error.description)
        case BadForm():
            return _page(request, system, session, f"form_{error.kind}", error.status)
        case FormNotOurs():
            return _page(request, system, session, f"form_{error.kind}", 403)
        case StalePage():
            return _stale(request, system, session, error)
        case PageNotFound():
            return _page(request, system, session, "not_found", 404)
        case WrongMethod():
            response = _page(request, system, session, "not_found", 405)
            response.headers["allow"] = error.allowed
            return response
        case LimitReached():
            return _limit_reached(error, request, system, session)
        case DatabaseUnavailable():
            _note("database unavailable", error, request)
            response = _page(request, system, session, "unavailable", 503)
            response.headers["retry-after"] = RETRY_SECONDS
            return response
        case PeerAway():
            return _peer_away(error, request, system, session)
        case _:
            log.error("failed", reference=request.state.reference, path=request.scope["path"], exc_info=error)
            return _page(request, system, session, "broken", 500)


def _json_answer(error: Exception, request: Request) -> Response:
    match error:
        case AnsweredAsJson():
            _note("answered as JSON", error, request, private=error.detail)
            return JSONResponse(error.body(), error.status, dict(error.headers))
        case RefusedBearer():
            _note("refused bearer", error, request, private=error.detail)
            return Response(status_code=error.status, headers=error.headers)
        case BadForm():
            return _json("invalid_request", f"The request cannot be read: {error.kind}.", error.status)
        case DatabaseUnavailable():
            _note("database unavailable", error, request)
            return _json("temporarily_unavailable", "Try again in a moment.", 503, {"retry-after": RETRY_SECONDS})
        case PeerAway():
            _note(error.noted, error, request)
            wait = {"retry-after": str(error.retry_seconds)}
            return _json("temporarily_unavailable", "Try again in a moment.", 503, wait)
        case LimitReached():
            _note("limit reached", error, request)
            again = {"retry-after": str(error.seconds)}
            return _json("temporarily_unavailable", "Too often; possible again after Retry-After.", 429, again)
        case WrongMethod():
            return _json("invalid_request", "This method is not offered here.", 405, {"allow": error.allowed})
        case PageNotFound():
            return _json("not_found", "There is nothing at this address.", 404)
        case _:
            reference = request.state.reference
            log.error("failed", reference=reference, path=request.scope["path"], exc_info=error)
            return _json("server_error", f"Something went wrong. Reference: {reference}.", 500)


def _json(error: str, description: str, status: int, headers: dict[str, str] | None = None) -> Response:
    return JSONResponse({"error": error, "error_description": description}, status, headers)


def _page(
    request: Request, system: System, session: Session | None, kind: str, status: int, detail: str = ""
) -> Response:
    template = "web/layout/error.html"
    return show(request, system, template, session=session, status=status, kind=kind, detail=detail)


def _stale(request: Request, system: System, session: Session | None, error: StalePage) -> Response:
    """The page of a journey that is over, with a link to where the person was going.

    When the journey was finished (kind "finished"), the page says that what the person agreed to was sent.
    """
    template, onward, texts = "web/layout/error.html", error.onward, texts_of(request, system)
    if onward is None:
        return _page(request, system, session, error.kind, error.status)
    name = onward.names.get(texts.language) or onward.names.get("pl", "")
    label = texts("failure.onward.to", service=name) if name else texts("failure.onward.again")
    page_data: dict[str, Any] = {"actions": [{"label": label, "href": onward.href}]}
    if error.kind == "finished":
        page_data["what_was_sent"] = texts("failure.onward.sent", service=name)
    return show(request, system, template, session=session, status=error.status, kind=error.kind, **page_data)


def _limit_reached(error: LimitReached, request: Request, system: System, session: Session | None) -> Response:
    _note("limit reached", error, request)
    texts, minutes = texts_of(request, system), -(-error.seconds // 60)
    come_back = (
        texts.plural("failure.limit.minutes", minutes)
        if minutes < 60
        else texts.plural("failure.limit.hours", -(-minutes // 60))
    )
    page_data: dict[str, Any] = {"what_was_sent": texts("failure.limit.sent")}
    page_data["what_next"] = [come_back, texts("failure.limit.next")]
    template = "web/layout/error.html"
    response = show(request, system, template, session=session, status=429, kind="limit", **page_data)
    response.headers["retry-after"] = str(error.seconds)
    return response


def _peer_away(error: PeerAway, request: Request, system: System, session: Session | None) -> Response:
    """The page for a peer that does not answer, in the texts of `error.kind`.

    The page says that something may have been sent, and leads back to the step, where the exception says so.
    """
    _note(error.noted, error, request)
    texts, page_data = texts_of(request, system), dict[str, Any]()
    if error.maybe_sent:
        page_data["what_was_sent"] = texts(f"failure.{error.kind}.sent")
    if error.leads_back:
        page_data["actions"] = [{"label": texts(f"failure.{error.kind}.again"), "href": _step_again(request)}]
    template = "web/layout/error.html"
    response = show(request, system, template, session=session, status=503, kind=error.kind, **page_data)
    response.headers["retry-after"] = str(error.retry_seconds)
    return response


def _step_again(request: Request) -> str:
    """The address to try again at: the page of the journey, or the page that was opened, or the start page."""
    path, journey = request.url.path, request.path_params.get("journey", "")
    if journey:
        return f"{path.partition(journey)[0]}{journey}"
    query = f"?{request.url.query}" if request.url.query else ""
    return f"{path}{query}" if request.method == "GET" else "/"


def _note(what: str, error: Exception, request: Request, private: str = "") -> None:
    log.info(what, reference=request.state.reference, path=request.scope["path"], error=str(error), detail=private)

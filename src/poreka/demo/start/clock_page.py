"""The demonstration's clock can be moved forward, never back, by ten years at most.

GET  /clock.json   what time the demonstration has: {"now", "advanced", "advanced_seconds"}
POST /clock        as JSON {"advance": "P14D"}: answers the same document, or 400 with what is wrong
POST /clock        as the start page's form: leads back to it, or shows the form with its error
GET  /clock        the form alone, where a reload after an error leads

A program's request needs no form token: a browser sends this content type to another origin only after
asking, and nobody here says yes.
"""

from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from poreka.demo.start.duration import MOST_SECONDS, DurationRefused, read_duration, write_duration
from poreka.demo.systems import Start
from poreka.rules.warsaw_time import warsaw_moment
from poreka.web.browser.language import texts_of
from poreka.web.browser.own_form import read_form
from poreka.web.browser.redirect import redirect
from poreka.web.form_errors import FormErrors
from poreka.web.forms import FORM_TYPE, BadForm, read_body
from poreka.web.frame import show

WHY = {
    "unreadable": "advance must be an ISO 8601 duration of weeks, days or a time, such as P14D or PT1H.",
    "calendar": "advance cannot have years or months: they have no fixed length; give days, such as P30D.",
    "zero": "advance must be longer than nothing.",
    "backward": "the clock only moves forward.",
    "too_long": "the clock can be at most ten years (3653 days) ahead.",
}


class Move(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a program sends."""

    advance: str


async def show_clock_json(_: Request, start: Start) -> Response:
    """GET /clock.json."""
    return JSONResponse(await _document(start))


async def show_clock(request: Request, start: Start) -> Response:
    """GET /clock."""
    return _page(request, start, await start.demo_clock.advanced())


async def move_clock(request: Request, start: Start) -> Response:
    """POST /clock."""
    if request.headers.get("content-type", "").split(";")[0].strip().lower() == FORM_TYPE:
        return await _by_form(request, start)
    return await _by_program(request, start)


async def _by_form(request: Request, start: Start) -> Response:
    fields = await read_form(request, start, "advance", "custom")
    period = fields["advance"] or fields["custom"].strip().upper()
    try:
        await _move(start, read_duration(period))
    except DurationRefused as refused:
        text = texts_of(request, start)(f"demo.clock.fault.{refused.kind}")
        ahead = await start.demo_clock.advanced()
        return _page(request, start, ahead, typed=fields["custom"], fault=text)
    return redirect(request, start, "/#clock")


async def _by_program(request: Request, start: Start) -> Response:
    try:
        if request.headers.get("content-type", "").split(";")[0].strip().lower() != "application/json":
            return _refused("the content type must be application/json.", 415)
        move = msgspec.json.decode(await read_body(request), type=Move)
        await _move(start, read_duration(move.advance))
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return _refused('the body must be a JSON object with one text, such as {"advance": "P14D"}.')
    except BadForm as bad:
        return _refused(f"the body cannot be read: {bad.kind}.", bad.status)
    except DurationRefused as refused:
        return _refused(WHY[refused.kind])
    return JSONResponse(await _document(start))


async def _move(start: Start, seconds: int) -> None:
    """Move the clock of every system; raises `DurationRefused` when it would be too far ahead in all."""
    if await start.demo_clock.advanced() + seconds > MOST_SECONDS:
        raise DurationRefused("too_long")
    await start.demo_clock.advance(seconds)
    await start.moved()


async def _document(start: Start) -> dict[str, Any]:
    ahead = await start.demo_clock.advanced()
    return {
        "now": warsaw_moment(start.clock()).isoformat(),
        "advanced": write_duration(ahead),
        "advanced_seconds": ahead,
    }


def _refused(description: str, status: int = 400) -> Response:
    return JSONResponse({"error": "invalid_request", "error_description": description}, status)


def _page(
    request: Request,
    start: Start,
    ahead: int,
    *,
    typed: str = "",
    fault: str | None = None,
) -> Response:
    return show(
        request,
        start,
        "demo/start/clock.html",
        now=warsaw_moment(start.clock()),
        ahead=ahead,
        typed=typed,
        errors=FormErrors({"custom": fault} if fault else {}),
    )

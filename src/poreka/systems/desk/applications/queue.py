"""The queue: applications that wait, the one that lapses first first, without names; and one found by its number.

GET  /               the queue
POST /applications   the number that the applicant names
"""

import re

from starlette.requests import Request
from starlette.responses import Response

from poreka.contracts.desk import Waiting
from poreka.rules.shown_date import shown_day
from poreka.store.sessions import Session
from poreka.systems.desk.clerk import last_day, named
from poreka.systems.desk.system import DeskSystem
from poreka.web.browser.language import texts_of
from poreka.web.browser.own_form import read_form
from poreka.web.browser.redirect import redirect
from poreka.web.form_errors import form_errors
from poreka.web.frame import show

NUMBER = re.compile(r"[0-9]{10}")


async def show_queue(request: Request, desk: DeskSystem, session: Session) -> Response:
    """GET /."""
    return await _page(request, desk, session)


async def find_number(request: Request, desk: DeskSystem, session: Session) -> Response:
    """POST /applications."""
    fields = await read_form(request, desk, "number")
    number = re.sub(r"[\s-]", "", fields["number"])
    if not NUMBER.fullmatch(number):
        return await _page(request, desk, session, typed=fields["number"][:40], fault="desk.queue.number_fault")
    return redirect(request, desk, f"/applications/{number}")


async def _page(
    request: Request, desk: DeskSystem, session: Session, *, typed: str = "", fault: str | None = None
) -> Response:
    queue, texts = await desk.office.queue(await named(desk, session)), texts_of(request, desk)
    return show(
        request,
        desk,
        "systems/desk/applications/queue.html",
        session=session,
        waiting=[_row(one, texts.language) for one in queue.applications],
        more=queue.more,
        typed=typed,
        errors=form_errors(texts, {"number": fault} if fault else {}),
    )


def _row(one: Waiting, language: str) -> dict[str, object]:
    return {
        "number": one.number,
        "applied": shown_day(one.applied_at, language, short=True),
        "until": last_day(one.until, language),
        "own": one.own,
        "second": one.second,
    }

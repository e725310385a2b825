"""POST .../sessions/end and .../sessions/end-others: what one ends from one's own list.

A session that is no longer there is as good as ended. This one is ended by signing out, not here.
"""

from starlette.requests import Request
from starlette.responses import Response

from poreka.for_everyone.sessions.ending import end_all_but
from poreka.store.sessions import Session
from poreka.web.browser.own_form import read_form
from poreka.web.browser.redirect import redirect
from poreka.web.system import System

BY = "another_session"


async def end_one(request: Request, system: System, session: Session) -> Response:
    """POST .../sessions/end: another session of the same person; anybody else's is not even looked at."""
    fields = await read_form(request, system, "session")
    async with system.audit.transaction() as (transaction, record):
        for one in await system.sessions.of_person(session.person_id, transaction):
            if one.sid == fields["session"] and one.sid != session.sid:
                await system.end_session(transaction, record, one, by=BY)
    system.wake_delivery()
    return redirect(request, system, f"{_page(request)}?done=one")


async def end_others(request: Request, system: System, session: Session) -> Response:
    """POST .../sessions/end-others."""
    await read_form(request, system)
    async with system.audit.transaction() as (transaction, record):
        await end_all_but(system, transaction, record, session.person_id, but=session.sid, by=BY)
    system.wake_delivery()
    return redirect(request, system, f"{_page(request)}?done=others")


def _page(request: Request) -> str:
    """The list that the button was on: every system has it at its own address."""
    return request.url.path.rpartition("/")[0]

"""The clerk behind a desk's session, and what the trusted profile is told of them.

A clerk who was blocked is none from that moment on, whatever cookies there still are: `guard` looks at every request.
"""

import datetime

from starlette.requests import Request
from starlette.responses import Response

from poreka.contracts.desk import ClerkNamed, KeySigned, signature_hash
from poreka.rules.shown_date import shown_day
from poreka.store.sessions import Session
from poreka.systems.desk.events import ClerkActed
from poreka.systems.desk.office_over_http import OfficeSaidNo
from poreka.systems.desk.store.clerks import DeskClerk
from poreka.systems.desk.system import DeskSystem
from poreka.web.browser.redirect import redirect
from poreka.web.failures import PageNotFound
from poreka.web.sessions import clear_session_cookie


async def guard(request: Request, desk: DeskSystem, session: Session) -> Response | None:
    """Whoever is no clerk any more signs in again, which they cannot."""
    clerk = await desk.clerks.load(session.person_id)
    if clerk is None or clerk.blocked_at is not None:
        return clear_session_cookie(redirect(request, desk, "/sign-in"), desk)
    return None


PROVIDER = "pz"
"""By which key a desk knows the trusted profile as a provider."""


def last_day(until: datetime.datetime, language: str) -> str:
    """The last day before a moment, as a table has it: what ends at midnight ends with the day before."""
    return shown_day(until - datetime.timedelta(seconds=1), language, short=True)


async def named(desk: DeskSystem, session: Session) -> ClerkNamed:
    """Who acts."""
    clerk: DeskClerk | None = await desk.clerks.load(session.person_id)
    if clerk is None:
        raise PageNotFound
    return ClerkNamed(id=clerk.id, name=clerk.name, pesel=clerk.pesel.digits)


async def note(
    desk: DeskSystem,
    session: Session,
    act: str,
    case: str,
    no: OfficeSaidNo | None = None,
    *,
    signed: KeySigned | None = None,
) -> None:
    """What the clerk did goes into the desk's own audit log; nothing of the person does."""
    outcome = no.error if no is not None else "done"
    proof = signature_hash(signed) if signed is not None else ""
    event = ClerkActed(person_id=session.person_id, act=act, case=case[:64], outcome=outcome, signed=proof)
    await desk.audit.save(event=event)

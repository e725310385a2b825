"""Inside the app: the account's records, a child's among them, and who entered, as the patient account tells it (K4).

GET  /account, /account/{kind}, /account/history
POST /account/for   for oneself or for a child; the account asks anew at every page whether one may

Nothing of it is kept here. When the account does not answer, the page says to try again in a moment; when it is gone,
or the device is bound no more, the session ends.
"""

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response

from poreka.relying.patient_account.pages import APP_PAGE, FOR, kind_asked, show_home
from poreka.relying.patient_account.pages import show_history as history_page
from poreka.relying.patient_account.pages import show_records as records_page
from poreka.store.sessions import Session
from poreka.systems.mojeikp.account_over_http import AccountUnknown
from poreka.systems.mojeikp.device.bound import of_session
from poreka.systems.mojeikp.system import Mojeikp
from poreka.web.browser.own_form import read_form
from poreka.web.browser.redirect import redirect
from poreka.web.sessions import clear_session_cookie, details_of

Page = Callable[[Request, Mojeikp, Session], Awaitable[Response]]


def inside(page: Page) -> Page:
    """A page for who may still look; anyone else is led out."""

    async def guarded(request: Request, app: Mojeikp, session: Session) -> Response:
        bound = not details_of(session).device or await of_session(request, app, session) is not None
        try:
            return await page(request, app, session) if bound else _out(request, app)
        except AccountUnknown:
            return _out(request, app)

    return guarded


async def show_account(request: Request, app: Mojeikp, session: Session) -> Response:
    """GET /account."""
    told = await app.account.account(session.person_id, app.cookies.choice(request, FOR))
    return show_home(request, app, session, told, APP_PAGE)


async def show_records(request: Request, app: Mojeikp, session: Session) -> Response:
    """GET /account/{kind}."""
    kind = kind_asked(request)
    told = await app.account.records(session.person_id, kind, app.cookies.choice(request, FOR))
    return records_page(request, app, session, kind, told, APP_PAGE)


async def show_history(request: Request, app: Mojeikp, session: Session) -> Response:
    """GET /account/history."""
    return history_page(request, app, session, await app.account.history(session.person_id), APP_PAGE)


async def act_for(request: Request, app: Mojeikp, session: Session) -> Response:
    """POST /account/for; the account says whether it may be that one."""
    fields = await read_form(request, app, "person")
    told = await app.account.account(session.person_id, fields["person"][:64])
    response = redirect(request, app, "/account")
    if told.chosen == fields["person"] != told.people[0].id:
        app.cookies.set(response, FOR, told.chosen)
    else:
        app.cookies.clear(response, FOR)
    return response


def _out(request: Request, app: Mojeikp) -> Response:
    return clear_session_cookie(redirect(request, app, "/"), app)

"""GET /devices and POST /devices/{device}/remove: every device that opens this account, in the app.

Whoever has the account open may remove any of them at once: a lost phone must be gone before anything else. What the
device had open is closed with it.
"""

from starlette.requests import Request
from starlette.responses import Response

from poreka.contracts.binding import BindingEnd
from poreka.rules.shown_date import people_time
from poreka.store.sessions import Session
from poreka.systems.mojeikp.device.bound import bound_to, end_binding, of_session, unused_days
from poreka.systems.mojeikp.system import Mojeikp
from poreka.web.browser.language import language_of
from poreka.web.browser.own_form import read_form
from poreka.web.browser.redirect import redirect
from poreka.web.failures import PageNotFound
from poreka.web.frame import show
from poreka.web.sessions import clear_session_cookie, details_of


async def show_devices(request: Request, app: Mojeikp, session: Session) -> Response:
    """GET /devices."""
    own, language = details_of(session).device, language_of(request, app)
    devices = [
        {
            "id": one.id,
            "name": one.name,
            "tool": one.rule.tool.value,
            "added": people_time(one.added_at, language),
            "used": people_time(one.rule.used_at, language),
            "this": one.id == own,
        }
        for one in await bound_to(app, session.person_id)
    ]
    days = unused_days(app)
    return show(
        request,
        app,
        "systems/mojeikp/device/devices.html",
        session=session,
        devices=devices,
        bound=bool(own),
        days=days,
    )


async def remove(request: Request, app: Mojeikp, session: Session) -> Response:
    """POST /devices/{device}/remove."""
    await read_form(request, app)
    kept = await app.bindings.load(request.path_params["device"])
    own = await of_session(request, app, session)
    if kept is None or kept.account != session.person_id:
        raise PageNotFound
    if details_of(session).device and own is None:
        return clear_session_cookie(redirect(request, app, "/"), app)
    async with app.audit.transaction() as (transaction, record):
        await end_binding(app, transaction, record, kept, BindingEnd.OWNER)
    if own is not None and own.id == kept.id:
        return clear_session_cookie(redirect(request, app, "/"), app)
    return redirect(request, app, "/devices")

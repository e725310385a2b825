"""GET /account/devices and removing one: as the app's back end tells them, asked anew each time.

Nothing of them is kept here. When the app does not answer, the page says so, and to try again in a moment: a device
that was not removed must not look as if it were.
"""

from starlette.requests import Request
from starlette.responses import Response

from poreka.contracts.patient_account import BoundDevice
from poreka.rules.shown_date import people_time
from poreka.store.sessions import Session
from poreka.systems.patient_account.app_over_http import AppAway, DevicesOverHttp
from poreka.systems.patient_account.system import PatientAccountSystem
from poreka.web.browser.language import language_of
from poreka.web.browser.own_form import read_form
from poreka.web.browser.redirect import redirect
from poreka.web.failures import PageNotFound
from poreka.web.frame import show

DEVICES = "/account/devices"
DONE = ("removed", "away")


async def show_devices(request: Request, system: PatientAccountSystem, session: Session) -> Response:
    """GET /account/devices."""
    try:
        found: tuple[BoundDevice, ...] | None = await _app(system).of_account(session.person_id)
    except AppAway:
        found = None
    done, language = request.query_params.get("done", ""), language_of(request, system)
    return show(
        request,
        system,
        "systems/patient_account/devices.html",
        session=session,
        status=503 if found is None else 200,
        away=found is None,
        done=done if done in DONE else "",
        devices=[
            {
                "id": one.id,
                "name": one.name,
                "tool": one.tool.value,
                "added": people_time(one.added_at, language),
                "used": people_time(one.used_at, language),
            }
            for one in found or ()
        ],
    )


async def remove(request: Request, system: PatientAccountSystem, session: Session) -> Response:
    """POST /account/devices/{device}/remove."""
    await read_form(request, system)
    try:
        await _app(system).remove(session.person_id, request.path_params["device"])
    except AppAway:
        return redirect(request, system, f"{DEVICES}?done=away")
    return redirect(request, system, f"{DEVICES}?done=removed")


def _app(system: PatientAccountSystem) -> DevicesOverHttp:
    """The app's back end; an account without an app has none of these pages."""
    if system.app_devices is None:
        raise PageNotFound
    return system.app_devices

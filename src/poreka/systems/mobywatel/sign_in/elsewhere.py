"""Signing in on this device with the phone in one's hand: the browser's side (K1, RFC 10027).

POST /sign-in/elsewhere            makes a code, but only in the middle of a release to a service
GET  /sign-in/elsewhere/{cross}    QR code, number and time; its script asks how it stands
POST /sign-in/elsewhere/{cross}    goes on once the phone has approved, in the browser that showed the code

`_load` raises `StalePage` in any other browser. The session that `_open` begins answers the release and opens no page
of the app; it ends with the phone that approved. The phone's side is `across.py`.
"""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from poreka.audit.events import SignedIn
from poreka.audit.record import Recorder
from poreka.provider.client_sessions import end_session
from poreka.provider.release.stored import read_release
from poreka.rules.browser_words import browser_words
from poreka.rules.enrolment_code import code_of, shown_code
from poreka.rules.levels import Factor
from poreka.rules.shown_date import time_of_day
from poreka.store.database import Stale, Transaction
from poreka.store.fresh import secret_hash
from poreka.systems.mobywatel.rules.cross_device import (
    LIFE,
    CrossSignIn,
    CrossState,
    NotNow,
    as_of,
    code_seed,
    shown_number,
    use,
)
from poreka.systems.mobywatel.store.cross_sign_ins import CrossAsked, KeptCross
from poreka.systems.mobywatel.system import Mobywatel
from poreka.web.browser.own_cookies import browser_of
from poreka.web.browser.own_form import read_form
from poreka.web.browser.own_path import own_path, release_in
from poreka.web.browser.redirect import redirect
from poreka.web.browser.script import wants_json
from poreka.web.door.client_address import client_address
from poreka.web.failures import StalePage
from poreka.web.frame import show
from poreka.web.new_browser import renew_browser
from poreka.web.qr import qr_picture
from poreka.web.sessions import Details, new_session, session_of, set_session_cookie

RELEASE = "/release/"


async def begin(request: Request, app: Mobywatel) -> Response:
    """POST /sign-in/elsewhere."""
    fields = await read_form(request, app, "next")
    page, browser = own_path(fields["next"]) or "", secret_hash(browser_of(request, app))
    client_id = await _asking_client(app, page, browser)
    asked = CrossAsked(
        client_id=client_id,
        agent=browser_words(request.headers.get("user-agent", "")),
        address=client_address(request),
        asked_at=app.clock(),
        next=page,
    )
    rule = CrossSignIn(id=app.fresh.id(), browser=browser, expires_at=app.clock() + LIFE)
    code = code_of(code_seed(app.keys.codes, rule.id))
    await app.database.insert(app.cross_sign_ins.adding(KeptCross(rule=rule, asked=asked), code))
    return redirect(request, app, f"/sign-in/elsewhere/{rule.id}")


async def show_code(request: Request, app: Mobywatel) -> Response:
    """GET /sign-in/elsewhere/{cross}."""
    kept = await _load(request, app)
    rule = as_of(kept.rule, app.clock())
    if wants_json(request):
        return JSONResponse({"state": rule.state.value, "trouble": ""})
    code = code_of(code_seed(app.keys.codes, rule.id))
    return show(
        request,
        app,
        "systems/mobywatel/sign_in/elsewhere.html",
        cross=rule.id,
        state=rule.state.value,
        picture=qr_picture(f"{app.origin}/across#{code}") if rule.state is CrossState.SHOWN else None,
        code=shown_code(code) if rule.state is CrossState.SHOWN else "",
        number=shown_number(app.keys.codes, rule.id),
        until=time_of_day(rule.expires_at, seconds=True),
        time_left=rule.expires_at - app.clock(),
        app_host=app.origin.partition("://")[2] + "/across",
        wanted=kept.asked.next,
    )


async def go_on(request: Request, app: Mobywatel) -> Response:
    """POST /sign-in/elsewhere/{cross}."""
    await read_form(request, app)
    kept = await _load(request, app)

    decided = use(kept.rule, kept.rule.browser, app.clock())

    if isinstance(decided, NotNow):
        return redirect(request, app, f"/sign-in/elsewhere/{kept.rule.id}")
    try:
        async with app.audit.transaction() as (transaction, record):
            await app.cross_sign_ins.save(transaction, kept.rule, decided)
            cookie = await _open(request, app, transaction, record, decided, release_in(kept.asked.next))
            browser = await renew_browser(request, app, transaction, kept.asked.next)
    except Stale:
        return redirect(request, app, f"/sign-in/elsewhere/{kept.rule.id}")
    app.wake_delivery()
    return set_session_cookie(redirect(request, app, kept.asked.next), app, cookie, browser)


async def _open(
    request: Request, app: Mobywatel, transaction: Transaction, record: Recorder, approved: CrossSignIn, release: str
) -> str:
    """Begin a session of the person whose phone approved, and end this browser's earlier one; returns the cookie.

    Raises `Stale` where the phone was removed meanwhile. `Details.through` ties the session to the phone.
    """
    person = await app.people.load(approved.person_id or "", transaction)
    device = await app.devices.load(approved.device_id or "", transaction)
    if person is None or device is None or device.removed_at is not None:
        raise Stale("devices")
    earlier = await session_of(request, app)
    if earlier is not None:
        await end_session(app, transaction, record, earlier, by="person")
    name = f"{person.facts.first_name} {person.facts.surname}"
    details = Details(name=name, through=device.id, answers=release)
    opened = new_session(request, app, person.id, (Factor.PASSKEY,), details)
    await transaction.insert(opened.row)
    await record(SignedIn(person_id=person.id, sid=opened.sid, factors=(Factor.PASSKEY.value,)))
    return opened.cookie


async def _asking_client(app: Mobywatel, wanted: str, browser: bytes) -> str:
    """The service of the release that this browser is in the middle of; raises `StalePage`."""
    journey = await app.journeys.load(wanted.removeprefix(RELEASE), browser, app.clock())
    if not wanted.startswith(RELEASE) or journey is None or journey.kind != "release":
        raise StalePage
    return read_release(journey.state).wish.service


async def _load(request: Request, app: Mobywatel) -> KeptCross:
    """The sign-in that the address names, begun in this browser; raises `StalePage`."""
    browser = app.cookies.secret(request, "browser") or ""
    kept = await app.cross_sign_ins.load(request.path_params["cross"])
    if kept is None or kept.rule.browser != secret_hash(browser):
        raise StalePage
    return kept

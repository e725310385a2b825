"""GET and POST /sign-in: the phone's key opens a session on this very phone, by its owner's own check (K1).

The assertion is over a challenge of this browser, used once. The level is substantial: a key of this phone, and what
its owner knows or is. The session belongs to the phone: when the phone is removed, it ends.
"""

from starlette.requests import Request
from starlette.responses import Response

from poreka.audit.events import SignedIn
from poreka.audit.record import Recorder
from poreka.provider.client_sessions import end_session
from poreka.rules.levels import Factor
from poreka.store.database import AlreadyThere, Stale, Transaction
from poreka.systems.mobywatel.events import KeyRefused
from poreka.systems.mobywatel.store.devices import Device
from poreka.systems.mobywatel.system import Mobywatel
from poreka.web.browser.language import texts_of
from poreka.web.browser.own_form import read_form
from poreka.web.browser.own_path import own_path, release_in
from poreka.web.browser.redirect import redirect
from poreka.web.challenges import claim_challenge, new_challenge, taken_challenge
from poreka.web.form_errors import FormErrors
from poreka.web.forms import once, query_pairs
from poreka.web.frame import show
from poreka.web.new_browser import renew_browser
from poreka.web.passkeys import PasskeyRefused, check_use, key_used, options_to_use
from poreka.web.sessions import Details, new_session, session_of, set_session_cookie

PURPOSE = "sign-in"


async def begin(request: Request, app: Mobywatel) -> Response:
    """GET /sign-in; for a release it is always asked, for a page of the app only where nobody is signed in."""
    asked = once(query_pairs(request), ("release", "next", "lang"))
    if asked["release"]:
        return _page(request, app, own_path(f"/release/{asked['release']}") or "/")
    wanted = own_path(asked["next"]) or "/"
    if await session_of(request, app) is not None:
        return redirect(request, app, wanted)
    return _page(request, app, wanted)


async def enter(request: Request, app: Mobywatel) -> Response:
    """POST /sign-in."""
    fields = await read_form(request, app, "token", "credential", "next")
    wanted = own_path(fields["next"]) or "/"
    try:
        bound = taken_challenge(request, app, PURPOSE, fields["token"])
        device = await app.devices.by_key(key_used(fields["credential"]))
        if device is None or device.key is None:
            raise PasskeyRefused("no phone has this key")
        uses = check_use(fields["credential"], bound.challenge(), app.origin, device.key, device.uses)
        async with app.audit.transaction() as (transaction, record):
            await transaction.insert(claim_challenge(bound))
            await app.devices.use(transaction, device, uses, app.clock())
            cookie = await _open(request, app, transaction, record, device, release_in(wanted))
            browser = await renew_browser(request, app, transaction, wanted)
    except (PasskeyRefused, AlreadyThere, Stale):
        await app.audit.save(event=KeyRefused(person_id=None, purpose="sign_in"))
        return _page(request, app, wanted, fault=True)
    app.wake_delivery()
    return set_session_cookie(redirect(request, app, wanted), app, cookie, browser)


async def _open(
    request: Request, app: Mobywatel, transaction: Transaction, record: Recorder, device: Device, release: str
) -> str:
    """A session of this phone, in place of what this browser had, for a release or none; returns the cookie."""
    person = await app.people.load(device.person_id, transaction)
    if person is None:
        raise Stale("app_people")
    earlier = await session_of(request, app)
    if earlier is not None:
        await end_session(app, transaction, record, earlier, by="person")
    factors = (Factor.PASSKEY,)
    details = Details(name=f"{person.facts.first_name} {person.facts.surname}", device=device.id, answers=release)
    opened = new_session(request, app, person.id, factors, details)
    await transaction.insert(opened.row)
    await record(SignedIn(person_id=person.id, sid=opened.sid, factors=tuple(one.value for one in factors)))
    return opened.cookie


def _page(request: Request, app: Mobywatel, wanted: str, *, fault: bool = False) -> Response:
    text = texts_of(request, app)("app.key.no_use")
    return show(
        request,
        app,
        "systems/mobywatel/sign_in/unlock.html",
        errors=FormErrors({"use": text} if fault else {}),
        wanted=wanted,
        for_service=wanted.startswith("/release/"),
        token=new_challenge(request, app, PURPOSE),
        options=options_to_use(app.origin, []),
    )

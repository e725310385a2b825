"""The phone makes its key, and shows the number that its owner types at the provider (T4).

GET  /enrol/{enrolment}       the page of whatever is next; it looks again by itself until the number was typed
POST /enrol/{enrolment}/key   the key, as the phone's own browser made it

Only the browser that used the code sees the page. The key waits in the enrolment and opens nothing before its number
was typed at the provider.
"""

from starlette.requests import Request
from starlette.responses import Response

from poreka.rules.browser_words import system_word
from poreka.rules.enrolment_code import EnrolmentState, NotNow, as_of, key_made, phone_number
from poreka.rules.people.pesel import Pesel
from poreka.shown_words import fit_part
from poreka.store.database import Stale
from poreka.store.fresh import secret_hash
from poreka.systems.mobywatel.events import KeyRefused
from poreka.systems.mobywatel.store.enrolments import KeptEnrolment, NewDevice
from poreka.systems.mobywatel.system import Mobywatel
from poreka.web.browser.language import texts_of
from poreka.web.browser.own_form import read_form
from poreka.web.browser.redirect import redirect
from poreka.web.challenges import new_challenge, taken_challenge
from poreka.web.failures import StalePage
from poreka.web.form_errors import form_errors
from poreka.web.frame import show
from poreka.web.passkeys import NewKey, PasskeyRefused, check_new_key, options_to_create

LONGEST_NAME = 40


async def show_enrolment(request: Request, app: Mobywatel) -> Response:
    """GET /enrol/{enrolment}."""
    return await _page(request, app, await _load(request, app))


async def take_key(request: Request, app: Mobywatel) -> Response:
    """POST /enrol/{enrolment}/key."""
    fields = await read_form(request, app, "token", "credential", "name")
    kept = await _load(request, app)
    name = fit_part(fields["name"], LONGEST_NAME)
    if as_of(kept.rule, app.clock()).state is not EnrolmentState.CLAIMED:
        return redirect(request, app, f"/enrol/{kept.rule.id}")
    try:
        bound = taken_challenge(request, app, _purpose(kept), fields["token"])
        key = check_new_key(fields["credential"], bound.challenge(), app.origin)
    except PasskeyRefused:
        await app.audit.save(event=KeyRefused(person_id=None, purpose="enrol"))
        return await _page(request, app, kept, fault="no_key")
    await _keep(app, kept, key, name or texts_of(request, app)("app.enrol.some_phone"))
    return redirect(request, app, f"/enrol/{kept.rule.id}")


async def _keep(app: Mobywatel, kept: KeptEnrolment, key: NewKey, name: str) -> None:
    """Keep the key in the enrolment, if that still waits for one; otherwise the page says what became of it."""
    decided = key_made(kept.rule, kept.rule.browser or b"", key.key_id, app.clock())
    if isinstance(decided, NotNow):
        return
    try:
        device = NewDevice(name=name, key=key.public_key, uses=key.uses)
        await app.enrolments.save(app.database, kept.rule, decided, device)
    except Stale:
        return


async def _load(request: Request, app: Mobywatel) -> KeptEnrolment:
    """The enrolment of the address, in the browser that used its code; raises `StalePage`."""
    browser = app.cookies.secret(request, "browser")
    kept = await app.enrolments.load(request.path_params["enrolment"])
    if browser is None or kept is None or kept.rule.browser != secret_hash(browser):
        raise StalePage
    return kept


async def _page(request: Request, app: Mobywatel, kept: KeptEnrolment, fault: str = "") -> Response:
    rule, texts = as_of(kept.rule, app.clock()), texts_of(request, app)
    shown_name = f"{kept.to.first_name} {kept.to.surname[:1]}."
    known = await app.people.of_pesel(Pesel(kept.to.pesel))
    keys = [device.key_id for device in await app.devices.of_person(known.id)] if known else []
    return show(
        request,
        app,
        "systems/mobywatel/enrolment/key.html",
        errors=form_errors(texts, {"make": f"app.key.{fault}"} if fault else {}),
        enrolment=rule.id,
        state=rule.state.value,
        asker=app.askers[kept.asker].name if kept.asker in app.askers else "",
        shown_name=shown_name,
        number=phone_number(app.keys.codes, rule) if rule.state is EnrolmentState.KEYED else "",
        token=new_challenge(request, app, _purpose(kept), rule.expires_at),
        options=options_to_create(app.origin, app.settings.system.name, app.fresh.id(), shown_name, keys),
        agent=system_word(request.headers.get("user-agent", "")) or texts("app.enrol.some_phone"),
    )


def _purpose(kept: KeptEnrolment) -> str:
    return f"enrol:{kept.rule.id}"

"""Signing in elsewhere with this phone: the phone's side (K1, RFC 10027).

GET  /across                    where the other device's QR code leads, or where its code is typed
POST /across                    the code is claimed by this phone
GET  /across/{cross}            who asks, for what, from what browser; the number that the other device shows
POST /across/{cross}/approve    signed by this phone's key, together with the number; or …/refuse

`systems/mobywatel/rules/cross_device.py` decides each step: the first phone that enters the code claims the sign-in,
and a wrong number is a refusal. For any other phone `_load` raises `StalePage`. The other side is `elsewhere.py`.
"""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from poreka.provider.pages.frame import name_of
from poreka.rules.client_address import network_of
from poreka.rules.enrolment_code import read_code
from poreka.rules.shown_date import shown_moment, time_of_day
from poreka.rules.warsaw_time import warsaw_moment
from poreka.store.database import AlreadyThere, Stale
from poreka.store.fresh import secret_hash
from poreka.store.sessions import Session
from poreka.systems.mobywatel.events import CrossDeviceAnswered, KeyRefused
from poreka.systems.mobywatel.phones.session_phone import ToSign, check_key, phone_of
from poreka.systems.mobywatel.rules.cross_device import (
    CrossSignIn,
    CrossState,
    NotNow,
    approve,
    as_of,
    claim,
    refuse,
    shown_number,
)
from poreka.systems.mobywatel.store.cross_sign_ins import KeptCross
from poreka.systems.mobywatel.store.devices import Device
from poreka.systems.mobywatel.system import Mobywatel
from poreka.web.browser.language import language_of, texts_of
from poreka.web.browser.own_cookies import browser_of
from poreka.web.browser.own_form import read_form
from poreka.web.browser.redirect import redirect
from poreka.web.challenges import new_challenge
from poreka.web.door.client_address import client_address
from poreka.web.failures import PageNotFound, StalePage
from poreka.web.form_errors import form_errors
from poreka.web.frame import show
from poreka.web.passkeys import PasskeyRefused, options_to_use


@dataclass(frozen=True, slots=True)
class CrossSignInAsked:
    """A sign-in elsewhere that this phone claimed; `browser` is the hash of the phone's own browser cookie."""

    kept: KeptCross
    phone: Device
    browser: bytes

    def to_sign(self, service: str) -> ToSign:
        """What the phone's key signs: this sign-in, on this phone, in the words that the page shows."""
        other = self.kept.asked
        words = f"{service}\n{other.agent}\n{warsaw_moment(other.asked_at):%d-%m-%Y, %H:%M:%S}"
        return ToSign(f"across:{self.kept.rule.id}:{self.phone.id}", words)


async def show_form(request: Request, app: Mobywatel, session: Session) -> Response:
    """GET /across."""
    return show(request, app, "systems/mobywatel/sign_in/code.html", session=session, typed="")


async def take_code(request: Request, app: Mobywatel, session: Session) -> Response:
    """POST /across."""
    fields = await read_form(request, app, "code")
    code = read_code(fields["code"][:64])
    kept = await app.cross_sign_ins.of_code(code) if code else None
    browser = secret_hash(browser_of(request, app))
    if kept is None or await phone_of(app, session) is None:
        return _refused(request, app, session, "unknown")
    if kept.rule.phone == browser:
        return redirect(request, app, f"/across/{kept.rule.id}")

    decided = claim(kept.rule, browser, app.clock())

    if isinstance(decided, NotNow):
        return _refused(request, app, session, "over")
    try:
        await app.cross_sign_ins.save(app.database, kept.rule, decided)
    except Stale:
        return _refused(request, app, session, "over")
    return redirect(request, app, f"/across/{kept.rule.id}")


async def show_question(request: Request, app: Mobywatel, session: Session) -> Response:
    """GET /across/{cross}."""
    return await _page(request, app, session, await _load(request, app, session))


async def take_approval(request: Request, app: Mobywatel, session: Session) -> Response:
    """POST /across/{cross}/approve."""
    fields = await read_form(request, app, "number", "token", "credential")
    claimed, number = await _load(request, app, session), fields["number"]
    if as_of(claimed.kept.rule, app.clock()).state is not CrossState.CLAIMED:
        return redirect(request, app, f"/across/{claimed.kept.rule.id}")
    if not (len(number) == 2 and number.isascii() and number.isdigit()):
        return await _page(request, app, session, claimed, fault="two_digits")
    try:
        to_sign = claimed.to_sign(await _service(request, app, claimed))
        await check_key(request, app, claimed.phone, to_sign, number, fields["token"], fields["credential"])
    except (PasskeyRefused, AlreadyThere, Stale):
        await app.audit.save(event=KeyRefused(person_id=session.person_id, purpose="across"))
        return await _page(request, app, session, claimed, fault="no_use")
    right = shown_number(app.keys.codes, claimed.kept.rule.id)
    rule, now = claimed.kept.rule, app.clock()
    decided = approve(rule, claimed.browser, claimed.phone.id, session.person_id, number, right, now)
    return await _save(request, app, session, claimed, decided)


async def take_refusal(request: Request, app: Mobywatel, session: Session) -> Response:
    """POST /across/{cross}/refuse."""
    await read_form(request, app)
    claimed = await _load(request, app, session)
    return await _save(request, app, session, claimed, refuse(claimed.kept.rule, claimed.browser, app.clock()))


async def _save(
    request: Request, app: Mobywatel, session: Session, claimed: CrossSignInAsked, decided: CrossSignIn | NotNow
) -> Response:
    if isinstance(decided, CrossSignIn):
        try:
            async with app.audit.transaction() as (transaction, record):
                await app.cross_sign_ins.save(transaction, claimed.kept.rule, decided)
                await record(
                    CrossDeviceAnswered(
                        person_id=session.person_id,
                        client_id=claimed.kept.asked.client_id,
                        device_id=claimed.phone.id,
                        state=decided.state.value,
                    )
                )
        except Stale:
            pass  # the page shows what became of it
    return redirect(request, app, f"/across/{claimed.kept.rule.id}")


async def _load(request: Request, app: Mobywatel, session: Session) -> CrossSignInAsked:
    """The sign-in that the address names, claimed by this phone; raises `StalePage`, or `PageNotFound`."""
    kept, phone = await app.cross_sign_ins.load(request.path_params["cross"]), await phone_of(app, session)
    browser = secret_hash(app.cookies.secret(request, "browser") or "")
    if phone is None:
        raise PageNotFound
    if kept is None or kept.rule.phone != browser:
        raise StalePage
    return CrossSignInAsked(kept, phone, browser)


async def _page(
    request: Request, app: Mobywatel, session: Session, claimed: CrossSignInAsked, fault: str = ""
) -> Response:
    rule, other, texts = as_of(claimed.kept.rule, app.clock()), claimed.kept.asked, texts_of(request, app)
    service = await _service(request, app, claimed)
    to_sign = claimed.to_sign(service)
    here, place = client_address(request), "number" if fault == "two_digits" else "use"
    return show(
        request,
        app,
        "systems/mobywatel/sign_in/across.html",
        session=session,
        errors=form_errors(texts, {place: f"app.key.{fault}"} if fault else {}),
        cross=rule.id,
        state=rule.state.value,
        service=service,
        agent=other.agent or texts("app.across.unknown_browser"),
        asked_at=shown_moment(warsaw_moment(other.asked_at), texts.language, short=True, seconds=True),
        until=time_of_day(rule.expires_at, seconds=True),
        another_network=bool(here and other.address and network_of(here) != network_of(other.address)),
        ends_at=rule.expires_at,
        now=app.clock(),
        token=new_challenge(request, app, to_sign.purpose, rule.expires_at, to_sign.words),
        options=options_to_use(app.origin, [claimed.phone.key_id]),
    )


async def _service(request: Request, app: Mobywatel, claimed: CrossSignInAsked) -> str:
    """The name of the service that the other device signs in to, as the page shows it."""
    client = await app.clients.by_id(claimed.kept.asked.client_id)
    return name_of(client, language_of(request, app)) if client else claimed.kept.asked.client_id


def _refused(request: Request, app: Mobywatel, session: Session, why: str) -> Response:
    errors = form_errors(texts_of(request, app), {"code": f"app.across.code_{why}"})
    template = "systems/mobywatel/sign_in/code.html"
    return show(request, app, template, session=session, errors=errors, typed="")

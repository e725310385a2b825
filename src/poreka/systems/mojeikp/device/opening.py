"""Opening a bound device: the passkey or the PIN it was bound with, and nothing else (K3).

GET  /open
POST /open/passkey
POST /open/pin

`_open` tells the patient account first, so that no entry is missing from its history (K4). A PIN is counted as a try
before it is compared, so that a hundred sent at once are one try; the fifth wrong one ends the binding for good.
"""

from contextlib import suppress
from dataclasses import dataclass
from typing import Literal

from starlette.requests import Request
from starlette.responses import Response

from poreka.audit.events import SignedIn
from poreka.contracts.binding import Binding, BindingEnd, Tool, tried, tries_left
from poreka.contracts.patient_account import LaterEntry
from poreka.relying.resting_session import end_earlier
from poreka.rules.levels import Factor, Level, level_reached, reaches
from poreka.store.database import AlreadyThere, DatabaseUnavailable, Insert, Stale
from poreka.systems.mojeikp.account_over_http import AccountUnknown
from poreka.systems.mojeikp.device.bound import COOKIE, binding_of, end_binding, ended_by, set_device_cookie
from poreka.systems.mojeikp.device.pin_tries import is_right, pin_hash
from poreka.systems.mojeikp.events import DeviceRefused
from poreka.systems.mojeikp.rules.pin import is_pin
from poreka.systems.mojeikp.store.bindings import KeptBinding
from poreka.systems.mojeikp.system import Mojeikp
from poreka.web.browser.language import texts_of
from poreka.web.browser.own_form import read_form
from poreka.web.browser.redirect import redirect
from poreka.web.challenges import claim_challenge, new_challenge, taken_challenge
from poreka.web.form_errors import FormErrors
from poreka.web.frame import show
from poreka.web.new_browser import renew_browser
from poreka.web.passkeys import PasskeyRefused, check_use, key_used, options_to_use
from poreka.web.sessions import Details, new_session, session_of, set_session_cookie


@dataclass(frozen=True, slots=True, kw_only=True)
class _Proven:
    """The factor that the device proved, and what the binding keeps from now on: the key's count, secret, PIN."""

    factor: Factor
    uses: int
    secret: str
    pin_hash: str | None = None
    claims: tuple[Insert, ...] = ()


async def show_lock(request: Request, app: Mojeikp) -> Response:
    """GET /open."""
    kept = await _bound(request, app)
    if kept is None or await session_of(request, app) is not None:
        return redirect(request, app, "/")
    return _page(request, app, kept)


async def with_passkey(request: Request, app: Mojeikp) -> Response:
    """POST /open/passkey."""
    fields = await read_form(request, app, "token", "credential")
    kept = await _bound(request, app)
    if kept is None or kept.key is None:
        return redirect(request, app, "/")
    try:
        bound = taken_challenge(request, app, _purpose(kept), fields["token"])
        if key_used(fields["credential"]) != kept.key.key_id:
            raise PasskeyRefused("another device's key")
        uses = check_use(fields["credential"], bound.challenge(), app.origin, kept.key.public_key, kept.key.uses)
    except PasskeyRefused:
        await app.audit.save(event=_refused(kept, tries_left(kept.rule)))
        return _page(request, app, kept, "app.key.no_use", "use")
    proven = _Proven(factor=Factor.PASSKEY, uses=uses, secret=app.fresh.secret(), claims=(claim_challenge(bound),))
    return await _open(request, app, kept, proven)


async def with_pin(request: Request, app: Mojeikp) -> Response:
    """POST /open/pin."""
    fields = await read_form(request, app, "pin")
    kept, held = await _bound(request, app), app.cookies.secret(request, COOKIE) or ""
    if kept is None or kept.rule.tool is not Tool.PIN:
        return redirect(request, app, "/")
    if not is_pin(fields["pin"]):
        return _page(request, app, kept, "mojeikp.pin.digits", "pin")
    app.passwords.make_room()
    counted = tried(kept.rule)
    try:
        await app.bindings.count(app.database, kept, counted)
    except Stale:
        return _page(request, app, kept, "mojeikp.pin.at_once", "pin")
    try:
        if await is_right(app, kept.pin_hash, held, fields["pin"]):
            secret = app.fresh.secret()
            hashed = await pin_hash(app, secret, fields["pin"])
            proven = _Proven(factor=Factor.DEVICE_PIN, uses=0, secret=secret, pin_hash=hashed)
            return await _open(request, app, kept, proven)
    except BaseException:  # the PIN was not compared, or it was right and opened nothing: that is no wrong try
        with suppress(Stale, DatabaseUnavailable):
            await app.bindings.uncount(app.database, kept)
        raise
    return await _wrong(request, app, kept, counted)


async def _open(request: Request, app: Mojeikp, kept: KeptBinding, proven: _Proven) -> Response:
    """Tell the account, then open a session of this device and give it a new secret.

    When the account is there no more, the binding ends; raises `AccountAway` when it does not answer.
    """
    entry = LaterEntry(tool=kept.rule.tool, level=_level_name(proven.factor))
    try:
        await app.account.opened(kept.account, entry)
    except AccountUnknown:
        async with app.audit.transaction() as (transaction, record):
            await end_binding(app, transaction, record, kept, BindingEnd.GONE)
        return redirect(request, app, "/")
    opened = new_session(request, app, kept.account, (proven.factor,), Details(name=kept.owner, device=kept.id))
    try:
        async with app.audit.transaction() as (transaction, record):
            await transaction.insert(*proven.claims)
            await app.bindings.open(
                transaction,
                kept,
                uses=proven.uses,
                secret=proven.secret,
                pin_hash=proven.pin_hash,
                now=app.clock(),
            )
            await end_earlier(request, app, transaction, record)
            await transaction.insert(opened.row)
            browser = await renew_browser(request, app, transaction)
            await record(SignedIn(person_id=kept.account, sid=opened.sid, factors=(proven.factor.value,)))
    except (AlreadyThere, Stale):
        return redirect(request, app, "/")
    response = set_session_cookie(redirect(request, app, "/account"), app, opened.cookie, browser)
    return set_device_cookie(response, app, proven.secret)


async def _wrong(request: Request, app: Mojeikp, kept: KeptBinding, counted: Binding) -> Response:
    """Note a wrong PIN; the last one that is allowed ends the binding, and the start page says why."""
    left = tries_left(counted)
    async with app.audit.transaction() as (transaction, record):
        await record(_refused(kept, left))
        if not left:
            await end_binding(app, transaction, record, kept, BindingEnd.TRIES)
    if not left:
        return redirect(request, app, "/")
    return _page(request, app, kept, "mojeikp.pin.wrong", "pin", left)


async def _bound(request: Request, app: Mojeikp) -> KeptBinding | None:
    """The binding of this device, while it opens the account."""
    kept = await binding_of(request, app)
    return kept if kept is not None and ended_by(app, kept) is None else None


def _level_name(factor: Factor) -> Literal["low", "substantial"]:
    return "substantial" if reaches(level_reached((factor,)), Level.SUBSTANTIAL) else "low"


def _refused(kept: KeptBinding, left: int) -> DeviceRefused:
    return DeviceRefused(person_id=kept.account, device_id=kept.id, tool=kept.rule.tool.value, left=left)


def _purpose(kept: KeptBinding) -> str:
    return f"open:{kept.id}"


def _page(
    request: Request, app: Mojeikp, kept: KeptBinding, fault: str = "", field: str = "", left: int | None = None
) -> Response:
    texts = texts_of(request, app)
    said = "" if not fault else texts(fault) if left is None else texts.plural(fault, left)
    return show(
        request,
        app,
        "systems/mojeikp/device/opening.html",
        errors=FormErrors({field: said} if fault else {}),
        tool=kept.rule.tool.value,
        token=new_challenge(request, app, _purpose(kept)) if kept.key else "",
        options=options_to_use(app.origin, [kept.key.key_id]) if kept.key else "",
    )

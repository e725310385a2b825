"""Binding the device that has just signed in through a provider: with a passkey, or with a PIN (K3).

GET  /device/{journey}
POST /device/{journey}/passkey
POST /device/{journey}/pin

The session of the sign-in gives way to one of this device, in the transaction that binds it: a logout at the provider
that comes at this moment finds either of them. What bound the device before ends.
"""

from dataclasses import dataclass, replace

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from poreka.contracts.binding import MOST_TRIES, Binding, BindingEnd, Tool
from poreka.rules.browser_words import system_word
from poreka.shown_words import fit_part
from poreka.store.database import AlreadyThere, Insert, Stale
from poreka.store.journeys import Journey
from poreka.store.sessions import Session
from poreka.systems.mojeikp.device.bound import binding_of, end_binding, ended_by, set_device_cookie
from poreka.systems.mojeikp.device.offer import BindingOffer, offered_to
from poreka.systems.mojeikp.device.pin_tries import pin_hash
from poreka.systems.mojeikp.events import DeviceBound, DeviceRefused
from poreka.systems.mojeikp.rules.pin import LONGEST, pin_faults
from poreka.systems.mojeikp.store.bindings import BoundKey, KeptBinding
from poreka.systems.mojeikp.system import Mojeikp
from poreka.web.browser.language import texts_of
from poreka.web.browser.own_form import read_form
from poreka.web.browser.redirect import redirect
from poreka.web.challenges import claim_challenge, new_challenge, taken_challenge
from poreka.web.form_errors import form_errors
from poreka.web.frame import show
from poreka.web.new_browser import renew_browser
from poreka.web.passkeys import PasskeyRefused, check_new_key, options_to_create
from poreka.web.sessions import details_of, new_session, set_session_cookie

LONGEST_NAME = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class _Offer:
    """The offer that a page belongs to, with whose session it is."""

    journey: Journey
    told: BindingOffer
    session: Session

    @property
    def purpose(self) -> str:
        return f"bind:{self.journey.id}"


async def show_offer(request: Request, app: Mojeikp, session: Session) -> Response:
    """GET /device/{journey}."""
    return _page(request, app, await _load(request, app, session))


async def with_passkey(request: Request, app: Mojeikp, session: Session) -> Response:
    """POST /device/{journey}/passkey."""
    fields = await read_form(request, app, "token", "credential", "name")
    offer = await _load(request, app, session)
    try:
        bound = taken_challenge(request, app, offer.purpose, fields["token"])
        key = check_new_key(fields["credential"], bound.challenge(), app.origin)
    except PasskeyRefused:
        await app.audit.save(
            event=DeviceRefused(person_id=session.person_id, device_id="", tool=Tool.PASSKEY.value, left=MOST_TRIES)
        )
        return _page(request, app, offer, {"make": ("app.key.no_key",)})
    kept = _binding(request, app, offer, Tool.PASSKEY, fields["name"])
    kept = replace(kept, key=BoundKey(key_id=key.key_id, public_key=key.public_key, uses=key.uses))
    return await _bind(request, app, offer, kept, app.fresh.secret(), claim_challenge(bound))


async def with_pin(request: Request, app: Mojeikp, session: Session) -> Response:
    """POST /device/{journey}/pin."""
    fields = await read_form(request, app, "pin", "pin_again", "name")
    offer, pin = await _load(request, app, session), fields["pin"][: LONGEST + 1]
    if faults := pin_faults(pin, offer.told.born):
        return _page(request, app, offer, {"pin": tuple(f"mojeikp.pin.{one.value}" for one in faults)})
    if pin != fields["pin_again"]:
        return _page(request, app, offer, {"pin_again": ("mojeikp.pin.not_equal",)})
    secret = app.fresh.secret()
    kept = _binding(request, app, offer, Tool.PIN, fields["name"])
    return await _bind(request, app, offer, replace(kept, pin_hash=await pin_hash(app, secret, pin)), secret)


async def _bind(
    request: Request, app: Mojeikp, offer: _Offer, kept: KeptBinding, secret: str, *claims: Insert
) -> Response:
    """Bind it, with a session of the device in place of the sign-in's."""
    session, before = offer.session, await binding_of(request, app)
    details = msgspec.structs.replace(details_of(session), device=kept.id)
    opened = new_session(request, app, session.person_id, (), details, session.auth_time)
    try:
        async with app.audit.transaction() as (transaction, record):
            if not await app.sessions.end(transaction, session.sid):
                raise Stale("sessions")  # signed out meanwhile, here or at the provider
            await app.journeys.remove(transaction, offer.journey.id)
            browser = await renew_browser(request, app, transaction)
            resting = await app.federated_sessions.of_session(session.sid, transaction)
            await app.federated_sessions.remove(transaction, session.sid)
            await transaction.insert(*claims, app.bindings.adding(kept, secret), opened.row)
            if resting is not None:
                moved = replace(resting, session_sid=opened.sid)
                await transaction.insert(app.federated_sessions.adding(moved))
            if before is not None and ended_by(app, before) is None:
                await end_binding(app, transaction, record, before, BindingEnd.REPLACED)
            await record(DeviceBound(person_id=kept.account, device_id=kept.id, tool=kept.rule.tool.value))
    except (AlreadyThere, Stale):
        return redirect(request, app, "/")
    response = set_session_cookie(redirect(request, app, "/account"), app, opened.cookie, browser)
    return set_device_cookie(response, app, secret)


def _binding(request: Request, app: Mojeikp, offer: _Offer, tool: Tool, typed: str) -> KeptBinding:
    told, now = offer.told, app.clock()
    name = fit_part(typed, LONGEST_NAME)
    return KeptBinding(
        id=app.fresh.id(),
        account=told.account,
        owner=told.owner,
        name=name or _agent(request, app),
        issuer=told.issuer,
        subject=told.subject,
        rule=Binding(tool=tool, used_at=now),
        added_at=now,
    )


async def _load(request: Request, app: Mojeikp, session: Session) -> _Offer:
    journey, told = await offered_to(request, app, session)
    return _Offer(journey=journey, told=told, session=session)


def _agent(request: Request, app: Mojeikp) -> str:
    return system_word(request.headers.get("user-agent", "")) or texts_of(request, app)("mojeikp.some_device")


def _page(request: Request, app: Mojeikp, offer: _Offer, faults: dict[str, tuple[str, ...]] | None = None) -> Response:
    return show(
        request,
        app,
        "systems/mojeikp/device/binding.html",
        session=offer.session,
        address=f"/device/{offer.journey.id}",
        errors=form_errors(texts_of(request, app), faults or {}),
        agent=_agent(request, app),
        token=new_challenge(request, app, offer.purpose, offer.journey.expires_at),
        options=options_to_create(app.origin, app.settings.system.name, app.fresh.id(), offer.told.owner, []),
    )

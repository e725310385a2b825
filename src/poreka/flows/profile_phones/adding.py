"""One more phone: its code as a picture and as text, then the number that the phone shows (T4).

POST /profile/devices                        the app's back end offers an enrolment
GET  /profile/devices/new/{journey}          the page of whatever is next; it looks again by itself
POST /profile/devices/new/{journey}/number   typed off the phone; a wrong one ends it
POST /profile/devices/new/{journey}/cancel

The number never stands on this page before it is typed: who has only a picture of the page, has nothing to type.
docs/adr/0024.
"""

from dataclasses import dataclass

import msgspec
import segno
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from poreka.flows.profile_phones.keeping import Phone, holds_push, phone_came
from poreka.flows.profile_phones.phones import PHONES, registry_of
from poreka.rules.device_enrolment import UNDER_WAY, EnrolmentState
from poreka.rules.device_messages import EnrolmentTold, Offer, Offered
from poreka.store.database import Stale
from poreka.store.fresh import secret_hash
from poreka.store.journeys import Journey
from poreka.store.sessions import Session
from poreka.store.trusted_profiles import OwnedProfile
from poreka.web.failures import StalePage
from poreka.web.frame import browser_of, read_form, redirect, show, texts_of
from poreka.web.phone_registry import RegistryAway
from poreka.web.strong_session import owner_of
from poreka.web.systems import TrustedProfileSystem

KIND, LIFE = "phone_enrolment", 30 * 60


class Adding(msgspec.Struct, frozen=True, kw_only=True):
    """What is stored of it; `taken`: the phone was written down here."""

    person_id: str
    offered: Offered
    taken: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """An enrolment as it stands at the app's back end now."""

    journey: Journey
    adding: Adding
    told: EnrolmentTold


async def begin(request: Request, pz: TrustedProfileSystem, session: Session) -> Response:
    """POST /profile/devices."""
    await read_form(request, pz)
    owned = await owner_of(request, pz, session)
    if isinstance(owned, Response):
        return owned
    facts = owned.profile.facts
    offer = Offer(
        customer=owned.user_name,
        first_name=facts.first_name,
        surname=facts.surname,
        pesel=facts.pesel.digits,
    )
    try:
        offered = await registry_of(pz).offer(offer)
    except RegistryAway:
        return redirect(request, pz, PHONES)
    now = pz.clock()
    journey = Journey(
        id=pz.fresh.id(),
        kind=KIND,
        browser_hash=secret_hash(browser_of(request, pz)),
        state=msgspec.json.encode(Adding(person_id=owned.id, offered=offered)),
        created_at=now,
        expires_at=now + LIFE,
    )
    await pz.database.insert(pz.journeys.adding(journey))
    return redirect(request, pz, f"{PHONES}/new/{journey.id}")


async def show_step(request: Request, pz: TrustedProfileSystem, session: Session) -> Response:
    """GET /profile/devices/new/{journey}."""
    owned = await owner_of(request, pz, session)
    if isinstance(owned, Response):
        return owned
    try:
        standing = await _load(request, pz, owned)
    except RegistryAway:
        return _page(request, pz, session, None)
    if standing.told.state is EnrolmentState.CONFIRMED:
        return await _done(request, pz, owned, standing)
    return _page(request, pz, session, standing)


async def take_number(request: Request, pz: TrustedProfileSystem, session: Session) -> Response:
    """POST /profile/devices/new/{journey}/number."""
    fields = await read_form(request, pz, "number")
    owned = await owner_of(request, pz, session)
    if isinstance(owned, Response):
        return owned
    number = "".join(fields["number"].split())
    try:
        standing = await _load(request, pz, owned)
        if standing.told.state is EnrolmentState.KEYED:
            if not (len(number) == 4 and number.isascii() and number.isdigit()):
                return _page(request, pz, session, standing, fault="four_digits")
            told = await registry_of(pz).confirm(standing.told.id, owned.user_name, number)
            standing = Standing(standing.journey, standing.adding, told or standing.told)
    except RegistryAway:
        return _page(request, pz, session, None)
    if standing.told.state is EnrolmentState.CONFIRMED:
        return await _done(request, pz, owned, standing)
    return redirect(request, pz, f"{PHONES}/new/{standing.journey.id}")


async def cancel(request: Request, pz: TrustedProfileSystem, session: Session) -> Response:
    """POST /profile/devices/new/{journey}/cancel."""
    await read_form(request, pz, "number")
    owned = await owner_of(request, pz, session)
    if isinstance(owned, Response):
        return owned
    try:
        standing = await _load(request, pz, owned)
        await registry_of(pz).cancel(standing.told.id, owned.user_name)
    except RegistryAway:
        pass  # it ends by itself in a few minutes
    return redirect(request, pz, PHONES)


async def _done(request: Request, pz: TrustedProfileSystem, owned: OwnedProfile, standing: Standing) -> Response:
    """The phone is enrolled there: write it down here, once, whichever page hears of it first."""
    if not standing.adding.taken:
        taken = msgspec.json.encode(msgspec.structs.replace(standing.adding, taken=True))
        try:
            async with pz.database.transaction() as transaction:
                await pz.journeys.save(transaction, standing.journey, taken)
        except Stale:
            return redirect(request, pz, f"{PHONES}?done=added")
        await phone_came(pz, texts_of(request, pz), owned, Phone(standing.told.id, standing.told.device))
    elif not await holds_push(pz, owned):
        return redirect(request, pz, PHONES)
    return redirect(request, pz, f"{PHONES}?done=added")


async def _load(request: Request, pz: TrustedProfileSystem, owned: OwnedProfile) -> Standing:
    """The enrolment of the address, of this owner in this browser; raises `StalePage` and `RegistryAway`."""
    browser = pz.cookies.secret(request, "browser") or ""
    journey = await pz.journeys.load(request.path_params["journey"], secret_hash(browser), pz.clock())
    if journey is None or journey.kind != KIND:
        raise StalePage
    adding = msgspec.json.decode(journey.state, type=Adding)
    if adding.person_id != owned.id:
        raise StalePage
    told = await registry_of(pz).enrolment(adding.offered.id, owned.user_name)
    ended = EnrolmentTold(id=adding.offered.id, state=EnrolmentState.EXPIRED)
    return Standing(journey, adding, told or ended)


def _page(
    request: Request, pz: TrustedProfileSystem, session: Session, standing: Standing | None, fault: str = ""
) -> Response:
    if standing is None:
        return redirect(request, pz, PHONES)
    texts, told, offered = texts_of(request, pz), standing.told, standing.adding.offered
    return show(
        request,
        pz,
        "flows/profile_phones/adding.html",
        session=session,
        status=422 if fault else 200,
        errors=[{"text": texts(f"trusted.phones.{fault}"), "href": "#number"}] if fault else [],
        journey=standing.journey.id,
        state=told.state.value,
        under_way=told.state in UNDER_WAY,
        device=told.device,
        code=offered.code,
        picture=_picture(offered.address) if told.state is EnrolmentState.OFFERED else "",
        app_host=offered.address.partition("#")[0].partition("://")[2],
        until=offered.expires_at.strftime("%H:%M:%S"),
    )


def _picture(address: str) -> Markup:
    """The QR code as SVG, drawn here: markup of ours, in which nothing of the address stands as text."""
    drawn = segno.make(address, error="m", micro=False)
    return Markup(drawn.svg_inline(scale=5, border=4, dark="#000", light="#fff", svgclass="p-qr", lineclass=None))

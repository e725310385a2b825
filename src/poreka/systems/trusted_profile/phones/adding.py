"""Adding a phone to a profile: the page shows a code, then the owner types the number that the phone shows (T4).

POST /profile/devices                        redirects to authorising it with the current tool
POST /profile/devices/new/{journey}/code     asks the app's back end for a code; for another when its time is over
GET  /profile/devices/new/{journey}          the page of the next step; it reloads by itself
POST /profile/devices/new/{journey}/number   takes the number; a wrong one ends the enrolment
POST /profile/devices/new/{journey}/cancel

Only the phone shows the number: whoever has a picture of this page cannot type it (docs/adr/0024). While the app's back
end is away (`RegistryAway`), every step redirects to the list of phones.
"""

from contextlib import suppress
from dataclasses import dataclass, replace

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from poreka.contracts.phone_devices import EnrolmentTold, Offer, Offered
from poreka.rules.authorising.tools import Tool
from poreka.rules.enrolment_code import UNDER_WAY, EnrolmentState
from poreka.rules.shown_date import time_of_day
from poreka.store.database import Stale
from poreka.store.fresh import secret_hash
from poreka.store.journeys import Journey
from poreka.store.sessions import Session
from poreka.systems.trusted_profile.operation import wanted as own_operations
from poreka.systems.trusted_profile.phones.keeping import Phone, phone_came
from poreka.systems.trusted_profile.phones.phones import PHONES, registry_of
from poreka.systems.trusted_profile.phones.registry_over_http import RegistryAway
from poreka.systems.trusted_profile.phones.wanted import KIND, MOST_OFFERS, Adding, wished
from poreka.systems.trusted_profile.store.trusted_profiles import OwnedProfile
from poreka.systems.trusted_profile.strong_session import owner_of
from poreka.systems.trusted_profile.system import TrustedProfileSystem
from poreka.web.browser.language import texts_of
from poreka.web.browser.own_form import read_form
from poreka.web.browser.redirect import redirect
from poreka.web.failures import StalePage
from poreka.web.form_errors import form_errors
from poreka.web.frame import show
from poreka.web.qr import qr_picture


@dataclass(frozen=True, slots=True)
class PhoneAddingStanding:
    """An enrolment with `told`, how the app's back end says it stands now."""

    journey: Journey
    adding: Adding
    offered: Offered
    told: EnrolmentTold


async def begin(request: Request, pz: TrustedProfileSystem, session: Session) -> Response:
    """POST /profile/devices."""
    await read_form(request, pz)
    owned = await owner_of(request, pz, session)
    if isinstance(owned, Response):
        return owned
    registry_of(pz)
    values = wished(request, pz)
    then = f"{PHONES}/new/{values['journey']}"
    return await own_operations.begin(request, pz, "device", owned.id, values=values, then=then)


async def offer_code(request: Request, pz: TrustedProfileSystem, session: Session) -> Response:
    """POST /profile/devices/new/{journey}/code: the code's few minutes begin now."""
    await read_form(request, pz)
    owned = await owner_of(request, pz, session)
    if isinstance(owned, Response):
        return owned
    journey, adding = await _stored(request, pz, owned)
    facts, page = owned.profile.facts, f"{PHONES}/new/{journey.id}"
    offer = Offer(
        customer=owned.user_name,
        first_name=facts.first_name,
        surname=facts.surname,
        pesel=facts.pesel.digits,
    )
    try:
        if adding.offered is not None and not await _may_offer_again(pz, owned, adding):
            return redirect(request, pz, page)
        offered = await registry_of(pz).offer(offer)
    except RegistryAway:
        return redirect(request, pz, PHONES)
    with suppress(Stale):  # another tab was quicker; its code is the one
        state = msgspec.json.encode(msgspec.structs.replace(adding, offered=offered, offers=adding.offers + 1))
        await pz.journeys.save(pz.database, journey, state)
    return redirect(request, pz, page)


async def _may_offer_again(pz: TrustedProfileSystem, owned: OwnedProfile, adding: Adding) -> bool:
    """Whether the last code has expired and fewer than `MOST_OFFERS` were made; raises `RegistryAway`.

    An enrolment that ended by a wrong number gets no other code.
    """
    if adding.offered is None or adding.offers >= MOST_OFFERS:
        return False
    enrolment = await registry_of(pz).enrolment(adding.offered.id, owned.user_name)
    return enrolment is None or enrolment.state is EnrolmentState.EXPIRED


async def show_step(request: Request, pz: TrustedProfileSystem, session: Session) -> Response:
    """GET /profile/devices/new/{journey}."""
    owned = await owner_of(request, pz, session)
    if isinstance(owned, Response):
        return owned
    journey, adding = await _stored(request, pz, owned)
    if adding.offered is None:
        return show(request, pz, "systems/trusted_profile/phones/ready.html", session=session, journey=journey.id)
    try:
        standing = await _load(request, pz, owned)
    except RegistryAway:
        return redirect(request, pz, PHONES)
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
            confirmed = await registry_of(pz).confirm(standing.told.id, owned.user_name, number)
            standing = replace(standing, told=confirmed or standing.told)
    except RegistryAway:
        return redirect(request, pz, PHONES)
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


async def _done(
    request: Request, pz: TrustedProfileSystem, owned: OwnedProfile, standing: PhoneAddingStanding
) -> Response:
    """Record the phone that the app's back end has enrolled, once, whichever page learns of it first.

    Where push was blocked because a phone was lost, all other phones are removed first.
    """
    added = f"{PHONES}?done=added"
    if standing.adding.taken:
        return redirect(request, pz, added)
    try:
        if any(held.tool is Tool.PUSH and held.blocked for held in await pz.tools.held(owned.id)):
            await _remove_others(pz, owned, standing.told.id)
    except RegistryAway:
        return redirect(request, pz, PHONES)
    taken = msgspec.json.encode(msgspec.structs.replace(standing.adding, taken=True))
    with suppress(Stale):  # another tab wrote it down
        await pz.journeys.save(pz.database, standing.journey, taken)
        await phone_came(pz, texts_of(request, pz), owned, Phone(standing.told.id, standing.told.device))
    return redirect(request, pz, added)


async def _remove_others(pz: TrustedProfileSystem, owned: OwnedProfile, new: str) -> None:
    """Remove every phone but the new one: a lost one may be among them, and the new one unblocks push for all."""
    registry = registry_of(pz)
    for device in await registry.devices(owned.user_name):
        if device.id != new:
            await registry.remove(device.id, owned.user_name)


async def _stored(request: Request, pz: TrustedProfileSystem, owned: OwnedProfile) -> tuple[Journey, Adding]:
    """The enrolment that the address names, of this owner in this browser; raises `StalePage`."""
    browser = pz.cookies.secret(request, "browser") or ""
    journey = await pz.journeys.load(request.path_params["journey"], secret_hash(browser), pz.clock())
    if journey is None or journey.kind != KIND:
        raise StalePage
    adding = msgspec.json.decode(journey.state, type=Adding)
    if adding.person_id != owned.id:
        raise StalePage
    return journey, adding


async def _load(request: Request, pz: TrustedProfileSystem, owned: OwnedProfile) -> PhoneAddingStanding:
    """The enrolment and how it stands at the app's back end; raises `StalePage` and `RegistryAway`.

    An enrolment that the back end does not know any more counts as expired.
    """
    journey, adding = await _stored(request, pz, owned)
    if adding.offered is None:
        raise StalePage
    enrolment = await registry_of(pz).enrolment(adding.offered.id, owned.user_name)
    expired = EnrolmentTold(id=adding.offered.id, state=EnrolmentState.EXPIRED)
    return PhoneAddingStanding(journey, adding, adding.offered, enrolment or expired)


def _page(
    request: Request, pz: TrustedProfileSystem, session: Session, standing: PhoneAddingStanding, fault: str = ""
) -> Response:
    texts, enrolment, offered = texts_of(request, pz), standing.told, standing.offered
    return show(
        request,
        pz,
        "systems/trusted_profile/phones/adding.html",
        session=session,
        errors=form_errors(texts, {"number": f"trusted.phones.{fault}"} if fault else {}),
        journey=standing.journey.id,
        state=enrolment.state.value,
        under_way=enrolment.state in UNDER_WAY,
        device=enrolment.device,
        code=offered.code,
        picture=qr_picture(offered.address) if enrolment.state is EnrolmentState.OFFERED else None,
        app_host=offered.address.partition("#")[0].partition("://")[2],
        until=time_of_day(offered.expires_at, seconds=True),
        time_left=int(offered.expires_at.timestamp()) - pz.clock(),
        again=enrolment.state is EnrolmentState.EXPIRED and standing.adding.offers < MOST_OFFERS,
    )

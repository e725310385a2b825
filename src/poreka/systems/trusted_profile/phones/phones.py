"""GET /profile/devices, and removing a phone: asked once, then done at once.

What the list shows comes from the app's back end each time. When that is away, a phone that must go is made harmless
here: push is blocked until the phone is really gone.
"""

from starlette.requests import Request
from starlette.responses import Response

from poreka.contracts.phone_devices import DeviceTold
from poreka.rules.levels import Factor
from poreka.rules.shown_date import shown_moment
from poreka.store.sessions import Session
from poreka.systems.trusted_profile.phones.keeping import Phone, block_push, holds_push, phone_went
from poreka.systems.trusted_profile.phones.registry_over_http import PhoneRegistry, RegistryAway
from poreka.systems.trusted_profile.store.trusted_profiles import OwnedProfile
from poreka.systems.trusted_profile.strong_session import owner_of
from poreka.systems.trusted_profile.system import TrustedProfileSystem
from poreka.web.browser.language import language_of, texts_of
from poreka.web.browser.own_form import read_form
from poreka.web.browser.redirect import redirect
from poreka.web.failures import PageNotFound
from poreka.web.frame import show

PHONES = "/profile/devices"


async def show_phones(request: Request, pz: TrustedProfileSystem, session: Session) -> Response:
    """GET /profile/devices."""
    owned = await owner_of(request, pz, session)
    if isinstance(owned, Response):
        return owned
    try:
        found: tuple[DeviceTold, ...] | None = await registry_of(pz).devices(owned.user_name)
    except RegistryAway:
        found = None
    done = request.query_params.get("done", "")
    return show(
        request,
        pz,
        "systems/trusted_profile/phones/phones.html",
        session=session,
        status=503 if found is None else 200,
        away=found is None,
        phones=[_shown(one, language_of(request, pz)) for one in found or ()],
        blocked=bool(found) and not await holds_push(pz, owned),
        done=done if done in ("added", "removed") else "",
    )


async def ask_to_remove(request: Request, pz: TrustedProfileSystem, session: Session) -> Response:
    """GET /profile/devices/{device}/remove."""
    owned = await owner_of(request, pz, session)
    if isinstance(owned, Response):
        return owned
    try:
        phone = await _phone(request, pz, owned)
    except RegistryAway:
        return redirect(request, pz, PHONES)
    return show(
        request,
        pz,
        "systems/trusted_profile/phones/remove.html",
        session=session,
        phone=_shown(phone, language_of(request, pz)),
    )


async def remove(request: Request, pz: TrustedProfileSystem, session: Session) -> Response:
    """POST /profile/devices/{device}/remove."""
    await read_form(request, pz)
    owned = await owner_of(request, pz, session)
    if isinstance(owned, Response):
        return owned
    registry, proven = registry_of(pz), Factor.PUSH in session.factors
    try:
        phone = await _phone(request, pz, owned)
        await registry.remove(phone.id, owned.user_name)
        left = len(await registry.devices(owned.user_name))
    except RegistryAway:
        await block_push(pz, owned, proven=proven)
        return redirect(request, pz, PHONES)
    await phone_went(
        pz, texts_of(request, pz), owned, Phone(phone.id, phone.name), left=left, by="provider", proven=proven
    )
    return redirect(request, pz, f"{PHONES}?done=removed")


def registry_of(pz: TrustedProfileSystem) -> PhoneRegistry:
    """The app's back end; a profile without an app has none of these pages."""
    if pz.phones is None:
        raise PageNotFound
    return pz.phones


async def _phone(request: Request, pz: TrustedProfileSystem, owned: OwnedProfile) -> DeviceTold:
    for one in await registry_of(pz).devices(owned.user_name):
        if one.id == request.path_params["device"]:
            return one
    raise PageNotFound


def _shown(phone: DeviceTold, language: str) -> dict[str, str]:
    return {
        "id": phone.id,
        "name": phone.name,
        "added": shown_moment(phone.added_at, language, short=True),
        "used": shown_moment(phone.used_at, language, short=True) if phone.used_at else "",
    }

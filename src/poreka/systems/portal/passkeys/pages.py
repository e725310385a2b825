"""The passkeys of a portal's profile, under /settings/passkeys.

GET, POST                        the list; after a new sign-in through a provider one may be made there
POST …/prove/{provider}          to that sign-in, which leads back here
GET, POST …/{passkey}/remove     asked once, then done at once

Whoever adds a passkey comes in with it ever after, so neither a session that was left open nor a password of the
portal's own is enough, and after a new e-mail address nothing is added for a while: the notice would go to it alone.
"""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from poreka.for_everyone.passkeys.listing import end_named_key, list_of, named_key, shown
from poreka.for_everyone.passkeys.own import FIELDS, add_key, form_to_make, kept_by, note_refused
from poreka.relying.sign_in.set_out import go_to
from poreka.rules.levels import Level, reaches
from poreka.rules.limits.recovery_pause import HOUR, is_barred
from poreka.rules.passkeys import is_fresh
from poreka.rules.shown_date import people_time
from poreka.store.database import AlreadyThere, Stale
from poreka.store.sessions import Session
from poreka.systems.portal.step_up.assurance import session_level
from poreka.systems.portal.store.profiles import Profile
from poreka.systems.portal.system import Portal
from poreka.web.browser.language import texts_of
from poreka.web.browser.own_form import read_form
from poreka.web.browser.redirect import redirect
from poreka.web.failures import PageNotFound
from poreka.web.form_errors import FormErrors
from poreka.web.frame import show
from poreka.web.passkeys import PasskeyRefused

PASSKEYS_PATH = "/settings/passkeys"


async def show_passkeys(request: Request, portal: Portal, session: Session) -> Response:
    """GET /settings/passkeys."""
    return await _page(request, portal, session, await _profile(portal, session))


async def take_key(request: Request, portal: Portal, session: Session) -> Response:
    """POST /settings/passkeys."""
    fields = await read_form(request, portal, *FIELDS, "name")
    profile = await _profile(portal, session)
    if not is_proven(portal, session) or _barred_until(portal, profile):
        return await _page(request, portal, session, profile)
    try:
        async with portal.audit.transaction() as (transaction, record):
            await add_key(request, portal, transaction, record, session.person_id, _purpose(session), fields)
    except (PasskeyRefused, AlreadyThere, Stale):
        await note_refused(request, portal, "add", session.person_id)
        return await _page(request, portal, session, profile, fault=True)
    portal.wake_delivery()
    return redirect(request, portal, f"{PASSKEYS_PATH}?done=added")


async def prove(request: Request, portal: Portal, session: Session) -> Response:
    """POST /settings/passkeys/prove/{provider}: the provider is asked for a sign-in made for this."""
    await read_form(request, portal)
    kept_by(portal)
    provider = portal.relied_on.get(request.path_params["provider"])
    if provider is None or not provider.open:
        raise PageNotFound
    return await go_to(request, portal, provider, target=PASSKEYS_PATH, level=Level.SUBSTANTIAL, max_age=0)


async def ask_to_remove(request: Request, portal: Portal, session: Session) -> Response:
    """GET /settings/passkeys/{passkey}/remove."""
    key = shown(await named_key(request, portal, session), texts_of(request, portal))
    template = "systems/portal/passkeys/remove.html"
    return show(request, portal, template, session=session, address=PASSKEYS_PATH, passkey=key)


async def remove(request: Request, portal: Portal, session: Session) -> Response:
    """POST /settings/passkeys/{passkey}/remove."""
    await read_form(request, portal)
    await end_named_key(request, portal, session)
    return redirect(request, portal, f"{PASSKEYS_PATH}?done=removed")


def is_proven(portal: Portal, session: Session) -> bool:
    """Whether somebody vouched for the person at substantial, a moment ago."""
    return reaches(session_level(portal, session), Level.SUBSTANTIAL) and is_fresh(session.auth_time, portal.clock())


async def _page(
    request: Request, portal: Portal, session: Session, profile: Profile, *, fault: bool = False
) -> Response:
    data: dict[str, Any] = await list_of(request, portal, session)
    barred, proven = _barred_until(portal, profile), is_proven(portal, session)
    if proven and not barred and not data["full"]:
        facts, keys = profile.profile.facts, await kept_by(portal).of_person(session.person_id)
        name = f"{facts.first_name} {facts.surname[:1]}."
        data |= form_to_make(request, portal, profile.id, name, _purpose(session), keys)
    texts = texts_of(request, portal)
    text = texts("passkeys.not_made")
    return show(
        request,
        portal,
        "systems/portal/passkeys/list.html",
        session=session,
        address=PASSKEYS_PATH,
        errors=FormErrors({"make": text} if fault else {}),
        barred=people_time(barred, texts.language) if barred else "",
        proven=proven,
        providers=[one for one in portal.relied_on.values() if one.open],
        **data,
    )


def _barred_until(portal: Portal, profile: Profile) -> int:
    """From when a key may be added after another e-mail address; 0: now."""
    pause = portal.settings.portal.recovery_pause_hours
    changed = profile.contact_changed_at
    return changed + pause * HOUR if changed is not None and is_barred(changed, portal.clock(), pause) else 0


async def _profile(portal: Portal, session: Session) -> Profile:
    kept_by(portal)
    profile = await portal.profiles.by_id(session.person_id)
    if profile is None:
        raise PageNotFound
    return profile


def _purpose(session: Session) -> str:
    return f"passkey-made:{session.sid}"

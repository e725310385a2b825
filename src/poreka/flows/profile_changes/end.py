"""The end of a profile by its owner, and "this was not me" (T6): both at once, with nothing more to be typed.

GET, POST /profile/invalidate   for good; a new one can be made at once
GET, POST /profile/not-me       every session ends, every relying party is told, tokens are revoked, and the profile
                                is locked: whoever knows the password or holds the phone gets no further. It gives
                                way to a new one, made by somebody proven anew
"""

from starlette.requests import Request
from starlette.responses import Response

from poreka.audit.profile_events import TrustedProfileEnded, TrustedProfileLocked
from poreka.rules.trusted_profile import EndedBy, NotPossible, TrustedProfile, invalidate, lock
from poreka.store.database import Stale
from poreka.store.sessions import Session
from poreka.store.trusted_profiles import OwnedProfile
from poreka.web.frame import read_form, redirect, show, texts_of
from poreka.web.profile_ending import end_what_rests
from poreka.web.profile_notices import notice
from poreka.web.sessions import clear_session_cookie
from poreka.web.strong_session import owner_of
from poreka.web.systems import TrustedProfileSystem


async def ask_invalidation(request: Request, pz: TrustedProfileSystem, session: Session) -> Response:
    """GET /profile/invalidate."""
    return await _ask(request, pz, session, "invalidate")


async def ask_lock(request: Request, pz: TrustedProfileSystem, session: Session) -> Response:
    """GET /profile/not-me."""
    return await _ask(request, pz, session, "not_me")


async def invalidate_profile(request: Request, pz: TrustedProfileSystem, session: Session) -> Response:
    """POST /profile/invalidate."""
    await read_form(request, pz)
    owned = await owner_of(request, pz, session)
    if isinstance(owned, Response):
        return owned
    after = invalidate(owned.profile, EndedBy.OWNER, pz.clock())
    event = TrustedProfileEnded(person_id=owned.id, by=EndedBy.OWNER.value)
    return await _end(request, pz, owned, after, "invalidated", event)


async def lock_profile(request: Request, pz: TrustedProfileSystem, session: Session) -> Response:
    """POST /profile/not-me."""
    await read_form(request, pz)
    owned = await owner_of(request, pz, session)
    if isinstance(owned, Response):
        return owned
    after = lock(owned.profile, pz.clock())
    return await _end(request, pz, owned, after, "locked", TrustedProfileLocked(person_id=owned.id))


async def show_ended(request: Request, pz: TrustedProfileSystem) -> Response:
    """GET /ended/{how}: nobody is signed in any more; it tells no more than its address does."""
    how = "locked" if request.path_params["how"] == "locked" else "invalidated"
    return show(request, pz, "flows/profile_changes/ended.html", how=how)


async def _ask(request: Request, pz: TrustedProfileSystem, session: Session, what: str) -> Response:
    owned = await owner_of(request, pz, session)
    if isinstance(owned, Response):
        return owned
    return show(request, pz, "flows/profile_changes/end.html", session=session, what=what)


async def _end(
    request: Request,
    pz: TrustedProfileSystem,
    owned: OwnedProfile,
    after: TrustedProfile | NotPossible,
    how: str,
    event: TrustedProfileEnded | TrustedProfileLocked,
) -> Response:
    if isinstance(after, NotPossible):
        return redirect(request, pz, "/")
    try:
        async with pz.audit.transaction() as (transaction, record):
            await pz.profiles.save(transaction, owned, owned.under(after))
            await record(event)
            await end_what_rests(pz, transaction, record, owned, by=how)
            await transaction.insert(notice(pz, texts_of(request, pz), owned, how))
    except Stale:
        return redirect(request, pz, "/profile")
    pz.wake_delivery()
    return clear_session_cookie(redirect(request, pz, f"/ended/{how}"), pz)

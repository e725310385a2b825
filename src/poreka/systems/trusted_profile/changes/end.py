"""The end of a profile by its owner, and "this was not me" (T6).

GET, POST /profile/invalidate   for good, authorised as an operation of its own: the end and a new profile together
                                have the effect of another phone and address
GET, POST /profile/not-me       every session ends, every relying party is told, tokens are revoked, and the profile
                                is locked: whoever knows the password or holds the phone gets no further. It gives
                                way to a new one, made by somebody proven anew. At once, with nothing to be typed
"""

from starlette.requests import Request
from starlette.responses import Response

from poreka.store.database import Stale
from poreka.store.sessions import Session
from poreka.systems.trusted_profile.ending import end_what_rests
from poreka.systems.trusted_profile.events import TrustedProfileLocked
from poreka.systems.trusted_profile.notices import tell
from poreka.systems.trusted_profile.operation.wanted import begin
from poreka.systems.trusted_profile.rules.profile import NotPossible, lock
from poreka.systems.trusted_profile.strong_session import owner_of
from poreka.systems.trusted_profile.system import TrustedProfileSystem
from poreka.web.browser.language import texts_of
from poreka.web.browser.own_form import read_form
from poreka.web.browser.redirect import redirect
from poreka.web.frame import show
from poreka.web.sessions import clear_session_cookie


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
    return await begin(request, pz, "invalidate", owned.id, then="/ended/invalidated")


async def lock_profile(request: Request, pz: TrustedProfileSystem, session: Session) -> Response:
    """POST /profile/not-me."""
    await read_form(request, pz)
    owned = await owner_of(request, pz, session)
    if isinstance(owned, Response):
        return owned
    after = lock(owned.profile, pz.clock())
    if isinstance(after, NotPossible):
        return redirect(request, pz, "/")
    try:
        async with pz.audit.transaction() as (transaction, record):
            await pz.profiles.save(transaction, owned, owned.under(after))
            await record(TrustedProfileLocked(person_id=owned.id))
            await end_what_rests(pz, transaction, record, owned, by="locked")
            await tell(pz, texts_of(request, pz), transaction, "lock_profile", owned)
    except Stale:
        return redirect(request, pz, "/profile")
    pz.wake_delivery()
    return clear_session_cookie(redirect(request, pz, "/ended/locked"), pz)


async def show_ended(request: Request, pz: TrustedProfileSystem) -> Response:
    """GET /ended/{how}: nobody is signed in any more; it tells no more than its address does."""
    how = "locked" if request.path_params["how"] == "locked" else "invalidated"
    return show(request, pz, "systems/trusted_profile/changes/ended.html", how=how)


async def _ask(request: Request, pz: TrustedProfileSystem, session: Session, what: str) -> Response:
    owned = await owner_of(request, pz, session)
    if isinstance(owned, Response):
        return owned
    return show(request, pz, "systems/trusted_profile/changes/end.html", session=session, what=what)

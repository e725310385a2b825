"""Extending the profile before its end (T2). Links to banks, the method and everything else stay as they are.

GET  /profile/extend   until when it would be valid
POST /profile/extend   on to authorising it
"""

from starlette.requests import Request
from starlette.responses import Response

from poreka.store.sessions import Session
from poreka.systems.trusted_profile.operation.wanted import begin
from poreka.systems.trusted_profile.rules.profile import TrustedProfile, extend, last_day
from poreka.systems.trusted_profile.strong_session import owner_of
from poreka.systems.trusted_profile.system import TrustedProfileSystem
from poreka.web.browser.own_form import read_form
from poreka.web.frame import show


async def show_offer(request: Request, pz: TrustedProfileSystem, session: Session) -> Response:
    """GET /profile/extend."""
    owned = await owner_of(request, pz, session)
    if isinstance(owned, Response):
        return owned
    after = extend(owned.profile, pz.clock())
    until = last_day(after if isinstance(after, TrustedProfile) else owned.profile)
    return show(request, pz, "systems/trusted_profile/changes/extend.html", session=session, until=until, owned=owned)


async def begin_extension(request: Request, pz: TrustedProfileSystem, session: Session) -> Response:
    """POST /profile/extend."""
    await read_form(request, pz)
    owned = await owner_of(request, pz, session)
    if isinstance(owned, Response):
        return owned
    return await begin(request, pz, "extend", owned.id, then="/profile?done=extended")

"""The owner of a trusted profile who is signed in with two factors; whoever used one only is asked for the other.

Every page inside is a route of `Access.STRONG_PERSON`, which the application lets nobody through to without this. It
needs the level substantial (2015/1502, annex 2.3.1): what is behind it can make somebody else the owner.
"""

from starlette.requests import Request
from starlette.responses import Response

from poreka.rules.levels import Level, level_reached, reaches
from poreka.store.sessions import Session
from poreka.systems.trusted_profile.rules.profile import is_valid
from poreka.systems.trusted_profile.store.trusted_profiles import OwnedProfile
from poreka.systems.trusted_profile.system import TrustedProfileSystem
from poreka.web.browser.redirect import redirect, with_query
from poreka.web.sessions import clear_session_cookie

STEP_UP = "/confirm"


async def owner_of(request: Request, pz: TrustedProfileSystem, session: Session) -> OwnedProfile | Response:
    """The owner, or the answer that leads to the second factor; a profile that has ended opens nothing."""
    owned = await pz.profiles.load(session.person_id)
    if owned is None or not is_valid(owned.profile, pz.clock()):
        return clear_session_cookie(redirect(request, pz, "/"), pz)
    if not reaches(level_reached(session.factors), Level.SUBSTANTIAL):
        page = request.url.path if request.method in ("GET", "HEAD") else "/profile"
        return redirect(request, pz, with_query(STEP_UP, {"next": page}))
    return owned


async def ask_for_second_factor(request: Request, pz: TrustedProfileSystem, session: Session) -> Response | None:
    """The application's answer before every route of `Access.STRONG_PERSON`; None: the owner, with both factors."""
    owned = await owner_of(request, pz, session)
    return owned if isinstance(owned, Response) else None

"""Where a profile begins: the ways to make one, and setting out on one of them (T1).

GET  /create              the ways
GET  /create/{provider}   where a reload leads: back to the ways
POST /create/{provider}   to a provider, at the level substantial, and asked anew: a session that somebody left open
                          there, and a consent that is remembered, are no ground for a profile
POST /apply               an application, to be confirmed by a clerk
"""

from starlette.requests import Request
from starlette.responses import Response

from poreka.systems.trusted_profile.creation.under_way import about
from poreka.systems.trusted_profile.rules.creation import CreationState
from poreka.systems.trusted_profile.rules.creation_record import KIND, LIFE, CreationRecord
from poreka.systems.trusted_profile.system import TrustedProfileSystem
from poreka.systems.trusted_profile.vouched.word import ask_anew
from poreka.web.browser.own_form import read_form
from poreka.web.browser.redirect import redirect
from poreka.web.failures import PageNotFound
from poreka.web.frame import show
from poreka.web.own_journey import begin_journey
from poreka.web.sessions import session_of

HOME = "/profile"


async def show_ways(request: Request, pz: TrustedProfileSystem) -> Response:
    """GET /create."""
    providers = [one for one in pz.relying.relied_on.values() if one.open]
    return show(
        request,
        pz,
        "systems/trusted_profile/creation/ways.html",
        session=await session_of(request, pz),
        providers=providers,
        days=about(pz).confirm_days,
    )


async def back_to_ways(request: Request, pz: TrustedProfileSystem) -> Response:
    """GET /create/{provider}: a name in an address begins nothing by itself."""
    return redirect(request, pz, "/create")


async def through_provider(request: Request, pz: TrustedProfileSystem) -> Response:
    """POST /create/{provider}."""
    await read_form(request, pz)
    provider = pz.relying.relied_on.get(request.path_params["provider"])
    if provider is None or not provider.open:
        raise PageNotFound
    return await ask_anew(request, pz, provider, HOME)


async def apply(request: Request, pz: TrustedProfileSystem) -> Response:
    """POST /apply."""
    await read_form(request, pz)
    now = pz.clock()
    state = CreationState(expires_at=now + LIFE)
    record = CreationRecord(state=state, application=True)
    journey = begin_journey(request, pz, KIND, record, state.expires_at + LIFE)  # an ended one still says how it ended
    await pz.database.insert(pz.journeys.adding(journey))
    return redirect(request, pz, f"/new/{journey.id}")

"""The owner is at the desk and has the app: asked there whether they want what the clerk is about to propose (CIBA).

POST /profiles/{profile}/ask                   the question goes out, with the case's number in it
GET  /profiles/{profile}/ask/{journey}         the two digits that the owner types in the app
POST /profiles/{profile}/ask/{journey}         the button that looks how it stands; a script does it by itself
GET  /profiles/{profile}/ask/{journey}/state

What comes back is brought to the trusted profile with the proposal (`proposing.py`), which checks it and notes it.
Nobody is told why somebody did not approve: the proposal can be made without it.
"""

import msgspec
import structlog
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from poreka.oidc.relying_party.backchannel_authentication import (
    NamedByPesel,
    NotApproved,
    PendingApproval,
    Question,
    StillWaiting,
)
from poreka.oidc.relying_party.discreet import Discreet
from poreka.oidc.relying_party.faults import ProviderFault
from poreka.outgoing.back_channel import PeerFault
from poreka.relying.asking_in_app import ask_in_app, is_time, look_at_answer
from poreka.relying.system import Relying
from poreka.rules.shown_date import time_of_day
from poreka.store.database import Stale
from poreka.store.journeys import Journey
from poreka.store.sessions import Session
from poreka.systems.desk.clerk import PROVIDER, named
from poreka.systems.desk.office_over_http import OfficeAway
from poreka.systems.desk.system import DeskSystem
from poreka.web.browser.own_form import read_form
from poreka.web.browser.redirect import redirect
from poreka.web.failures import PageNotFound, StalePage
from poreka.web.frame import show
from poreka.web.own_journey import begin_journey, own_journey

log = structlog.get_logger()
KIND = "desk_asks_owner"
AFTERWARDS = 15 * 60  # seconds for which an approval can be brought to the trusted profile


class Asking(Discreet, frozen=True, kw_only=True):
    """What is remembered of a question; `approval` is the ID Token that came back, `over` that nothing more will."""

    profile_id: str
    case: str
    pending: PendingApproval
    looked_at: int = 0
    approval: str = ""
    over: bool = False


async def ask(request: Request, desk: DeskSystem, session: Session) -> Response:
    """POST /profiles/{profile}/ask."""
    await read_form(request, desk)
    relying = _relying(desk)
    found = await desk.office.profile(await named(desk, session), request.path_params["profile"])
    if found.own:
        return redirect(request, desk, f"/profiles/{found.id}")
    case, now = desk.fresh.digits(6), desk.clock()
    message = desk.texts["pl"]("desk.ask.message", number=case)
    question = Question(whom=NamedByPesel(found.pesel), message=message, scopes=("openid",))
    try:
        pending = await ask_in_app(relying, relying.relied_on[PROVIDER], question)
    except (PeerFault, ProviderFault) as fault:
        raise OfficeAway("the trusted profile takes no question") from fault
    asking = Asking(profile_id=found.id, case=case, pending=pending, looked_at=now)
    journey = begin_journey(request, desk, KIND, asking, pending.expires_at + AFTERWARDS)
    await desk.database.insert(desk.journeys.adding(journey))
    return redirect(request, desk, f"/profiles/{found.id}/ask/{journey.id}")


async def show_waiting(request: Request, desk: DeskSystem, session: Session) -> Response:
    """GET /profiles/{profile}/ask/{journey}."""
    return _page(request, desk, session, *await load(request, desk))


async def look_again(request: Request, desk: DeskSystem, session: Session) -> Response:
    """POST /profiles/{profile}/ask/{journey}."""
    await read_form(request, desk)
    journey, asking = await load(request, desk)
    return _page(request, desk, session, journey, await _look(desk, journey, asking), looked=True)


async def tell_state(request: Request, desk: DeskSystem, _: Session) -> Response:
    """GET /profiles/{profile}/ask/{journey}/state."""
    try:
        asking = await _look(desk, *await load(request, desk))
    except StalePage:
        return JSONResponse({"state": "ended", "trouble": ""})
    return JSONResponse({"state": "ended" if asking.over else "waiting", "trouble": ""})


async def load(request: Request, desk: DeskSystem, journey_id: str | None = None) -> tuple[Journey, Asking]:
    """The question of this browser about this profile; raises `StalePage`."""
    journey = await own_journey(request, desk, KIND, journey_id)
    asking = msgspec.json.decode(journey.state, type=Asking)
    if asking.profile_id != request.path_params["profile"]:
        raise StalePage
    return journey, asking


async def _look(desk: DeskSystem, journey: Journey, before: Asking) -> Asking:
    """Ask the trusted profile how it stands, if it is time to, and write down what it says."""
    relying, now, pending = _relying(desk), desk.clock(), before.pending
    if before.over or not await is_time(relying, relying.relied_on[PROVIDER], pending, before.looked_at):
        return before
    approval, over = "", now >= pending.expires_at
    try:
        outcome = await look_at_answer(relying, relying.relied_on[PROVIDER], pending)
        if isinstance(outcome, StillWaiting):
            pending = msgspec.structs.replace(pending, interval=outcome.interval)
        elif isinstance(outcome, NotApproved):
            over = True
        else:
            approval, over = outcome.id_token, True
    except PeerFault:
        log.info("owner asked: no answer")
    except ProviderFault as fault:
        log.warning("owner asked", error=str(fault), detail=fault.detail)
        over = True
    after = msgspec.structs.replace(before, pending=pending, looked_at=now, approval=approval, over=over)
    try:
        await desk.journeys.save(desk.database, journey, msgspec.json.encode(after))
    except Stale:
        return before  # another look writes
    return after


def _relying(desk: DeskSystem) -> Relying:
    if desk.relying is None:
        raise PageNotFound
    return desk.relying


def _page(
    request: Request, desk: DeskSystem, session: Session, journey: Journey, asking: Asking, *, looked: bool = False
) -> Response:
    """The number while it waits; then on to the proposal, or back to the profile."""
    page = f"/profiles/{asking.profile_id}"
    if asking.over:
        on = f"{page}/invalidation?approval={journey.id}" if asking.approval else f"{page}?note=not_approved"
        return redirect(request, desk, on)
    return show(
        request,
        desk,
        "systems/desk/profiles/asking.html",
        session=session,
        address=f"{page}/ask/{journey.id}",
        page=page,
        case=asking.case,
        number=asking.pending.number,
        until=time_of_day(asking.pending.expires_at, seconds=True),
        time_left=asking.pending.expires_at - desk.clock(),
        looked=looked,
    )

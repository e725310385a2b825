"""Signing an order in the app, without leaving the portal's page (OpenID CIBA Core 1.0): asked, waited for, taken.

The page shows the number that the person types in the app; a script asks how the question stands (`tell_state`), and
without scripts a button does (`look_again`). The trusted profile is asked no more often than it allows, whatever the
page does. The portal never learns why somebody did not approve; the order can still be signed by redirect.
"""

from dataclasses import dataclass

import msgspec
import structlog
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from poreka.oidc.relying_party.backchannel_authentication import NotApproved, PendingApproval, Question, StillWaiting
from poreka.oidc.relying_party.discreet import Discreet
from poreka.oidc.relying_party.faults import ProviderFault
from poreka.outgoing.back_channel import PeerFault
from poreka.relying.asking_in_app import ask_in_app, is_time, look_at_answer
from poreka.relying.sign_in.provider_exchange import signature_in
from poreka.relying.sign_in.set_out import trouble_page
from poreka.rules.shown_date import time_of_day
from poreka.store.database import Stale
from poreka.store.journeys import Journey
from poreka.store.sessions import Session
from poreka.systems.portal.orders.mine import Mine, load, mine, signature_wanted, signing_provider
from poreka.systems.portal.orders.one import subject_of
from poreka.systems.portal.orders.signed import take
from poreka.systems.portal.system import Portal
from poreka.web.browser.own_form import read_form
from poreka.web.browser.redirect import redirect, with_query
from poreka.web.failures import PageNotFound, StalePage
from poreka.web.frame import show
from poreka.web.own_journey import begin_journey, own_journey

log = structlog.get_logger()
KIND = "order_in_app"
AFTERWARDS = 10 * 60  # seconds for which the page still says how it went
LATE = 2 * 60  # seconds for which an approval of the last moment is still fetched


class InApp(Discreet, frozen=True, kw_only=True):
    """What is remembered of a question; `note` says how it ended, in the words of the order's page."""

    order_id: str
    pending: PendingApproval
    looked_at: int = 0
    note: str = ""


@dataclass(frozen=True, slots=True)
class Looked:
    """An order, and the question about it as it stands."""

    found: Mine
    journey: Journey
    state: InApp

    @property
    def over(self) -> bool:
        """Whether the question has ended (`note`), or the order waits for no signature any more."""
        return bool(self.state.note) or not self.found.waiting


async def ask(request: Request, portal: Portal, session: Session) -> Response:
    """POST /orders/{order}/app."""
    await read_form(request, portal)
    found, provider = await mine(request, portal, session), signing_provider(portal)
    whom = await subject_of(portal, found, provider) if provider else None
    if provider is None or whom is None or not found.waiting:
        return redirect(request, portal, found.page)
    message = f"Zlecenie {found.owned.number}"
    try:
        question = Question(whom=whom, message=message, signature=signature_wanted(found.owned))
        pending = await ask_in_app(portal, provider, question)
    except (PeerFault, ProviderFault) as fault:
        return await trouble_page(request, portal, provider, fault)
    state = InApp(order_id=found.owned.id, pending=pending, looked_at=portal.clock())
    journey = begin_journey(request, portal, KIND, state, pending.expires_at + AFTERWARDS)
    await portal.database.insert(portal.journeys.adding(journey))
    return redirect(request, portal, f"{found.page}/app/{journey.id}")


async def show_waiting(request: Request, portal: Portal, session: Session) -> Response:
    """GET /orders/{order}/app/{journey}."""
    return _page(request, portal, session, await _load(request, portal, session))


async def look_again(request: Request, portal: Portal, session: Session) -> Response:
    """POST /orders/{order}/app/{journey}: the button that looks how it stands."""
    await read_form(request, portal)
    looked = await _look(portal, await _load(request, portal, session))
    return _page(request, portal, session, looked, looked=True)


async def tell_state(request: Request, portal: Portal, session: Session) -> Response:
    """GET /orders/{order}/app/{journey}/state, for the page's script; what the trusted profile says is written down."""
    try:
        looked = await _look(portal, await _load(request, portal, session))
    except (StalePage, PageNotFound):
        return JSONResponse({"state": "ended", "trouble": ""})
    return JSONResponse({"state": "ended" if looked.over else "waiting", "trouble": ""})


async def _load(request: Request, portal: Portal, session: Session) -> Looked:
    found, journey = await mine(request, portal, session), await own_journey(request, portal, KIND)
    state = msgspec.json.decode(journey.state, type=InApp)
    if state.order_id != found.owned.id:
        raise StalePage
    return Looked(found, journey, state)


async def _look(portal: Portal, before: Looked) -> Looked:
    """Ask the trusted profile how the question stands, if it is time to, and write down what it says.

    An approval signs the order (`take`). Without an answer the question goes on; a faulty one ends it as "denied".
    """
    state, provider, now = before.state, signing_provider(portal), portal.clock()
    if before.over or provider is None or not await is_time(portal, provider, state.pending, state.looked_at):
        return before
    pending = state.pending
    note = ""
    try:
        outcome = await look_at_answer(portal, provider, pending)
        if isinstance(outcome, StillWaiting):
            pending = msgspec.structs.replace(pending, interval=outcome.interval)
            note = "expired" if now >= pending.expires_at + LATE else ""
        elif isinstance(outcome, NotApproved):
            note = "expired" if outcome.expired else "denied"
        else:
            signature = await signature_in(portal, provider, outcome, signature_wanted(before.found.owned))
            note = (await take(portal, before.found.owned, signature)).value
    except PeerFault:
        log.info("order in app: no answer", provider=provider.key)
    except ProviderFault as fault:
        log.warning("order in app", provider=provider.key, error=str(fault), detail=fault.detail)
        note = "denied"
    after = msgspec.structs.replace(state, pending=pending, looked_at=now, note=note)
    return await _written(portal, before, after)


async def _written(portal: Portal, before: Looked, after: InApp) -> Looked:
    """Save the question, unless another request did so meanwhile; it may have signed the order, so read that anew."""
    try:
        journey = await portal.journeys.save(portal.database, before.journey, msgspec.json.encode(after))
    except Stale:
        journey = before.journey
    owned = await load(portal, after.order_id)
    found = Mine(owned, before.found.profile) if owned else before.found
    return Looked(found, journey, after)


def _page(request: Request, portal: Portal, session: Session, at: Looked, *, looked: bool = False) -> Response:
    """The page with the number; once the question is over, a redirect to the order. `looked`: by the button."""
    if at.over:
        note = "signed" if at.found.owned.statement else at.state.note
        return redirect(request, portal, with_query(at.found.page, {"note": note}))
    pending, provider = at.state.pending, signing_provider(portal)
    return show(
        request,
        portal,
        "systems/portal/orders/in_app.html",
        session=session,
        address=f"{at.found.page}/app/{at.journey.id}",
        page=at.found.page,
        provider=provider.name if provider else "",
        summary=at.found.owned.document.summary,
        number=pending.number,
        until=time_of_day(pending.expires_at, seconds=True),
        time_left=pending.expires_at - portal.clock(),
        looked=looked,
    )

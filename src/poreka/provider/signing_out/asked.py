"""GET and POST /end-session: a relying party asks to sign the person out here too (RP-Initiated Logout 1.0).

A POST from another site comes without our cookies (SameSite), so `take_post` turns it into a GET before anything is
decided. `asked` ends the session at once where the request proves by its ID Token that it means this session.
Otherwise the person is asked first, on the page /end-session/{journey}. A faulty request is shown as a page with no
way back to the relying party, on which the person can still sign out.
"""

from urllib.parse import urlencode

import msgspec
import structlog
from starlette.requests import Request
from starlette.responses import Response

from poreka.oidc.errors import ShownToPerson
from poreka.oidc.parameters import ParameterRefused, Parameters
from poreka.oidc.provider.end_session import Logout, check_logout, read_logout
from poreka.provider.client_sessions import client_sid, end_session
from poreka.provider.pages.frame import name_of
from poreka.provider.system import Bank
from poreka.store.sessions import Session
from poreka.web.browser.language import language_of
from poreka.web.browser.own_form import read_form
from poreka.web.browser.redirect import redirect
from poreka.web.forms import query_pairs, read_pairs
from poreka.web.frame import show
from poreka.web.own_journey import begin_journey, own_journey
from poreka.web.sessions import clear_session_cookie, session_of

log = structlog.get_logger()
KIND = "end_session"
JOURNEY_SECONDS = 10 * 60


async def take_post(request: Request, bank: Bank) -> Response:
    """POST /end-session."""
    return redirect(request, bank, f"/end-session?{urlencode(await read_pairs(request))}")


async def asked(request: Request, bank: Bank) -> Response:
    """GET /end-session."""
    session = await session_of(request, bank)
    try:
        return await _asked(request, bank, session)
    except ShownToPerson as fault:
        return _faulty(request, bank, session, fault)


async def _asked(request: Request, bank: Bank, session: Session | None) -> Response:
    try:
        parameters = Parameters.of_pairs(query_pairs(request))
    except ParameterRefused as fault:
        raise ShownToPerson("invalid_request", fault.description) from fault
    wish = read_logout(parameters, bank.key_ring.published, issuer=bank.origin)
    client = await bank.clients.by_id(wish.client_id) if wish.client_id else None
    sid = client_sid(bank, client, session.sid) if session and client else session.sid if session else None

    logout = check_logout(wish, client, session_sid=sid)

    if logout.confirm:
        return await _ask(request, bank, logout)
    return await _end(request, bank, session, logout)


def _faulty(request: Request, bank: Bank, session: Session | None, fault: ShownToPerson) -> Response:
    """The page for a faulty request (400), with a button to sign out here; the log gets its reference number."""
    request.state.reference = bank.fresh.id()[-10:].upper()
    log.info("logout request refused", reference=request.state.reference, error=str(fault), detail=fault.detail)
    return show(
        request,
        bank,
        "provider/signing_out/faulty.html",
        session=session,
        status=400,
        signed_in=session is not None,
        detail=fault.description,
    )


async def show_question(request: Request, bank: Bank) -> Response:
    """GET /end-session/{journey}."""
    logout, session = await _load(request, bank), await session_of(request, bank)
    client = await bank.clients.by_id(logout.client_id) if logout.client_id else None
    return show(
        request,
        bank,
        "provider/signing_out/confirm.html",
        session=session,
        journey=request.path_params["journey"],
        service=name_of(client, language_of(request, bank)) if client else "",
    )


async def confirm(request: Request, bank: Bank) -> Response:
    """POST /end-session/{journey}/confirm."""
    await read_form(request, bank)
    logout = await _load(request, bank)
    return await _end(request, bank, await session_of(request, bank), logout)


async def stay(request: Request, bank: Bank) -> Response:
    """POST /end-session/{journey}/stay: still signed in here, the person goes back to the relying party."""
    await read_form(request, bank)
    logout = await _load(request, bank)
    return redirect(request, bank, logout.return_address or "/")


async def _load(request: Request, bank: Bank) -> Logout:
    """The logout that this browser was asked to confirm; raises `StalePage`."""
    return msgspec.json.decode((await own_journey(request, bank, KIND)).state, type=Logout)


async def _ask(request: Request, bank: Bank, logout: Logout) -> Response:
    """Keep the checked logout as a journey of this browser and redirect to the page that asks."""
    journey = begin_journey(request, bank, KIND, logout, bank.clock() + JOURNEY_SECONDS)
    await bank.database.insert(bank.journeys.adding(journey))
    return redirect(request, bank, f"/end-session/{journey.id}")


async def _end(request: Request, bank: Bank, session: Session | None, logout: Logout) -> Response:
    """End the session, if there is one, and redirect to the relying party's address or to our own page."""
    if session is not None:
        async with bank.audit.transaction() as (transaction, record):
            await end_session(bank, transaction, record, session, by="relying_party")
        bank.wake_delivery()
    response = redirect(request, bank, logout.return_address or "/signed-out")
    return clear_session_cookie(response, bank)

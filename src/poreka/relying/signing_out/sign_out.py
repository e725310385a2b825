"""Signing out of a system that relies on providers, and then, if the person wants it, of the provider (Z10).

`sign_out` ends the session here at once. A session at the provider goes on: `show_signed_out` says so, and
`sign_out_there` sends the browser there to end it (OpenID Connect RP-Initiated Logout 1.0). What that needs, the ID
Token as a hint and a fresh `state`, is kept in a journey of this browser (`Leaving`).
"""

from typing import Any

import msgspec
import structlog
from starlette.requests import Request
from starlette.responses import Response

from poreka.oidc.relying_party.discreet import Discreet
from poreka.oidc.relying_party.faults import ProviderFault, StrayCallback
from poreka.oidc.relying_party.logout import check_signed_out, sign_out_url
from poreka.outgoing.back_channel import PeerFault
from poreka.relying.relied_on import ReliedOn
from poreka.relying.store.federated_sessions import FederatedSession
from poreka.relying.system import Relying
from poreka.rules.levels import CERTIFICATE
from poreka.store.fresh import secret_hash
from poreka.store.journeys import Journey
from poreka.store.sessions import Session
from poreka.web.browser.own_form import read_form
from poreka.web.browser.redirect import redirect
from poreka.web.failures import StalePage
from poreka.web.frame import show
from poreka.web.own_journey import own_journey
from poreka.web.sessions import clear_session_cookie, details_of

log = structlog.get_logger()
KIND = "sign_out"
LIFE = 30 * 60
BY_CERTIFICATE = "?door=certificate"


class Leaving(Discreet, frozen=True, kw_only=True):
    """A sign-out: whose ID Token the session rested on, and the `state` that the browser must bring back."""

    issuer: str
    id_token: str
    state: str


async def sign_out(request: Request, system: Relying, session: Session) -> Response:
    """POST /sign-out: end the session, and keep a `Leaving` where it rested on a provider."""
    await read_form(request, system)
    resting = await system.federated_sessions.of_session(session.sid)
    browser = system.fresh.secret()
    journey = _journey(system, resting, browser) if resting else None
    async with system.audit.transaction() as (transaction, record):
        await system.end_session(transaction, record, session, by="person")
        if journey is not None:
            await transaction.insert(system.journeys.adding(journey))
    by_certificate = details_of(session).issuer == CERTIFICATE
    address = f"/signed-out/{journey.id}" if journey else f"/signed-out{BY_CERTIFICATE if by_certificate else ''}"
    return clear_session_cookie(redirect(request, system, address), system, browser)


async def show_signed_out(request: Request, system: Relying) -> Response:
    """GET /signed-out/{journey}: the person is signed out here, and still signed in at the provider."""
    leaving = await _load(request, system, request.path_params["journey"])
    provider = _provider(system, leaving)
    address = await _address_there(system, provider, leaving, request.path_params["journey"])
    return _page(request, system, provider=provider.name, action=request.url.path if address else None)


async def sign_out_there(request: Request, system: Relying) -> Response:
    """POST /signed-out/{journey}: send the browser to the provider's sign-out."""
    await read_form(request, system)
    journey_id = request.path_params["journey"]
    leaving = await _load(request, system, journey_id)
    address = await _address_there(system, _provider(system, leaving), leaving, journey_id)
    return redirect(request, system, address or f"/signed-out/{journey_id}")


async def come_back(request: Request, system: Relying) -> Response:
    """GET /signed-out: the end of every sign-out.

    With a `state` the browser comes from the provider's sign-out; raises `StalePage` when it is not the one that was
    sent there. Without one the session rested on no provider.
    """
    state = request.query_params.get("state")
    if state is None:
        return _page(request, system, certificate="door" in request.query_params)
    journey_id, _, secret = state.partition(".")
    leaving = await _load(request, system, journey_id)
    try:
        check_signed_out(leaving.state, secret)
    except StrayCallback as stray:
        raise StalePage from stray
    return _page(request, system, provider=_provider(system, leaving).name, there=True)


def _page(
    request: Request,
    system: Relying,
    *,
    provider: str | None = None,
    action: str | None = None,
    there: bool = False,
    certificate: bool = False,
) -> Response:
    data: dict[str, Any] = {"provider": provider, "action": action, "there": there, "certificate": certificate}
    return show(request, system, "relying/signing_out/signed_out.html", **data)


def _journey(system: Relying, resting: FederatedSession, browser: str) -> Journey:
    now = system.clock()
    leaving = Leaving(issuer=resting.issuer, id_token=resting.id_token, state=system.fresh.secret())
    return system.journeys.new(KIND, secret_hash(browser), leaving, now, now + LIFE)


async def _load(request: Request, system: Relying, journey_id: str) -> Leaving:
    return msgspec.json.decode((await own_journey(request, system, KIND, journey_id)).state, type=Leaving)


def _provider(system: Relying, leaving: Leaving) -> ReliedOn:
    found = [one for one in system.relied_on.values() if one.registration.issuer == leaving.issuer]
    if not found:
        raise StalePage  # no longer relied on
    return found[0]


async def _address_there(system: Relying, provider: ReliedOn, leaving: Leaving, journey_id: str) -> str | None:
    """The address of the provider's sign-out; None where it has none, or its metadata cannot be read now."""
    try:
        metadata = await system.documents.metadata(leaving.issuer)
    except (PeerFault, ProviderFault) as fault:
        log.info("sign-out at the provider not possible", provider=provider.key, error=str(fault))
        return None
    return sign_out_url(provider.registration, metadata, leaving.id_token, f"{journey_id}.{leaving.state}")

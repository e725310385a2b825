"""The authorization endpoint: a request arrives with a browser (OpenID Connect Core §3.1.2).

One read brings the pushed request, the session, the consent and the customer. The request becomes a wish
(`openid_wish.py`), and from there on `beginning.py` goes on as for any protocol; what is answered without a page is
answered here, in OpenID Connect's words. What a request must be like is `oidc/provider/authorization_request.py`.
"""

from dataclasses import dataclass
from urllib.parse import urlencode

import msgspec
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from poreka.oidc.clients.client import Client
from poreka.oidc.errors import SentToClient, ShownToPerson
from poreka.oidc.parameters import ParameterRefused, Parameters
from poreka.oidc.provider.authorization_request import AuthorizationRequest, check_request, sent_to
from poreka.oidc.provider.authorization_response import Need, not_without_asking
from poreka.oidc.provider.pushed_request import redeem, reference_of
from poreka.oidc.provider.requested_level import requested_level
from poreka.provider.client_registry import KnownClient
from poreka.provider.release.answer import fault_of, with_code, without_code
from poreka.provider.release.beginning import (
    STARTED_COOKIE,
    Arrival,
    begin_journey,
    note_refusal,
    state_on_arrival,
)
from poreka.provider.release.begun import back_into, journey_begun_by
from poreka.provider.release.openid_wish import wish_of
from poreka.provider.release.standing import Person, person_of
from poreka.provider.release.stored import OPENID
from poreka.provider.reply import Given
from poreka.provider.rules.release import RELEASE_SECONDS, Ended, ReleaseState, answered_without_page, stands_at
from poreka.provider.rules.wish import facts_granted
from poreka.provider.store.consents import ConsentRecord
from poreka.provider.store.customer_directory import Customer, DirectoryUnavailable
from poreka.provider.system import Bank
from poreka.rules.journey import Step
from poreka.rules.levels import Level, level_named
from poreka.store.database import AlreadyThere, Insert
from poreka.store.fresh import secret_hash
from poreka.store.sessions import Session
from poreka.store.used_once import claiming
from poreka.web.door.door import let_in_after_all
from poreka.web.forms import query_pairs, read_pairs
from poreka.web.sessions import still_alive

NEEDS: dict[str, Need] = {"sign_in": "sign_in", "informed_and_consented": "consent"}
"""What a release needs that stands at a step; at any other, another factor."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Met:
    """An authorization request that was found good, and what it met."""

    request: AuthorizationRequest
    client: Client
    person: Person | None
    consent: ConsentRecord | None
    once: Insert
    journey_id: str


async def authorize(request: Request, bank: Bank) -> Response:
    """GET /authorize; who asked for the answer in a form gets the errors in one, too."""
    try:
        response = await _decide(request, bank)
    except SentToClient as fault:
        if fault.destination is None or fault.destination.response_mode != "form_post":
            raise
        response = await without_code(request, bank, fault, fault.destination)
    except ShownToPerson as fault:
        back = await _back(request, bank) if fault.error == "invalid_request_uri" else None
        if back is None:
            raise
        return back
    if bank.cookies.choice(request, STARTED_COOKIE):
        bank.cookies.clear(response, STARTED_COOKIE)  # it tells of one entry only
    return response


async def take_post(request: Request, bank: Bank) -> Response:
    """POST /authorize (Core §3.1.2.1) becomes a GET: from another site it arrives without our Lax cookies."""
    return RedirectResponse(f"/authorize?{urlencode(await read_pairs(request))}", 303)


async def _decide(request: Request, bank: Bank) -> Response:
    met = await _meet(request, bank)
    if met.person is None:
        let_in_after_all(request, bank.door, met.client.client_id)
    try:
        with sent_to(met.request.destination):
            arrival = _arrival(bank, met)
            state = await state_on_arrival(request, bank, arrival)
            stands = stands_at(state, bank.clock())
            if isinstance(stands, Step) and stands.name == "released" and met.person is not None:
                return await _answer_at_once(request, bank, met, arrival, met.person)
            if answered_without_page(stands, arrival.wish):
                await note_refusal(bank, arrival, state)
                raise _fault(stands)
        return await begin_journey(request, bank, arrival, state, OPENID, msgspec.json.encode(met.request))
    except AlreadyThere as error:
        raise used_before() from error


def _arrival(bank: Bank, met: Met) -> Arrival:
    """The request as a wish; raises `SentToClient` for an essential level that we do not know."""
    acr = requested_level(met.request, bank.supported.acr_values)
    return Arrival(
        wish=wish_of(met.request, (level_named(acr) if acr else None) or Level.LOW),
        service=met.client,
        person=met.person,
        consent=met.consent,
        once=met.once,
        journey_id=met.journey_id,
    )


async def _answer_at_once(request: Request, bank: Bank, met: Met, arrival: Arrival, person: Person) -> Response:
    facts = facts_granted(arrival.wish, arrival.service)
    given = Given(session=person.session, facts=facts, once=arrival.once)
    return await with_code(request, bank, met.request, met.client, given)


async def _back(request: Request, bank: Bank) -> Response | None:
    """Into the release that this browser began with the reference, if it goes on."""
    parameters = Parameters.of_pairs(query_pairs(request))
    reference, client_id = reference_of(parameters), parameters.get("client_id")
    return await back_into(request, bank, reference, client_id) if reference and client_id else None


async def _meet(request: Request, bank: Bank) -> Met:
    """Load everything, in one read where the request was pushed."""
    try:
        parameters = Parameters.of_pairs(query_pairs(request))
        client_id = parameters.get("client_id") or ""
    except ParameterRefused as fault:
        raise ShownToPerson("invalid_request", fault.description) from fault
    known, reference, now = await bank.registry.find(client_id), reference_of(parameters), bank.clock()
    cookie = bank.cookies.secret(request, "session")
    entry = await bank.returning.load(reference=reference, client_id=client_id, cookie=cookie, now=now)
    if reference is not None and known is not None:
        asked = redeem(parameters, entry.pushed, now=now)
        once = claiming("request_uri", secret_hash(reference).hex(), now + RELEASE_SECONDS)
    else:
        asked = _checked(parameters, known, bank, now)
        once = claiming("authorize", bank.fresh.secret(), now)  # a plain request may be repeated
    journey_id = bank.fresh.id() if reference is None else journey_begun_by(reference)
    if known is None:
        raise ShownToPerson("invalid_client", "The service that sent you here is not known.")
    session = await still_alive(bank, entry.session, cookie) if cookie else None
    person = await _person_of(bank, asked, session, entry.customer)
    return Met(
        request=asked,
        client=known.client,
        person=person,
        consent=entry.consent,
        once=once,
        journey_id=journey_id,
    )


async def _person_of(
    bank: Bank, asked: AuthorizationRequest, session: Session | None, customer: Customer | None
) -> Person | None:
    """The customer of the session; who may be shown no page is told by the client that the directory is away."""
    try:
        return await person_of(bank, session, customer)
    except DirectoryUnavailable:
        if "none" not in asked.prompt:
            raise
        raise SentToClient("temporarily_unavailable", "Try again in a moment.", destination=asked.destination) from None


def _checked(parameters: Parameters, known: KnownClient | None, bank: Bank, now: int) -> AuthorizationRequest:
    if known is None:
        return check_request(parameters, None, bank.supported, now=now)
    own_keys = bank.key_ring.published
    return check_request(parameters, known.client, bank.supported, now=now, client_keys=known.keys, own_keys=own_keys)


def used_before() -> ShownToPerson:
    """The reference of a pushed request came a second time (RFC 9126 §4)."""
    return ShownToPerson("invalid_request_uri", "The request is not known here, or was used already.")


def _fault(stands: Step[ReleaseState] | Ended) -> SentToClient:
    """What is answered without a page: how the release ended, or the error that names what it needs."""
    if isinstance(stands, Ended):
        return fault_of(stands)
    return not_without_asking(NEEDS.get(stands.name, "another_factor"))

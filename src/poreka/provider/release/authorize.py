"""The authorization endpoint: a request arrives with a browser (OpenID Connect Core §3.1.2).

One read brings the pushed request, the session, the consent and the customer. Who needs nothing more
is answered at once, without a page and without a journey (P6); for everyone else a journey begins and
the browser goes to its page. What a request must be like is `oidc/provider/authorization_request.py`.
"""

from dataclasses import dataclass
from urllib.parse import urlencode

import msgspec
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from poreka.audit.events import ReleaseRefused
from poreka.oidc.clients.client import Client
from poreka.oidc.errors import SentToClient, ShownToPerson
from poreka.oidc.parameters import ParameterRefused, Parameters
from poreka.oidc.provider.authorization_request import AuthorizationRequest, check_request, sent_to
from poreka.oidc.provider.authorization_response import access_denied
from poreka.oidc.provider.pushed_request import redeem, reference_of
from poreka.provider.client_registry import KnownClient
from poreka.provider.release.answer import with_code, without_code
from poreka.provider.release.begun import back_into, journey_begun_by
from poreka.provider.release.standing import (
    BY_SMS,
    KIND,
    Person,
    Release,
    current_state,
    facts_of,
    level_asked,
    means_of,
    person_of,
)
from poreka.provider.rules.release import Ended, ReleaseState, WayIn, code_needed, stands_at
from poreka.provider.store.consents import ConsentRecord
from poreka.provider.store.customer_directory import Customer, DirectoryUnavailable
from poreka.provider.system import Bank
from poreka.rules.journey import Step
from poreka.store.database import AlreadyThere, Insert
from poreka.store.fresh import secret_hash
from poreka.store.journeys import Journey
from poreka.store.sessions import Session
from poreka.store.used_once import claiming
from poreka.web.browser.redirect import redirect
from poreka.web.door.door import let_in_after_all
from poreka.web.forms import query_pairs, read_pairs
from poreka.web.own_journey import begin_journey
from poreka.web.sessions import still_alive
from poreka.web.texts import LANGUAGES

JOURNEY_SECONDS = 30 * 60
STARTED_COOKIE = "started"  # set when a customer starts from the bank's own pages: where a cancel leads


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """What an authorization request met."""

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
    arrival = await _arrive(request, bank)
    if arrival.person is None:
        let_in_after_all(request, bank.door, arrival.client.client_id)

    with sent_to(arrival.request.destination):
        release = await _begin(request, bank, arrival)
        stands = stands_at(release.state, bank.clock())
        if isinstance(stands, Step) and stands.name == "released" and arrival.person is not None:
            return await _answer_at_once(request, bank, arrival, arrival.person)
        if stands is Ended.UNMET:
            raise SentToClient("unmet_authentication_requirements", "The person cannot sign in at the level asked for.")
        if "none" in arrival.request.prompt:
            await _note_refusal(bank, arrival, release)
            raise _without_asking(stands)

    journey = _journey(request, bank, arrival.journey_id, release)
    try:
        await bank.database.insert(arrival.once, bank.journeys.adding(journey))
    except AlreadyThere as error:
        raise used_before() from error
    return redirect(request, bank, f"/release/{journey.id}{_language(request, bank, arrival.request)}")


async def _back(request: Request, bank: Bank) -> Response | None:
    """Into the release that this browser began with the reference, if it goes on."""
    parameters = Parameters.of_pairs(query_pairs(request))
    reference, client_id = reference_of(parameters), parameters.get("client_id")
    return await back_into(request, bank, reference, client_id) if reference and client_id else None


async def _arrive(request: Request, bank: Bank) -> Arrival:
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
        once = claiming("request_uri", secret_hash(reference).hex(), now + JOURNEY_SECONDS)
    else:
        asked = _checked(parameters, known, bank, now)
        once = claiming("authorize", bank.fresh.secret(), now)  # a plain request may be repeated
    journey_id = bank.fresh.id() if reference is None else journey_begun_by(reference)
    if known is None:
        raise ShownToPerson("invalid_client", "The service that sent you here is not known.")
    session = await still_alive(bank, entry.session, cookie) if cookie else None
    person = await _person_of(bank, asked, session, entry.customer)
    return Arrival(
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


async def _begin(request: Request, bank: Bank, arrival: Arrival) -> Release:
    now, asked = bank.clock(), arrival.request
    bank_first = bank.cookies.choice(request, STARTED_COOKIE) == asked.client_id
    state = ReleaseState(
        way_in=WayIn.BANK_FIRST if bank_first else WayIn.PORTAL_FIRST,
        expires_at=now + JOURNEY_SECONDS,
        signing=asked.signature is not None,
        wanted=level_asked(asked, bank),
        sign_in_since=_sign_in_since(asked, now),
        sign_in_anew=bool({"login", "select_account"} & set(asked.prompt)) or asked.max_age == 0,
    )
    release = Release(request=asked, state=state)
    about = (arrival.client, arrival.person, arrival.consent, None, now)
    state = current_state(bank, release, *about, BY_SMS)
    if arrival.person is not None and code_needed(state):
        state = current_state(bank, release, *about, await means_of(bank, arrival.person))
    return msgspec.structs.replace(release, state=state)


def _sign_in_since(asked: AuthorizationRequest, now: int) -> int:
    """From when on a sign-in counts: `max_age` (OpenID Connect Core §3.1.2.1)."""
    return now - asked.max_age if asked.max_age is not None else 0


async def _answer_at_once(request: Request, bank: Bank, arrival: Arrival, person: Person) -> Response:
    facts = facts_of(arrival.request, arrival.client)
    try:
        return await with_code(request, bank, arrival.request, arrival.client, person.session, facts, arrival.once)
    except AlreadyThere as error:
        raise used_before() from error


async def _note_refusal(bank: Bank, arrival: Arrival, release: Release) -> None:
    """Write down that the person was refused (P8); who is asked by a page is told and noted there."""
    if arrival.person is None or not release.state.refused:
        return
    event = ReleaseRefused(
        person_id=arrival.person.customer.id,
        client_id=arrival.client.client_id,
        reasons=tuple(reason.value for reason in release.state.refused),
    )
    try:
        await bank.audit.save(arrival.once, event=event)
    except AlreadyThere as error:
        raise used_before() from error


def used_before() -> ShownToPerson:
    """The reference of a pushed request came a second time (RFC 9126 §4)."""
    return ShownToPerson("invalid_request_uri", "The request is not known here, or was used already.")


def _without_asking(stands: Step[ReleaseState] | Ended) -> SentToClient:
    """`prompt=none`: what would be asked becomes the error that names it (OpenID Connect Core §3.1.2.6)."""
    if isinstance(stands, Ended):
        return access_denied("refused")
    match stands.name:
        case "sign_in":
            return SentToClient("login_required", "The person is not signed in, or has to sign in again.")
        case "informed_and_consented":
            return SentToClient("consent_required", "The person has not agreed yet.")
        case _:
            return SentToClient("interaction_required", "The person has to confirm with a further factor.")


def _journey(request: Request, bank: Bank, journey_id: str, release: Release) -> Journey:
    """What is stored knows of no refusal yet: the page that tells the person also writes it down (P8)."""
    untold = msgspec.structs.replace(release.state, eligibility_checked=False, refused=())
    release = msgspec.structs.replace(release, state=untold)
    until = release.state.expires_at + JOURNEY_SECONDS  # an ended one still says how it ended
    return begin_journey(request, bank, KIND, release, until, journey_id=journey_id)


def _language(request: Request, bank: Bank, asked: AuthorizationRequest) -> str:
    """The relying party's wish for a language, where the person has not chosen one here (Core §3.1.2.1)."""
    if bank.cookies.choice(request, "language"):
        return ""
    return next(
        (f"?lang={code}" for wish in asked.ui_locales if (code := wish.split("-")[0].lower()) in LANGUAGES),
        "",
    )

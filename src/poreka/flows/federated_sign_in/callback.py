"""The browser is back from a provider (P1): judge the answer, learn the facts, and begin the entry.

GET /callback/{provider}   the provider's redirect address for us

The question is taken out of the store first, once, and only for the browser that asked it; what nobody asked
for gets the page for stale sign-ins. Whether the person may enter is not decided here: a sealed journey
holds what was established, and `flows/entry` goes on from there. A provider's "no" in due form has a page of
its own: `said_no.py`.
"""

import structlog
from starlette.requests import Request
from starlette.responses import Response

from poreka.audit.events import EntryFailed
from poreka.flows.federated_sign_in.facts import FactsFault, person_facts
from poreka.flows.federated_sign_in.said_no import reason_of
from poreka.journeys.entry import EntryState
from poreka.journeys.entry_record import ENTRY_LIFE, KIND, ByProvider, EntryRecord, written
from poreka.oidc.relying_party.authorization import PendingSignIn
from poreka.oidc.relying_party.callback import ProviderSaidNo
from poreka.oidc.relying_party.faults import ProviderFault, StrayCallback
from poreka.oidc.relying_party.token import SignedIn
from poreka.rules.person import PersonFacts
from poreka.store.federated_sessions import FederatedSession
from poreka.store.fresh import secret_hash
from poreka.store.journeys import Journey
from poreka.web.back_channel import PeerFault
from poreka.web.failures import PageNotFound, StalePage
from poreka.web.federation import Vouched, finish_at, level_of
from poreka.web.forms import query_pairs
from poreka.web.frame import browser_of, redirect, show, texts_of
from poreka.web.provider_trouble import trouble_page
from poreka.web.sessions import session_of
from poreka.web.systems import Portal, ReliedOn

log = structlog.get_logger()


async def come_back(request: Request, system: Portal) -> Response:
    """Answer a provider's redirect back to us."""
    provider = system.relied_on.get(request.path_params["provider"])
    if provider is None:
        raise PageNotFound
    pairs = query_pairs(request)
    pending = await _take(request, system, provider, pairs)
    try:
        outcome = await finish_at(system, provider, pending, pairs)
    except StrayCallback as stray:
        raise StalePage("sign_in_stale") from stray
    except (PeerFault, ProviderFault) as fault:
        kind = fault.kind if isinstance(fault, ProviderFault) else "unreachable"
        await _failed(system, provider, kind)
        return await trouble_page(request, system, provider, fault)
    if isinstance(outcome, ProviderSaidNo):
        return await _said_no(request, system, provider, outcome)
    facts = person_facts(provider.registration, outcome.facts)
    if isinstance(facts, FactsFault):
        return await _not_enough(request, system, provider, facts)
    return await _begin_entry(request, system, provider, pending, outcome, facts)


async def _take(request: Request, system: Portal, provider: ReliedOn, pairs: list[tuple[str, str]]) -> PendingSignIn:
    """What this browser asked this provider; an answer at another one's address is none (mix-up)."""
    browser = system.cookies.secret(request, "browser")
    states = [value for name, value in pairs if name == "state"]
    if browser is None:
        raise StalePage("sign_in_no_cookies", 400)
    if len(states) != 1:
        raise StalePage("sign_in_stale")
    pending = await system.pending_sign_ins.take(states[0], secret_hash(browser), system.clock())
    if pending is None or pending.issuer != provider.registration.issuer:
        raise StalePage("sign_in_stale")
    return pending


async def _begin_entry(
    request: Request,
    system: Portal,
    provider: ReliedOn,
    pending: PendingSignIn,
    vouched: Vouched,
    facts: PersonFacts,
) -> Response:
    now = system.clock()
    person = _person(provider, vouched.signed_in, facts, now)
    wanted = level_of(provider.registration, pending.minimum_acr)
    state = EntryState(issuer=person.issuer, expires_at=now + ENTRY_LIFE, wanted=wanted, level=person.level)
    journey = Journey(
        id=system.fresh.id(),
        kind=KIND,
        browser_hash=secret_hash(browser_of(request, system)),
        state=written(EntryRecord(state=state, person=person, target=pending.target)),
        created_at=now,
        expires_at=state.expires_at,
    )
    # From here on the entry rests on the provider's session: a logout there ends it before it has begun.
    resting = system.federated_sessions.adding(_resting(journey.id, person))
    await system.database.insert(system.journeys.adding(journey), resting)
    return redirect(request, system, f"/entry/{journey.id}")


def _resting(journey_id: str, person: ByProvider) -> FederatedSession:
    return FederatedSession(
        session_sid=journey_id,
        issuer=person.issuer,
        subject=person.subject,
        provider_sid=person.provider_sid,
        id_token=person.id_token,
    )


def _person(provider: ReliedOn, signed_in: SignedIn, facts: PersonFacts, now: int) -> ByProvider:
    return ByProvider(
        provider=provider.key,
        issuer=signed_in.issuer,
        subject=signed_in.sub,
        provider_sid=signed_in.sid,
        id_token=signed_in.id_token,
        auth_time=min(now if signed_in.auth_time is None else signed_in.auth_time, now),
        acr=signed_in.acr or "",
        level=level_of(provider.registration, signed_in.acr),
        facts=facts,
    )


async def _said_no(request: Request, system: Portal, provider: ReliedOn, no: ProviderSaidNo) -> Response:
    """On to a page with an address of its own, so that reloading it and changing its language work."""
    reason = reason_of(no)
    log.info("provider said no", provider=provider.key, error=no.error, reason=reason)
    await _failed(system, provider, reason)
    return redirect(request, system, f"/not-signed-in/{provider.key}/{reason}")


async def _not_enough(request: Request, system: Portal, provider: ReliedOn, fault: FactsFault) -> Response:
    request.state.reference = system.fresh.id()[-10:].upper()
    log.info("facts not enough", reference=request.state.reference, provider=provider.key, fault=fault.value)
    await _failed(system, provider, fault.value)
    t = texts_of(request, system)
    return show(
        request,
        system,
        "web/layout/error.html",
        session=await session_of(request, system),
        status=403,
        kind="facts_not_enough",
        what_happened=t("failure.facts_not_enough.happened", provider=provider.name),
        what_was_sent=t(f"entry.no.{fault.value}", provider=provider.name),
    )


async def _failed(system: Portal, provider: ReliedOn, reason: str) -> None:
    event = EntryFailed(person_id=None, issuer=provider.registration.issuer, reason=reason)
    await system.audit.save(event=event)

"""The browser is back from a provider (P1), and somebody is vouched for: the entry begins.

GET /callback/{provider}   the provider's redirect address for us

Judging the answer is `relying/sign_in/returned.py`. Whether the person may enter is not decided here: a sealed journey
holds what was established, and `systems/portal/entry` goes on from there. A provider's "no" in due form has a page of
its own: `relying/sign_in/said_no.py`.
"""

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from poreka.oidc.relying_party.token import SignedIn
from poreka.relying.relied_on import ReliedOn
from poreka.relying.sign_in.provider_exchange import level_of
from poreka.relying.sign_in.returned import Returned, returned
from poreka.rules.anothers_word import time_told
from poreka.rules.people.person import PersonFacts
from poreka.store.database import Stale
from poreka.store.fresh import secret_hash
from poreka.systems.portal.entry.entering import resting_session
from poreka.systems.portal.rules.entry import EntryState
from poreka.systems.portal.rules.entry_record import ENTRY_LIFE, KIND, ByProvider, EntryRecord, read, written
from poreka.systems.portal.system import Portal
from poreka.web.browser.own_cookies import browser_of
from poreka.web.browser.redirect import redirect
from poreka.web.own_journey import begin_journey

ENTRY = "/entry/"


async def come_back(request: Request, system: Portal) -> Response:
    """Answer a provider's redirect back to us."""
    came = await returned(request, system)
    return came if isinstance(came, Response) else await _begin_entry(request, system, came)


async def _begin_entry(request: Request, system: Portal, came: Returned) -> Response:
    now, target = system.clock(), came.pending.target
    person = _person(came.provider, came.vouched.signed_in, came.facts, now)
    if target is not None and target.startswith(ENTRY):
        if await _renewed(request, system, target.removeprefix(ENTRY), person):
            return redirect(request, system, target)
        target = None  # another person, or an entry that has ended: begin anew
    wanted = level_of(came.provider.registration, came.pending.minimum_acr)
    state = EntryState(issuer=person.issuer, expires_at=now + ENTRY_LIFE, wanted=wanted, level=person.level)
    record = EntryRecord(state=state, person=person, target=target)
    journey = begin_journey(request, system, KIND, record, state.expires_at)
    # From here on the entry rests on the provider's session: a logout there ends it before it has begun.
    resting = system.federated_sessions.adding(resting_session(journey.id, person))
    await system.database.insert(system.journeys.adding(journey), resting)
    return redirect(request, system, f"/entry/{journey.id}")


async def _renewed(request: Request, system: Portal, journey_id: str, person: ByProvider) -> bool:
    """The provider was asked again for its word about an entry under way: it stands anew, and rests where it says."""
    browser_hash = secret_hash(browser_of(request, system))
    journey = await system.journeys.load(journey_id, browser_hash, system.clock())
    if journey is None or journey.kind != KIND:
        return False
    record = read(journey.state)
    if not isinstance(record.person, ByProvider) or not record.person.is_same_as(person):
        return False
    renewed = msgspec.structs.replace(record, person=person)
    try:
        async with system.database.transaction() as transaction:
            await system.journeys.save(transaction, journey, written(renewed))
            await system.federated_sessions.remove(transaction, journey.id)
            await transaction.insert(system.federated_sessions.adding(resting_session(journey.id, person)))
    except Stale:
        return False
    return True


def _person(provider: ReliedOn, signed_in: SignedIn, facts: PersonFacts, now: int) -> ByProvider:
    return ByProvider(
        provider=provider.key,
        issuer=signed_in.issuer,
        subject=signed_in.sub,
        provider_sid=signed_in.sid,
        id_token=signed_in.id_token,
        auth_time=time_told(signed_in.auth_time, now),
        acr=signed_in.acr or "",
        level=level_of(provider.registration, signed_in.acr),
        facts=facts,
        told_at=now,
    )

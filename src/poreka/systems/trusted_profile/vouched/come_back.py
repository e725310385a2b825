"""GET /callback/{provider}: the browser is back from a provider, which vouches for a person (T1, T3).

`come_back` finds the valid profile by the PESEL that the provider released, and `judge_person` compares every fact with
its owner's, so that one bank's wrong PESEL opens nobody's profile. Then it signs the person in, begins a new profile
where there is none, or refuses. Where one name differs as the names of one person may (a bank has a new surname earlier
or later than we), the owner's own tool confirms once. `come_back` refuses a word below the level substantial, and asks
the provider anew before a profile is made on a word that was given for a sign-in.
"""

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from poreka.relying.sign_in.provider_exchange import level_of
from poreka.relying.sign_in.returned import Returned, returned, too_weak
from poreka.rules.anothers_word import methods_told, time_told
from poreka.rules.levels import Level
from poreka.rules.people.same_person import Verdict
from poreka.store.database import Stale
from poreka.store.fresh import secret_hash
from poreka.systems.trusted_profile.operation.wanted import LINK, address_of
from poreka.systems.trusted_profile.rules.creation import CreationState
from poreka.systems.trusted_profile.rules.creation_record import KIND, LIFE, CreationRecord, VouchedBy, read, written
from poreka.systems.trusted_profile.rules.profile import gives_way
from poreka.systems.trusted_profile.store.trusted_profiles import OwnedProfile
from poreka.systems.trusted_profile.system import TrustedProfileSystem
from poreka.systems.trusted_profile.vouched.linking import Word, linking
from poreka.systems.trusted_profile.vouched.session import open_vouched, resting_on
from poreka.systems.trusted_profile.vouched.whose import judge_person, refuse_person
from poreka.systems.trusted_profile.vouched.word import ask_anew, was_asked_anew
from poreka.web.browser.own_cookies import browser_of
from poreka.web.browser.own_path import release_in
from poreka.web.browser.redirect import redirect
from poreka.web.new_browser import renew_browser
from poreka.web.own_journey import begin_journey
from poreka.web.sessions import set_session_cookie

HOME, NEW = "/profile", "/new/"


async def come_back(request: Request, pz: TrustedProfileSystem) -> Response:
    """GET /callback/{provider}."""
    came = await returned(request, pz.relying)
    if isinstance(came, Response):
        return came
    signed_in = came.vouched.signed_in
    if level_of(came.provider.registration, signed_in.acr) < Level.SUBSTANTIAL:
        return too_weak(request, pz, came.provider.key, Level.SUBSTANTIAL, signed_in.acr)
    by = VouchedBy(
        provider=came.provider.key,
        issuer=signed_in.issuer,
        subject=signed_in.sub,
        provider_sid=signed_in.sid,
        id_token=signed_in.id_token,
        auth_time=time_told(signed_in.auth_time, pz.clock()),
        amr=methods_told(signed_in.amr),
        told_at=pz.clock(),
    )
    if (came.pending.target or "").startswith(NEW) and await _renewed(request, pz, came, by):
        return redirect(request, pz, came.pending.target or HOME)
    owned = await pz.profiles.valid_of(came.facts.pesel)
    judged = await judge_person(pz, came, by, owned)
    if judged.verdict is Verdict.OTHER:
        await refuse_person(request, pz, came, owned, judged)
        return redirect(request, pz, f"/not-signed-in/{came.provider.key}/other_person")
    if owned is None or gives_way(owned.profile, pz.clock()):
        if not was_asked_anew(came.pending):
            return await ask_anew(request, pz, came.provider, came.pending.target or HOME)
        return await _make(request, pz, came, by)
    if judged.verdict is Verdict.UNSURE:
        return await _ask_tool(request, pz, came, by, owned)
    return await _sign_in(request, pz, came, by, owned)


async def _ask_tool(
    request: Request, pz: TrustedProfileSystem, came: Returned, by: VouchedBy, owned: OwnedProfile
) -> Response:
    """Begin a `LINK` operation: the bank has another name, so the profile's own tool confirms once (T4)."""
    target = came.pending.target or HOME
    release = release_in(target) if came.pending.max_age == 0 else ""
    journey = linking(request, pz, owned, Word(by=by, release=release), target)
    resting = pz.relying.federated_sessions.adding(resting_on(by, journey.id))
    await pz.database.insert(pz.journeys.adding(journey), resting)
    return redirect(request, pz, address_of(LINK, journey.id))


async def _sign_in(
    request: Request, pz: TrustedProfileSystem, came: Returned, by: VouchedBy, owned: OwnedProfile
) -> Response:
    """Begin the owner's session, which rests on the provider's, and redirect to where the sign-in was for."""
    target = came.pending.target or HOME
    release = release_in(target) if came.pending.max_age == 0 else ""
    async with pz.audit.transaction() as (transaction, record):
        cookie = await open_vouched(request, pz, transaction, record, by, owned, release)
        browser = await renew_browser(request, pz, transaction, target)
    pz.wake_delivery()
    return set_session_cookie(redirect(request, pz, target), pz, cookie, browser)


async def _renewed(request: Request, pz: TrustedProfileSystem, came: Returned, by: VouchedBy) -> bool:
    """Put a provider's new word in place of its earlier one in a profile that is being made; False where there is none.

    The new word counts only for the same person at the same provider, with the same facts.
    """
    browser_hash = secret_hash(browser_of(request, pz))
    journey_id = (came.pending.target or "").removeprefix(NEW)
    journey = await pz.journeys.load(journey_id, browser_hash, pz.clock())
    if journey is None or journey.kind != KIND:
        return False
    record = read(journey.state)
    earlier = record.vouched
    if earlier is None or record.facts != came.facts or (earlier.issuer, earlier.subject) != (by.issuer, by.subject):
        return False
    try:
        async with pz.database.transaction() as transaction:
            await pz.journeys.save(transaction, journey, written(msgspec.structs.replace(record, vouched=by)))
            await pz.relying.federated_sessions.remove(transaction, journey.id)
            await transaction.insert(pz.relying.federated_sessions.adding(resting_on(by, journey.id)))
    except Stale:
        return False
    return True


async def _make(request: Request, pz: TrustedProfileSystem, came: Returned, by: VouchedBy) -> Response:
    """Begin making a profile on the provider's word: there is none, or one that gives way to a new one (T1, T2)."""
    now = pz.clock()
    state = CreationState(expires_at=now + LIFE, facts_known=True)
    record = CreationRecord(state=state, vouched=by, facts=came.facts, next=came.pending.target or HOME)
    journey = begin_journey(request, pz, KIND, record, state.expires_at + LIFE)  # the page still shows how it ended
    # The journey rests on the provider's session: a logout there ends it before a profile is made.
    resting = pz.relying.federated_sessions.adding(resting_on(by, journey.id))
    await pz.database.insert(pz.journeys.adding(journey), resting)
    return redirect(request, pz, f"{NEW}{journey.id}")

"""A clerk decides about an application: the profile is valid at once, or there is none (T1).

POST /desk/applications/{number}/confirm
POST /desk/applications/{number}/refuse

Never a clerk's own. Of two clerks at once one decides, and the other is told how it stands (409). A valid profile of
the same person is not replaced by one clerk's word: it has to end first, which takes two. Profile, record, notice and
audit events become durable together.
"""

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from poreka.audit.profile_events import ApplicationConfirmed, ApplicationRefused, TrustedProfileMade
from poreka.flows.profile_desk.applications import Application, application, is_held, is_own
from poreka.oidc.errors import AnsweredAsJson
from poreka.rules.desk_messages import CaseDecided, Confirming, Refusing
from poreka.rules.identity_check import faults_of
from poreka.rules.profile_proposal import Clerk, NotForThisClerk
from poreka.rules.trusted_profile import NotPossible, TrustedProfile, confirm, last_day, refuse
from poreka.store.database import AlreadyThere, Stale
from poreka.store.profile_applications import CaseDecision
from poreka.web.asker_door import read_document
from poreka.web.desk_door import acting, conflict, desk_of, not_for
from poreka.web.profile_ending import replace_locked
from poreka.web.profile_notices import notice
from poreka.web.systems import TrustedProfileSystem
from poreka.web.texts import DEFAULT_LANGUAGE


async def confirm_case(request: Request, pz: TrustedProfileSystem) -> Response:
    """POST /desk/applications/{number}/confirm."""
    desk = desk_of(request, pz)
    told = await read_document(request, Confirming)
    clerk, found = acting(pz, desk, told.clerk), await application(request, pz)

    if faults_of(told.check):
        raise AnsweredAsJson("invalid_request", "The check is not a full one.", status=400)
    after = _allowed(pz, clerk, found, confirm(found.owned.profile, pz.clock()))
    if await is_held(pz, found.owned):
        raise _held()

    record = CaseDecision(by=clerk.id, clerk_name=told.clerk.name, check=told.check)
    try:
        await _confirm(pz, found, after, record)
    except AlreadyThere:
        raise _held() from None
    except Stale:
        raise _decided() from None
    return _answer(pz, found, after)


async def refuse_case(request: Request, pz: TrustedProfileSystem) -> Response:
    """POST /desk/applications/{number}/refuse."""
    desk = desk_of(request, pz)
    told = await read_document(request, Refusing)
    clerk, found = acting(pz, desk, told.clerk), await application(request, pz)

    after = _allowed(pz, clerk, found, refuse(found.owned.profile, pz.clock()))

    by, owned, texts = clerk.id, found.owned, pz.texts[DEFAULT_LANGUAGE]
    decision = CaseDecision(by=by, clerk_name=told.clerk.name, way=told.way, reason=told.reason, note=told.note)
    why = texts(f"trusted.refused.{told.reason.value}")
    try:
        async with pz.audit.transaction() as (transaction, record):
            await pz.profiles.save(transaction, owned, owned.under(after))
            await pz.applications.decide(transaction, owned.id, decision, pz.clock())
            await transaction.insert(notice(pz, texts, owned, "refused", number=found.number, why=why))
            await record(ApplicationRefused(person_id=owned.id, by=by, way=told.way.value, reason=told.reason.value))
    except Stale:
        raise _decided() from None
    return _answer(pz, found, after)


async def _confirm(pz: TrustedProfileSystem, found: Application, after: TrustedProfile, decision: CaseDecision) -> None:
    owned, texts, check = found.owned, pz.texts[DEFAULT_LANGUAGE], decision.check
    if check is None:
        raise ValueError("a confirmation has a check")
    async with pz.audit.transaction() as (transaction, record):
        pesel = owned.profile.facts.pesel
        await pz.profiles.make_room(transaction, pesel, owned.user_name)
        earlier = await pz.profiles.valid_of(pesel, transaction)
        if earlier is not None and earlier.profile.locked_at is None:
            raise _held()  # another application of the same person was confirmed at this moment
        if earlier is not None:
            await replace_locked(pz, transaction, record, earlier)
            await transaction.insert(notice(pz, texts, earlier, "replaced"))
        await pz.profiles.save(transaction, owned, owned.under(after))
        await pz.applications.decide(transaction, owned.id, decision, pz.clock())
        until = last_day(after).strftime("%d-%m-%Y")
        await transaction.insert(notice(pz, texts, owned, "confirmed", user_name=owned.user_name, until=until))
        way, document = check.way.value, check.document.value
        await record(ApplicationConfirmed(person_id=owned.id, by=decision.by, way=way, document=document))
        await record(TrustedProfileMade(person_id=owned.id, by=decision.by, until=after.until))


def _allowed(
    pz: TrustedProfileSystem, clerk: Clerk, found: Application, after: TrustedProfile | NotPossible
) -> TrustedProfile:
    """What the rule makes of it; raises `AnsweredAsJson` for a clerk's own case, and one that had its end."""
    if is_own(pz, clerk, found.owned):
        raise not_for(NotForThisClerk.OWN)
    if isinstance(after, NotPossible):
        raise _decided()
    return after


def _decided() -> AnsweredAsJson:
    return conflict("decided", "The application waits no more.")


def _held() -> AnsweredAsJson:
    return conflict("held", "The person has a valid profile, which has to end first.")


def _answer(pz: TrustedProfileSystem, found: Application, after: TrustedProfile) -> Response:
    pz.wake_delivery()
    decided = CaseDecided(number=found.number, state=after.state)
    return Response(msgspec.json.encode(decided), media_type="application/json")

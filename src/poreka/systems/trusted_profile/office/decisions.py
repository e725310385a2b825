"""A clerk decides about an application: the profile is valid at once, or there is none (T1).

POST /desk/applications/{number}/confirm
POST /desk/applications/{number}/refuse

Every refusal is raised as `AnsweredAsJson`: for the clerk's own case, for a decision that the clerk's key has not
signed, for an application that another clerk decided first (409), and while the person has a valid profile (409),
which two clerks must end first. `second_look` asks for a second clerk's confirmation where the phone or e-mail is
somebody else's too, and for a share of all others. One transaction saves profile, decision, notice and events.
"""

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from poreka.contracts.desk import CaseDecided, Confirming, Refusing, signed_words
from poreka.contracts.identity_check import IdentityCheck, faults_of
from poreka.oidc.errors import AnsweredAsJson
from poreka.store.database import AlreadyThere, Stale
from poreka.systems.trusted_profile.ending import replace_locked
from poreka.systems.trusted_profile.events import (
    ApplicationConfirmed,
    ApplicationLookedAt,
    ApplicationRefused,
    TrustedProfileMade,
)
from poreka.systems.trusted_profile.former import beside_former, tell_former
from poreka.systems.trusted_profile.notices import notice
from poreka.systems.trusted_profile.office.applications import Application, application, is_held, is_own
from poreka.systems.trusted_profile.office.door import acting, check_signed, conflict, desk_of, not_for
from poreka.systems.trusted_profile.rules.profile import NotPossible, TrustedProfile, confirm, last_day, refuse
from poreka.systems.trusted_profile.rules.proposal import Clerk, NotForThisClerk, is_same
from poreka.systems.trusted_profile.rules.second_look import SecondLook, drawn_of, second_look
from poreka.systems.trusted_profile.store.profile_applications import CaseDecision
from poreka.systems.trusted_profile.store.trusted_profiles import OwnedProfile
from poreka.systems.trusted_profile.system import TrustedProfileSystem
from poreka.web.door.asker import read_document
from poreka.web.texts import DEFAULT_LANGUAGE


async def confirm_case(request: Request, pz: TrustedProfileSystem) -> Response:
    """POST /desk/applications/{number}/confirm."""
    desk = desk_of(request, pz)
    sent = await read_document(request, Confirming)
    clerk, found = acting(pz, desk, sent.clerk), await application(request, pz)

    if faults_of(sent.check):
        raise AnsweredAsJson("invalid_request", "The check is not a full one.", status=400)
    signed = check_signed(sent.signed, signed_words(f"confirm/{sent.check.way.value}", found.number))
    after = _allowed(pz, clerk, found, confirm(found.owned.profile, pz.clock()))
    if await is_held(pz, found.owned):
        raise _held()
    if found.first is not None and is_same(clerk, found.first):
        raise not_for(NotForThisClerk.SAME)
    why = await _second_needed(pz, found.owned) if found.first is None else None

    decision = CaseDecision(by=clerk.id, clerk_name=sent.clerk.name, check=sent.check, signed=sent.signed)
    try:
        if why is not None:
            await _confirm_first(pz, found, clerk, decision, why, signed)
            return _answer(pz, found, found.owned.profile, second=True)
        await _confirm(pz, found, after, decision, signed)
    except AlreadyThere:
        raise _held() from None
    except Stale:
        raise _decided() from None
    return _answer(pz, found, after)


async def refuse_case(request: Request, pz: TrustedProfileSystem) -> Response:
    """POST /desk/applications/{number}/refuse."""
    desk = desk_of(request, pz)
    sent = await read_document(request, Refusing)
    clerk, found = acting(pz, desk, sent.clerk), await application(request, pz)

    signed = check_signed(sent.signed, signed_words("refuse", found.number))
    after = _allowed(pz, clerk, found, refuse(found.owned.profile, pz.clock()))

    owned, texts = found.owned, pz.texts[DEFAULT_LANGUAGE]
    decision = CaseDecision(
        by=clerk.id,
        clerk_name=sent.clerk.name,
        way=sent.way,
        reason=sent.reason,
        note=sent.note,
        signed=sent.signed,
    )
    event = ApplicationRefused(
        person_id=owned.id, by=clerk.id, way=sent.way.value, reason=sent.reason.value, signed=signed
    )
    why = texts(f"trusted.refused.{sent.reason.value}")
    try:
        async with pz.audit.transaction() as (transaction, record):
            await pz.profiles.save(transaction, owned, owned.under(after))
            await pz.applications.decide(transaction, owned.id, decision, pz.clock())
            await transaction.insert(notice(pz, texts, owned, "refused", number=found.number, why=why))
            await record(event)
    except Stale:
        raise _decided() from None
    return _answer(pz, found, after)


async def _second_needed(pz: TrustedProfileSystem, owned: OwnedProfile) -> SecondLook | None:
    """Why a second clerk has to confirm as well; None where one is enough."""
    settings = pz.settings.trusted_profile
    return second_look(
        shared=await pz.profiles.shares_contact(owned),
        drawn=drawn_of(pz.keys.subjects, owned.id),
        percent=settings.second_look_percent,
    )


async def _confirm_first(
    pz: TrustedProfileSystem, found: Application, clerk: Clerk, decision: CaseDecision, why: SecondLook, signed: str
) -> None:
    """One clerk has confirmed; the application waits for another one."""
    check = _check_of(decision)
    event = ApplicationLookedAt(
        person_id=found.owned.id,
        by=clerk.id,
        way=check.way.value,
        document=check.document.value,
        why=why.value,
        signed=signed,
    )
    async with pz.audit.transaction() as (transaction, record):
        await pz.applications.confirm_first(transaction, found.owned.id, clerk, decision, pz.clock())
        await record(event)


def _check_of(decision: CaseDecision) -> IdentityCheck:
    if decision.check is None:
        raise ValueError("a confirmation has a check")
    return decision.check


async def _confirm(
    pz: TrustedProfileSystem, found: Application, after: TrustedProfile, decision: CaseDecision, signed: str
) -> None:
    owned, texts, check = found.owned, pz.texts[DEFAULT_LANGUAGE], _check_of(decision)
    async with pz.audit.transaction() as (transaction, record):
        pesel = owned.profile.facts.pesel
        await pz.profiles.make_room(transaction, pesel, owned.user_name)
        earlier = await pz.profiles.valid_of(pesel, transaction)
        if earlier is not None and earlier.profile.locked_at is None:
            raise _held()  # another application of the same person was confirmed at this moment
        proven = await pz.profiles.proven_of(pesel, transaction)
        beside = beside_former(pz, owned.under(after), proven)
        if earlier is not None:
            await replace_locked(pz, transaction, record, earlier)
            await transaction.insert(notice(pz, texts, earlier, "replaced"))
        await pz.profiles.save(transaction, owned, beside)
        if proven is not None:
            await tell_former(pz, texts, transaction, beside, proven)
        await pz.applications.decide(transaction, owned.id, decision, pz.clock())
        until = last_day(after)
        await transaction.insert(notice(pz, texts, owned, "confirmed", user_name=owned.user_name, until=until))
        confirmed = ApplicationConfirmed(
            person_id=owned.id, by=decision.by, way=check.way.value, document=check.document.value, signed=signed
        )
        await record(confirmed)
        await record(TrustedProfileMade(person_id=owned.id, by=decision.by, until=after.until))


def _allowed(
    pz: TrustedProfileSystem, clerk: Clerk, found: Application, after: TrustedProfile | NotPossible
) -> TrustedProfile:
    """The profile after the decision; raises `AnsweredAsJson` for the clerk's own case and for one decided before."""
    if is_own(pz, clerk, found.owned):
        raise not_for(NotForThisClerk.OWN)
    if isinstance(after, NotPossible):
        raise _decided()
    return after


def _decided() -> AnsweredAsJson:
    return conflict("decided", "The application waits no more.")


def _held() -> AnsweredAsJson:
    return conflict("held", "The person has a valid profile, which has to end first.")


def _answer(pz: TrustedProfileSystem, found: Application, after: TrustedProfile, *, second: bool = False) -> Response:
    pz.wake_delivery()
    decided = CaseDecided(number=found.number, state=after.state, second=second)
    return Response(msgspec.json.encode(decided), media_type="application/json")

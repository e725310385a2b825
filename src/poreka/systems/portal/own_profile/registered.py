"""The end of a registration: an untrusted profile with its login, or a refusal that tells nothing (Z5).

A PESEL that has a profile cannot get a second one, and whoever confirmed the e-mail must be told that it did
not work. That much tells a stranger that the PESEL is in use; no honest answer avoids it without proof of
identity, which only a bank or an office gives. So the page names no reason, no difference between an open
and a closed profile, and no datum; it comes only after a code to a working address, codes to one address
are counted, the attempt is in the owner's log, and the owner is told by e-mail (counted too, so that this is
no way to flood a mailbox).
"""

import msgspec
from starlette.requests import Request

from poreka.audit.events import (
    OperationAuthorised,
    ProfileCreated,
    RegistrationRefused,
    TermsAccepted,
)
from poreka.codes.counted_tries import count_sending
from poreka.codes.journey_codes import save_given
from poreka.rules.authorising.operation import Operation, OperationState
from poreka.rules.warsaw_time import warsaw_day
from poreka.store.database import AlreadyThere, Stale, Transaction
from poreka.systems.portal.own_profile.letters import news
from poreka.systems.portal.own_profile.registration_record import Registering, RegistrationRecord, Typed, about
from poreka.systems.portal.pages.closing import close_if_lapsed
from poreka.systems.portal.rules.profile import DAY, PortalProfile, ProfileState, says_something
from poreka.systems.portal.store.profiles import Profile
from poreka.systems.portal.store.terms_acceptances import TermsAcceptance
from poreka.systems.portal.system import Portal
from poreka.web.browser.language import texts_of

LOGINS_TRIED = 5


async def register(request: Request, system: Portal, now: Registering, authorised: Operation) -> None:
    """Make the profile or refuse; the page then shows which. A quicker tab's decision stands."""
    typed = now.record.typed
    if typed is None:
        return
    login = now.record.login
    for _ in range(LOGINS_TRIED):
        owner = await system.profiles.by_pesel(typed.facts.pesel)
        try:
            if owner is not None and says_something(owner.profile) and not await close_if_lapsed(system, owner):
                await _refuse(request, system, now, authorised, owner)
            else:
                await _create(request, system, now, authorised, typed, login)
            return
        except AlreadyThere:
            login = system.fresh.digits(len(login))  # the login is taken, or another tab made the profile
        except Stale:
            return
    raise LookupError("no free login was found")


async def _create(
    request: Request, system: Portal, now: Registering, authorised: Operation, typed: Typed, login: str
) -> None:
    profile, accepted = _profile(system, typed, login), typed.accepted
    boxes = ("regulations", "contact_data", *(["electronic_information"] * accepted.electronic_information))
    acceptance = TermsAcceptance(
        profile_id=profile.id, terms_version=accepted.version, boxes=boxes, accepted_at=accepted.accepted_at
    )
    until = warsaw_day(system.clock() + about(system).untrusted_days * DAY)
    welcome = news(
        system, texts_of(request, system), "welcome", typed.email, f"profile:{profile.id}", login=login, until=until
    )
    state = msgspec.structs.replace(now.record.state, operation=OperationState.AUTHORISED, profile_id=profile.id)
    ended = RegistrationRecord(state=state, login=login, typed=None)
    async with system.audit.transaction() as (transaction, record):
        await _close(system, transaction, now, authorised, ended)
        await transaction.insert(system.profiles.adding(profile), system.terms_acceptances.adding(acceptance), welcome)
        await record(OperationAuthorised(person_id=profile.id, operation_id=authorised.id))
        await record(ProfileCreated(person_id=profile.id, state=profile.profile.state.value, issuer="password"))
        await record(TermsAccepted(person_id=profile.id, terms_version=accepted.version, boxes=boxes))
    system.wake_delivery()


async def _refuse(request: Request, system: Portal, now: Registering, authorised: Operation, owner: Profile) -> None:
    tell = await count_sending(system, "registration tried", owner.id)
    letters = []
    if tell and owner.profile.state is not ProfileState.CLOSED:
        texts = texts_of(request, system)
        letters.append(news(system, texts, "registration_tried", owner.email, f"profile:{owner.id}"))
    ended = msgspec.structs.replace(now.record, typed=None, refused=True)
    async with system.audit.transaction() as (transaction, record):
        await _close(system, transaction, now, authorised, ended)
        await transaction.insert(*letters)
        await record(RegistrationRefused(person_id=owner.id, reason=f"profile_{owner.profile.state.value}"))
    system.wake_delivery()


async def _close(
    system: Portal,
    transaction: Transaction,
    now: Registering,
    authorised: Operation,
    ended: RegistrationRecord,
) -> None:
    """Use the code up and end the journey; raises `Stale` when another tab did."""
    if now.operation is None:
        raise Stale("operations")
    await save_given(system, transaction, now.operation, authorised)
    await system.journeys.save(transaction, now.journey, msgspec.json.encode(ended))


def _profile(system: Portal, typed: Typed, login: str) -> Profile:
    rule = PortalProfile(facts=typed.facts, state=ProfileState.UNTRUSTED, terms_version=typed.accepted.version)
    return Profile(
        id=system.fresh.id(),
        profile=rule,
        login=login,
        password_hash=typed.password_hash,
        phone=typed.phone,
        email=typed.email,
        electronic_information=typed.accepted.electronic_information,
        created_at=system.clock(),
    )

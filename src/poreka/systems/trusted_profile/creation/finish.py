"""The last step: a user name and a password, and the profile is made (T1).

POST /new/{journey}/credentials

Through a provider it is valid at once, and the person is signed in; by application it waits for a clerk. With another
phone than the earlier profile's it vouches a day later, and the earlier addresses are told: else it would go round what
a changed phone takes. A person has one valid profile: one that is locked is replaced by the new one, which nobody but
somebody proven anew can make. Profile, links, session and audit events become durable together.
"""

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from poreka.audit.record import Recorder
from poreka.codes.new_password import names_of
from poreka.rules.people.person import PersonFacts
from poreka.store.database import AlreadyThere, Stale, Transaction
from poreka.systems.trusted_profile.creation.forms import CREDENTIALS, Credentials, Faulty, read_credentials
from poreka.systems.trusted_profile.creation.pages import show_making
from poreka.systems.trusted_profile.creation.under_way import Making, about, load
from poreka.systems.trusted_profile.ending import replace_locked
from poreka.systems.trusted_profile.events import ApplicationFiled, TrustedProfileMade
from poreka.systems.trusted_profile.former import beside_former, tell_former
from poreka.systems.trusted_profile.notices import notice
from poreka.systems.trusted_profile.rules.creation_record import CreationRecord, VouchedBy, written
from poreka.systems.trusted_profile.rules.profile import applied, last_day, vouched, waits
from poreka.systems.trusted_profile.store.profile_applications import ProfileApplication
from poreka.systems.trusted_profile.store.trusted_profiles import OwnedProfile
from poreka.systems.trusted_profile.system import TrustedProfileSystem
from poreka.systems.trusted_profile.vouched.session import open_vouched
from poreka.web.browser.language import texts_of
from poreka.web.browser.own_form import read_form
from poreka.web.browser.redirect import redirect
from poreka.web.new_browser import renew_browser
from poreka.web.sessions import set_session_cookie

MOST_NAMES_TRIED = 10
NUMBER_DIGITS = 10


async def make(request: Request, pz: TrustedProfileSystem) -> Response:
    """POST /new/{journey}/credentials."""
    fields = await read_form(request, pz, *CREDENTIALS)
    making = await load(request, pz)
    facts = making.record.facts
    if making.stands != "credentials" or facts is None:
        return redirect(request, pz, making.address)
    read = read_credentials(fields, facts, names_of(pz))
    if isinstance(read, Faulty):
        return show_making(request, pz, making, fields, read.problems)
    if making.record.names_tried >= MOST_NAMES_TRIED:
        return show_making(request, pz, making, fields, {"user_name": ("trusted.fault.user_name.too_many",)})
    if await pz.profiles.name_taken(read.user_name):
        return await _taken(request, pz, making, fields["user_name"])
    former = await pz.profiles.proven_of(facts.pesel) if making.record.vouched else None
    owned = beside_former(pz, await _owned(pz, making.record, facts, read), former)
    try:
        cookies = await _save(request, pz, making, owned, former)
    except (AlreadyThere, Stale):  # another tab, or somebody else with this name, was quicker
        return redirect(request, pz, making.address)
    pz.wake_delivery()
    response = redirect(request, pz, making.address)
    return set_session_cookie(response, pz, *cookies) if cookies else response


async def _taken(request: Request, pz: TrustedProfileSystem, making: Making, typed: str) -> Response:
    """Say that the name is somebody's; each time is counted, before it is said."""
    counted = msgspec.structs.replace(making.record, names_tried=making.record.names_tried + 1)
    try:
        await pz.journeys.save(pz.database, making.journey, written(counted))
    except Stale:
        return redirect(request, pz, making.address)
    problems = {"user_name": ("trusted.fault.user_name.taken",)}
    return show_making(request, pz, making, {"user_name": typed}, problems)


async def _owned(
    pz: TrustedProfileSystem, record: CreationRecord, facts: PersonFacts, read: Credentials
) -> OwnedProfile:
    now = pz.clock()
    profile = (
        vouched(facts, record.vouched.issuer, now) if record.vouched else applied(facts, now, about(pz).confirm_days)
    )
    return OwnedProfile(
        id=pz.fresh.id(),
        profile=profile,
        user_name=read.user_name,
        password_hash=await pz.passwords.hash(read.password),
        phone=record.phone,
        email=record.email,
    )


async def _save(
    request: Request, pz: TrustedProfileSystem, making: Making, owned: OwnedProfile, former: OwnedProfile | None
) -> tuple[str, str] | None:
    """Everything together; returns the cookies of the session that begins, if one does, and of its browser."""
    record, cookie, browser = making.record, None, ""
    async with pz.audit.transaction() as (transaction, note):
        state = msgspec.structs.replace(record.state, profile_id=owned.id)
        later = owned.profile.valid_from if waits(owned.profile, pz.clock()) else None
        ended = CreationRecord(
            state=state,
            application=record.application,
            next=record.next,
            made_name=owned.user_name,
            vouches_from=later,
        )
        await pz.journeys.save(transaction, making.journey, written(ended))
        await pz.relying.federated_sessions.remove(transaction, making.journey.id)  # a session rests there from now on
        await pz.profiles.make_room(transaction, owned.profile.facts.pesel, owned.user_name)
        if record.vouched is None:
            await _file(request, pz, transaction, note, owned)
        else:
            cookie = await _open(request, pz, transaction, note, record.vouched, owned, former)
        if cookie is not None:
            browser = await renew_browser(request, pz, transaction, making.address, record.next)
    return (cookie, browser) if cookie is not None else None


async def _file(
    request: Request, pz: TrustedProfileSystem, transaction: Transaction, note: Recorder, owned: OwnedProfile
) -> None:
    application = ProfileApplication(profile_id=owned.id, number=pz.fresh.digits(NUMBER_DIGITS))
    until = last_day(owned.profile)
    told = notice(pz, texts_of(request, pz), owned, "applied", number=application.number, until=until)
    await transaction.insert(pz.profiles.adding(owned), pz.applications.adding(application), told)
    await note(ApplicationFiled(person_id=owned.id, until=owned.profile.until))


async def _open(
    request: Request,
    pz: TrustedProfileSystem,
    transaction: Transaction,
    note: Recorder,
    by: VouchedBy,
    owned: OwnedProfile,
    former: OwnedProfile | None,
) -> str | None:
    texts = texts_of(request, pz)
    earlier = await pz.profiles.valid_of(owned.profile.facts.pesel, transaction)
    if earlier is not None:
        await replace_locked(pz, transaction, note, earlier)
        await transaction.insert(notice(pz, texts, earlier, "replaced"))
    until = last_day(owned.profile)
    told = notice(pz, texts, owned, "made", user_name=owned.user_name, until=until)
    await transaction.insert(pz.profiles.adding(owned), told)
    await note(TrustedProfileMade(person_id=owned.id, by=by.issuer, until=owned.profile.until))
    if former is not None:
        await tell_former(pz, texts, transaction, owned, former)
    if waits(owned.profile, pz.clock()):
        return None
    return await open_vouched(request, pz, transaction, note, by, owned)

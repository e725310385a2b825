"""The end of every entry: profile, session and audit events become durable together, or not at all.

`enter` closes the journey first in its transaction. The journey's version is the gate: of two tabs that finish the same
entry one enters, and the other is led back to the journey, which says that the person has entered. A session that this
browser already had ends; the new one has a new secret, so a cookie that somebody planted before opens nothing.
"""

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from poreka.audit.events import CertificateShown, PersonEntered
from poreka.audit.record import Recorder
from poreka.for_everyone.sessions.ending import end_all_but
from poreka.relying.store.federated_sessions import FederatedSession
from poreka.rules.levels import Factor, Level
from poreka.store.database import AlreadyThere, Stale, Transaction
from poreka.store.fresh import secret_hash
from poreka.store.sessions import Session
from poreka.systems.portal.entry.changes import Changes
from poreka.systems.portal.entry.deciding import Decided
from poreka.systems.portal.entry.under_way import UnderWay
from poreka.systems.portal.rules.admission import upgrades
from poreka.systems.portal.rules.entry_record import (
    ByCertificate,
    ByOwnMeans,
    ByPasskey,
    ByPassword,
    ByProvider,
    Person,
    without_person,
    written,
)
from poreka.systems.portal.store.profiles import Profile
from poreka.systems.portal.system import Portal
from poreka.web.browser.redirect import redirect
from poreka.web.new_browser import renew_browser
from poreka.web.sessions import Details, NewSession, details_of, new_session, session_of, set_session_cookie

PANEL = "/dashboard"


async def enter(request: Request, system: Portal, entry: UnderWay, person: Person, changes: Changes) -> Response:
    """Save the changes and sign the person in; where another tab was quicker, redirect to the entry's own page."""
    session, earlier = _session(request, system, person, changes.after), await _earlier(request, system)
    try:
        async with system.audit.transaction() as (transaction, record):
            await _close(system, transaction, entry, changes.after)
            profile = await _save(system, transaction, changes)
            for event in changes.events:
                await record(event)
            if changes.made_trusted:
                await _end_all(system, transaction, record, changes.after)
            await _end_earlier(system, transaction, record, earlier)
            await _open(system, transaction, record, session, person, profile)
            browser = await _renew(request, system, transaction, entry, profile)
    except (AlreadyThere, Stale):
        return redirect(request, system, entry.address)
    news = "?notice=trusted" if changes.password_ended else ""
    response = redirect(request, system, entry.record.target or PANEL + news)
    return set_session_cookie(response, system, session.cookie, browser)


async def _renew(request: Request, system: Portal, transaction: Transaction, entry: UnderWay, profile: Profile) -> str:
    """Give the browser a new secret, and bind the forms that the person left in an ended session to it."""
    browser = await renew_browser(request, system, transaction, entry.address, entry.record.target or "")
    before = system.cookies.secret(request, "browser") or ""
    await system.kept_forms.rebind(transaction, profile.id, secret_hash(before), secret_hash(browser))
    return browser


async def is_signed_in_as(request: Request, system: Portal, profile: Profile) -> bool:
    """Whether this browser has a living session of this profile that no provider vouched for (password or passkey)."""
    session = await session_of(request, system)
    return session is not None and session.person_id == profile.id and not details_of(session).issuer


async def asks_contact_anew(request: Request, system: Portal, decided: Decided) -> bool:
    """Whether the person must type phone and e-mail again before the profile becomes trusted.

    Somebody else may have registered the profile with theirs, unless its owner is signed in in this browser.
    """
    if decided.profile is None or not upgrades(decided.admission):
        return False
    return not await is_signed_in_as(request, system, decided.profile)


def _session(request: Request, system: Portal, person: Person, profile: Profile) -> NewSession:
    facts = profile.profile.facts
    name = f"{facts.first_name} {facts.surname}"
    if isinstance(person, ByPassword):
        return new_session(request, system, profile.id, (Factor.PASSWORD,), Details(name=name))
    if isinstance(person, ByPasskey):
        details = Details(name=name, passkey=person.passkey)
        return new_session(request, system, profile.id, (Factor.PASSKEY,), details)
    # A provider's factors were used there, not here: what we know of them is the level it gave.
    factors = (Factor.CERTIFICATE,) if isinstance(person, ByCertificate) else ()
    details = Details(name=name, issuer=person.issuer, acr=person.acr)
    return new_session(request, system, profile.id, factors, details, person.auth_time)


async def _close(system: Portal, transaction: Transaction, entry: UnderWay, profile: Profile) -> None:
    """Write into the journey that the session is opened, and forget the person; raises `Stale` in the slower tab."""
    state = msgspec.structs.replace(entry.record.state, profile_id=profile.id, session_opened=True)
    await system.journeys.save(transaction, entry.journey, written(without_person(entry.record, state)))
    await system.federated_sessions.remove(transaction, entry.journey.id)  # `_open` links the session instead


async def _save(system: Portal, transaction: Transaction, changes: Changes) -> Profile:
    """The profile as it now stands in the store; raises `Stale` when it changed since it was read."""
    profile = changes.after
    if changes.before is None:
        await transaction.insert(system.profiles.adding(profile))
    elif changes.after != changes.before:
        profile = await system.profiles.save(transaction, changes.before, changes.after)
    if changes.acceptance is not None:
        await transaction.insert(system.terms_acceptances.adding(changes.acceptance))
    return profile


async def _end_all(system: Portal, transaction: Transaction, record: Recorder, profile: Profile) -> None:
    """End every session of a profile that becomes trusted: somebody else may have signed in to it before."""
    await end_all_but(system, transaction, record, profile.id, but=None, by="provider")


async def _earlier(request: Request, system: Portal) -> Session | None:
    cookie = system.cookies.secret(request, "session")
    return await system.sessions.by_cookie(cookie) if cookie is not None else None


async def _end_earlier(system: Portal, transaction: Transaction, record: Recorder, earlier: Session | None) -> None:
    if earlier is not None:
        await system.end_session(transaction, record, earlier, by="person")


async def _open(
    system: Portal,
    transaction: Transaction,
    record: Recorder,
    session: NewSession,
    person: Person,
    profile: Profile,
) -> None:
    now = system.clock()
    await system.profiles.entered(transaction, profile, now)
    await transaction.insert(session.row)
    issuer, acr = _vouched(person)
    if isinstance(person, ByCertificate):
        shown = CertificateShown(person_id=profile.id, thumbprint=person.thumbprint, authority=person.authority)
        await record(shown)
    if isinstance(person, ByProvider):
        await system.federated_identities.seen(transaction, issuer, person.subject, profile.id, now)
        await transaction.insert(system.federated_sessions.adding(resting_session(session.sid, person)))
    await record(PersonEntered(person_id=profile.id, issuer=issuer, sid=session.sid, acr=acr))


def _vouched(person: Person) -> tuple[str, str]:
    """The provider that says who the person is, and the level; the portal's own word is low (`rules/levels.py`)."""
    if isinstance(person, ByOwnMeans):
        return "password" if isinstance(person, ByPassword) else "passkey", Level.LOW.acr
    return person.issuer, person.acr


def resting_session(sid: str, person: ByProvider) -> FederatedSession:
    """The row by which a session, or a journey before it, ends with the provider's session that it rests on."""
    return FederatedSession(
        session_sid=sid,
        issuer=person.issuer,
        subject=person.subject,
        provider_sid=person.provider_sid,
        id_token=person.id_token,
    )

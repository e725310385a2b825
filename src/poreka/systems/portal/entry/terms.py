"""Regulations that changed since the last entry: accepted before going on, or declined (Z4).

POST /entry/{journey}/terms     accepts them, with their boxes, and signs the person in
POST /entry/{journey}/decline   leaves the person signed out and the profile as it was
"""

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from poreka.audit.events import TermsDeclined
from poreka.store.database import Stale
from poreka.systems.portal.entry.answers import TERMS_FIELDS, Faulty, read_acceptance
from poreka.systems.portal.entry.changes import no_changes, trusted_by, with_terms
from poreka.systems.portal.entry.deciding import decide
from poreka.systems.portal.entry.entering import asks_contact_anew, enter
from poreka.systems.portal.entry.pages import terms_page
from poreka.systems.portal.entry.under_way import about, load
from poreka.systems.portal.entry.word import ask_again, holds
from poreka.systems.portal.rules.admission import AcceptTerms, Upgrade
from poreka.systems.portal.rules.entry_record import WithFacts, without_person, written
from poreka.systems.portal.system import Portal
from poreka.web.browser.own_form import read_form
from poreka.web.browser.redirect import redirect


async def accept(request: Request, system: Portal) -> Response:
    """Accept the regulations in force and go in."""
    fields = await read_form(request, system, *TERMS_FIELDS)
    entry = await load(request, system)
    person = entry.record.person
    if person is None:
        return redirect(request, system, entry.address)
    if isinstance(person, WithFacts) and not holds(system, person):
        return await ask_again(request, system, entry, person)
    decided = await decide(system, entry.record.state, person)
    if not isinstance(decided.admission, AcceptTerms) or decided.profile is None:
        return redirect(request, system, entry.address)
    if await asks_contact_anew(request, system, decided):
        return redirect(request, system, entry.address)  # the form asks for both
    accepted = read_acceptance(fields, about(system).terms_version, system.clock())
    if isinstance(accepted, Faulty):
        before = decided.profile.profile.terms_version
        return terms_page(request, system, entry, before, fields, accepted.problems)
    changes = with_terms(no_changes(decided.profile), accepted)
    if isinstance(decided.admission.then, Upgrade) and isinstance(person, WithFacts):
        changes = trusted_by(changes, person.issuer, accepted.accepted_at, by_owner=True)
    return await enter(request, system, entry, person, changes)


async def decline(request: Request, system: Portal) -> Response:
    """Decline them: no session, and nothing of the profile changes."""
    await read_form(request, system)
    entry = await load(request, system)
    person = entry.record.person
    if person is None:
        return redirect(request, system, entry.address)
    decided = await decide(system, entry.record.state, person)
    if not isinstance(decided.admission, AcceptTerms) or decided.profile is None:
        return redirect(request, system, entry.address)
    state = msgspec.structs.replace(entry.record.state, declined=True)
    event = TermsDeclined(person_id=decided.profile.id, terms_version=about(system).terms_version)
    try:
        async with system.audit.transaction() as (transaction, record):
            ended = written(without_person(entry.record, state))
            await system.journeys.save(transaction, entry.journey, ended)
            await record(event)
    except Stale:
        pass  # another tab was quicker; the page shows what became of it
    return redirect(request, system, entry.address)

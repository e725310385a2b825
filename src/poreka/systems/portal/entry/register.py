"""The registration form at the first entry (Z3), or at an upgrade where somebody else may have made the profile (Z5).

POST /entry/{journey}/form     makes the profile, or makes it trusted under contact data given anew; the person is in
POST /entry/{journey}/cancel   forgets the released facts; no profile is made
GET  /entry/{journey}/form     where a reload leads: back to the step
"""

from starlette.requests import Request
from starlette.responses import Response

from poreka.systems.portal.entry.answers import FORM_FIELDS, Faulty, read_registration
from poreka.systems.portal.entry.changes import new_profile, no_changes, trusted_by, with_contact, with_terms
from poreka.systems.portal.entry.deciding import decide
from poreka.systems.portal.entry.entering import asks_contact_anew, enter
from poreka.systems.portal.entry.pages import form_page
from poreka.systems.portal.entry.under_way import about, load
from poreka.systems.portal.entry.word import ask_again, holds
from poreka.systems.portal.rules.admission import Register
from poreka.systems.portal.rules.entry_record import ByProvider, WithFacts
from poreka.systems.portal.system import Portal
from poreka.web.browser.own_form import read_form
from poreka.web.browser.redirect import redirect


async def back_to_step(request: Request, system: Portal) -> Response:
    """A form's address opened by itself: the step it belongs to, in the language asked for."""
    address, query = f"/entry/{request.path_params['journey']}", request.url.query
    return redirect(request, system, f"{address}?{query}" if query else address)


async def register(request: Request, system: Portal) -> Response:
    """Take the form in; should another tab have registered the same person, follow it."""
    fields = await read_form(request, system, *FORM_FIELDS)
    entry = await load(request, system)
    person = entry.record.person
    if not isinstance(person, WithFacts):
        return redirect(request, system, entry.address)
    if not holds(system, person):
        return await ask_again(request, system, entry, person, fields)
    decided = await decide(system, entry.record.state, person)
    upgrade = await asks_contact_anew(request, system, decided)
    if not upgrade and not isinstance(decided.admission, Register):
        return redirect(request, system, entry.address)
    read = read_registration(fields, about(system).terms_version, system.clock(), system.settings.sms.numbers)
    if isinstance(read, Faulty):
        return form_page(request, system, entry, person, fields, read.problems, upgrade=upgrade)
    if upgrade and decided.profile is not None:
        changes = with_terms(with_contact(no_changes(decided.profile), read.phone, read.email), read.accepted)
        changes = trusted_by(changes, person.issuer, system.clock(), by_owner=False)
    else:
        changes = new_profile(system.fresh.id(), person, read.phone, read.email, read.accepted)
    return await enter(request, system, entry, person, changes)


async def cancel(request: Request, system: Portal) -> Response:
    """Give up: what the provider released is forgotten."""
    await read_form(request, system)
    entry = await load(request, system)
    person = entry.record.person
    if not isinstance(person, WithFacts):
        return redirect(request, system, entry.address)
    await system.journeys.remove(system.database, entry.journey.id)
    left = f"/not-signed-in/{person.provider}/left" if isinstance(person, ByProvider) else "/certificate/refused/left"
    return redirect(request, system, left)

"""The one `continue` handler of an entry: shows the step it stands at, or takes the person in.

GET /entry/{journey}

Known profile, terms in force: straight in, with no page (Z4). It is a GET that opens a session because it is
the last hop of the redirects that began at the provider; its address is a secret of this browser's journey,
so nobody else can make the browser call it.
"""

from typing import assert_never

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from poreka.audit.events import EntryRefused
from poreka.relying.sign_in.returned import too_weak
from poreka.relying.sign_in.set_out import go_to
from poreka.rules.levels import Level
from poreka.store.database import Stale
from poreka.systems.portal.entry.changes import no_changes, trusted_by
from poreka.systems.portal.entry.deciding import Decided, decide
from poreka.systems.portal.entry.entering import PANEL, asks_contact_anew, enter
from poreka.systems.portal.entry.pages import NOTHING, closed_page, declined_page, form_page, refused_page, terms_page
from poreka.systems.portal.entry.under_way import UnderWay, load
from poreka.systems.portal.entry.word import ask_again, holds
from poreka.systems.portal.rules.admission import AcceptTerms, Differs, Enter, ProfileClosed, Register, StepUp, Upgrade
from poreka.systems.portal.rules.entry import EntryEnded, EntryState, stands_at
from poreka.systems.portal.rules.entry_record import ByProvider, Person, WithFacts, without_person, written
from poreka.systems.portal.system import Portal
from poreka.web.browser.redirect import redirect
from poreka.web.failures import StalePage


async def show_step(request: Request, system: Portal) -> Response:
    """Show the page of the step at which an entry stands, take the person in, or say how the entry ended."""
    entry = await load(request, system)
    person, step = entry.record.person, stands_at(entry.record.state, system.clock())
    if isinstance(step, EntryEnded) or person is None:
        return show_end(request, system, entry, entry.record.state)
    if isinstance(person, WithFacts) and not holds(system, person):
        return await ask_again(request, system, entry, person)
    decided = await decide(system, entry.record.state, person)
    try:
        return await _go_on(request, system, entry, person, decided)
    except Stale:
        return redirect(request, system, entry.address)


async def _go_on(request: Request, system: Portal, entry: UnderWay, person: Person, decided: Decided) -> Response:
    """Answer by what was decided; raises `Stale` when the profile changed meanwhile."""
    if await asks_contact_anew(request, system, decided) and isinstance(person, WithFacts):
        return form_page(request, system, entry, person, entry.record.typed or NOTHING, upgrade=True)
    match decided.admission:
        case Register() if isinstance(person, WithFacts):
            return form_page(request, system, entry, person, entry.record.typed or NOTHING)
        case AcceptTerms() if decided.profile is not None:
            return terms_page(request, system, entry, decided.profile.profile.terms_version)
        case Enter() if decided.profile is not None:
            return await enter(request, system, entry, person, no_changes(decided.profile))
        case Upgrade() if decided.profile is not None and isinstance(person, WithFacts):
            changes = trusted_by(no_changes(decided.profile), person.issuer, system.clock(), by_owner=True)
            return await enter(request, system, entry, person, changes)
        case StepUp(wanted) if isinstance(person, ByProvider):
            return await _step_up(request, system, entry, person, wanted)
        case Differs() | ProfileClosed():
            return await _refuse(request, system, entry, decided)
        case Register() | AcceptTerms() | Enter() | Upgrade() | StepUp():
            raise StalePage("sign_in_stale")  # by password there is always a profile; a certificate is strong enough
        case _ as never:
            assert_never(never)


async def _step_up(request: Request, system: Portal, entry: UnderWay, person: ByProvider, wanted: Level) -> Response:
    """Ask the same provider again, for a higher level. If it was asked for that level before, it cannot give it."""
    provider = system.relied_on.get(person.provider)
    if provider is None or entry.record.state.wanted >= wanted:
        return too_weak(request, system, person.provider, wanted, person.acr)
    return await go_to(request, system, provider, target=entry.record.target, level=wanted)


async def _refuse(request: Request, system: Portal, entry: UnderWay, decided: Decided) -> Response:
    """Refuse the entry: the audit log names which facts differ, and no profile changes (Z5, Z6).

    The journey forgets the person's facts, unless the person may end the profile that they differ from (`not_mine.py`).
    """
    state = decided.state
    event = EntryRefused(
        person_id=decided.profile.id if decided.profile else None,
        issuer=state.issuer or "password",
        against=state.against.value if state.against else "closed",
        differing=tuple(fact.value for fact in state.differing),
    )
    async with system.audit.transaction() as (transaction, record):
        refused = msgspec.structs.replace(entry.record, state=state)
        refused = refused if decided.may_end else without_person(refused, state)
        await system.journeys.save(transaction, entry.journey, written(refused))
        await record(event)
    return show_end(request, system, UnderWay(entry.journey, refused), state)


def show_end(request: Request, system: Portal, entry: UnderWay, state: EntryState) -> Response:
    """The page that says how an entry ended; raises `StalePage` when it expired.

    A person who has entered is sent on to the page they wanted, or to the panel.
    """
    match stands_at(state, system.clock()):
        case EntryEnded.ENTERED:
            return redirect(request, system, entry.record.target or PANEL)
        case EntryEnded.REFUSED:
            offer = f"{entry.address}/not-mine" if entry.record.person is not None else ""
            return refused_page(request, system, state, offer)
        case EntryEnded.CLOSED:
            return closed_page(request, system)
        case EntryEnded.DECLINED:
            return declined_page(request, system, state)
        case _:
            raise StalePage("sign_in_stale")

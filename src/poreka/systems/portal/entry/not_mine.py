"""An untrusted profile that somebody else made with the person's PESEL, ended by the person who proved to have it (Z5).

GET  /entry/{journey}/not-mine   what it means
POST /entry/{journey}/not-mine   the profile is closed, its address is told, and the entry goes on as a first one

The refusal of data that differ stays; this is an act of the person's own, offered by its page. It takes the level
substantial: who was vouched for below it is sent to the provider for more, and comes back to the same page.
"""

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from poreka.relying.sign_in.set_out import go_to
from poreka.rules.levels import Level, reaches
from poreka.store.database import Stale
from poreka.systems.portal.entry.deciding import Decided, decide
from poreka.systems.portal.entry.pages import not_mine_page
from poreka.systems.portal.entry.under_way import UnderWay, load
from poreka.systems.portal.entry.word import ask_again, holds
from poreka.systems.portal.pages.closing import close_profile
from poreka.systems.portal.rules.entry import EntryState
from poreka.systems.portal.rules.entry_record import ByProvider, WithFacts, written
from poreka.systems.portal.rules.profile import ClosedBy
from poreka.systems.portal.system import Portal
from poreka.web.browser.language import texts_of
from poreka.web.browser.own_form import read_form
from poreka.web.browser.redirect import redirect


async def show_question(request: Request, system: Portal) -> Response:
    """GET /entry/{journey}/not-mine."""
    entry, decided = await _load(request, system)
    return redirect(request, system, entry.address) if decided is None else not_mine_page(request, system, entry)


async def end_profile(request: Request, system: Portal) -> Response:
    """POST /entry/{journey}/not-mine."""
    await read_form(request, system)
    entry, decided = await _load(request, system)
    person = entry.record.person
    if decided is None or decided.profile is None or not isinstance(person, WithFacts):
        return redirect(request, system, entry.address)
    if not holds(system, person):
        return await ask_again(request, system, entry, person)
    if not reaches(person.level, Level.SUBSTANTIAL):
        return await _ask_for_more(request, system, entry, person)
    before = entry.record.state
    state = EntryState(issuer=before.issuer, expires_at=before.expires_at, wanted=before.wanted, level=before.level)
    record_after = msgspec.structs.replace(entry.record, state=state)
    try:
        async with system.audit.transaction() as (transaction, record):
            await system.journeys.save(transaction, entry.journey, written(record_after))
            texts = texts_of(request, system)
            await close_profile(system, transaction, record, texts, decided.profile, ClosedBy.NOT_THEIRS)
    except Stale:
        return redirect(request, system, entry.address)  # another tab was quicker, or the profile changed meanwhile
    system.wake_delivery()
    return redirect(request, system, entry.address)


async def _load(request: Request, system: Portal) -> tuple[UnderWay, Decided | None]:
    """The refused entry, and the decision as it is now; None where there is nothing to end (any more)."""
    entry = await load(request, system)
    person = entry.record.person
    if not isinstance(person, WithFacts) or not entry.record.state.differing:
        return entry, None
    decided = await decide(system, entry.record.state, person)
    return entry, decided if decided.may_end else None


async def _ask_for_more(request: Request, system: Portal, entry: UnderWay, person: WithFacts) -> Response:
    provider = system.relied_on.get(person.provider) if isinstance(person, ByProvider) else None
    if provider is None:
        return redirect(request, system, entry.address)
    return await go_to(request, system, provider, target=entry.address, level=Level.SUBSTANTIAL)

"""The browser is back with a ticket: whose certificate it was, and the beginning of the entry (Z3–Z6).

GET /certificate/return?ticket=…

The ticket works once, within a minute, in the browser that began; anything else gets the page for stale
sign-ins. Whether the person may enter is decided as after any other door: `systems/portal/entry` goes on from here.
"""

import msgspec
import structlog
from starlette.requests import Request
from starlette.responses import Response

from poreka.audit.events import EntryFailed
from poreka.rules.levels import CERTIFICATE
from poreka.store.fresh import secret_hash
from poreka.store.journeys import Journey
from poreka.systems.portal.certificate.door import TurnedDown
from poreka.systems.portal.rules.entry import EntryState
from poreka.systems.portal.rules.entry_record import ENTRY_LIFE, KIND, ByCertificate, EntryRecord
from poreka.systems.portal.system import Portal
from poreka.web.browser.redirect import redirect
from poreka.web.failures import StalePage
from poreka.web.forms import once, query_pairs

log = structlog.get_logger()


async def come_back(request: Request, system: Portal) -> Response:
    """Take what was found at the other origin, and go on."""
    browser = system.cookies.secret(request, "browser")
    if browser is None:
        raise StalePage("sign_in_no_cookies", 400)
    ticket = once(query_pairs(request), ("ticket", "lang"))["ticket"]
    taken = await system.hand_overs.take(ticket, secret_hash(browser), system.clock())
    if taken is None:
        raise StalePage("sign_in_stale")
    outcome = msgspec.json.decode(taken.record, type=ByCertificate | TurnedDown)
    if isinstance(outcome, TurnedDown):
        log.info("certificate turned down", reason=outcome.reason)
        await system.audit.save(event=EntryFailed(person_id=None, issuer=CERTIFICATE, reason=outcome.reason))
        return redirect(request, system, f"/certificate/refused/{outcome.reason}")
    journey = _journey(system, outcome, secret_hash(browser), taken.target)
    await system.database.insert(system.journeys.adding(journey))
    return redirect(request, system, f"/entry/{journey.id}")


def _journey(system: Portal, person: ByCertificate, browser_hash: bytes, target: str | None) -> Journey:
    now = system.clock()
    state = EntryState(issuer=CERTIFICATE, expires_at=now + ENTRY_LIFE, level=person.level)
    record = EntryRecord(state=state, person=person, target=target)
    return system.journeys.new(KIND, browser_hash, record, now, state.expires_at)

"""Ending a release without data: cancelled by the person, or left after a refusal (P2).

Portal first leads back to the portal, which is told only how the release ended; bank first leads to the
bank's home page. An open operation dies with it.
"""

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from poreka.audit.events import ReleaseEnded
from poreka.provider.release.operation import cancel_operation
from poreka.provider.release.standing import ReleaseStanding, load
from poreka.provider.rules.release import Ended, LeadsTo, leads_to, stands_at
from poreka.provider.system import Bank
from poreka.store.database import Stale
from poreka.web.browser.own_form import read_form
from poreka.web.browser.redirect import redirect


async def cancel(request: Request, bank: Bank) -> Response:
    """POST /release/{journey}/cancel; the fields of the form that the button stands in count for nothing."""
    await read_form(request, bank, "consent", "text", "code")
    standing = await load(request, bank)
    if isinstance(stands_at(standing.release.state, bank.clock()), Ended):
        return redirect(request, bank, f"/release/{standing.journey.id}")
    state = msgspec.structs.replace(standing.release.state, cancelled=True)
    cancelled = msgspec.structs.replace(standing.release, state=state)
    try:
        async with bank.audit.transaction() as (transaction, record):
            await cancel_operation(transaction, bank, standing)
            await bank.journeys.save(transaction, standing.journey, msgspec.json.encode(cancelled))
            await record(_event(standing, "cancelled"))
    except Stale:
        return redirect(request, bank, f"/release/{standing.journey.id}")
    return redirect(request, bank, f"/release/{standing.journey.id}/leave")


async def leave(request: Request, bank: Bank) -> Response:
    """GET /release/{journey}/leave: from an ended release to where it began."""
    standing = await load(request, bank)
    state = standing.release.state
    ended = stands_at(state, bank.clock())
    if not isinstance(ended, Ended) or ended is Ended.RELEASED:
        return redirect(request, bank, f"/release/{standing.journey.id}")
    if leads_to(state, ended) is LeadsTo.BANK_HOME:
        return redirect(request, bank, f"/?ended={ended.value}")
    return await standing.kind.without_data(request, bank, standing.release.reply, ended)


def _event(standing: ReleaseStanding, outcome: str) -> ReleaseEnded:
    person = standing.person
    return ReleaseEnded(
        person_id=person.customer.id if person else None, client_id=standing.service.client_id, outcome=outcome
    )

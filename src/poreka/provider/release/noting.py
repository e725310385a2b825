"""Writing down that the page of a release told its person that they are refused (P8).

Who is shown no page is noted in `beginning.py`.
"""

import msgspec

from poreka.audit.events import ReleaseRefused
from poreka.provider.release.standing import ReleaseStanding
from poreka.provider.release.stored import read_release
from poreka.provider.rules.release import ReleaseState
from poreka.provider.system import Bank
from poreka.store.database import Stale


async def note_refusal(bank: Bank, standing: ReleaseStanding) -> None:
    """Write the refusal down once (P8); the stored state does not know of it the first time."""
    stored = read_release(standing.journey.state)
    state: ReleaseState = standing.release.state
    if stored.state.refused == state.refused:
        return
    event = ReleaseRefused(
        person_id=standing.signed_in().customer.id,
        client_id=standing.service.client_id,
        reasons=tuple(reason.value for reason in state.refused),
    )
    try:
        async with bank.audit.transaction() as (transaction, record):
            await bank.journeys.save(transaction, standing.journey, msgspec.json.encode(standing.release))
            await record(event)
    except Stale:
        return  # another tab wrote it down

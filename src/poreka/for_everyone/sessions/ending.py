"""Ending the sessions of a person at any kind of system, in whatever browser, with all that rests on them.

Used by the owner's list of sessions and by the operator's commands. What ends with a session is said by each system
(`System.end_session`). A way in that is parked, a vouched entry or an approved sign-in elsewhere, ends with "the
others": else it would open a session right afterwards.
"""

from poreka.audit.record import Recorder
from poreka.store.database import Transaction
from poreka.web.system import System


async def end_all_but(
    system: System, transaction: Transaction, record: Recorder, person_id: str, *, but: str | None, by: str
) -> int:
    """End every session of a person except the one named `but`, and whatever is about to become one; how many."""
    await system.end_parked(transaction, person_id)
    others = [one for one in await system.sessions.of_person(person_id, transaction) if one.sid != but]
    for session in others:
        await system.end_session(transaction, record, session, by=by)
    return len(others)

"""What an operator does about a person's sessions, at any kind of system: looks at the living ones, and ends them.

For somebody who cannot reach their own list. Ending does what the owner's "end the others" does, and the person is
told at every address there is. Read next: `ending.py`.
"""

from poreka.audit.record import Recorder
from poreka.for_everyone.sessions.ending import end_all_but
from poreka.for_everyone.sessions.notices import sessions_ended
from poreka.rules.session_life import is_alive
from poreka.store.database import Transaction
from poreka.store.sessions import Session
from poreka.web.sessions import limits_of
from poreka.web.system import System

BY = "operator"


class NoSuchSession(Exception):
    """The person has no session of this name."""


async def living_sessions(system: System, person_id: str) -> list[Session]:
    """The sessions of a person that are not over yet."""
    now, limits = system.clock(), limits_of(system)
    return [one for one in await system.sessions.of_person(person_id) if is_alive(one.times, limits, now)]


async def end_sessions_by_operator(system: System, person_id: str, *, only: str | None = None) -> int:
    """End a person's sessions with all that rests on them, or `only` the one of that name; returns how many ended.

    The person is told where any ended. Raises `NoSuchSession`.
    """
    async with system.audit.transaction() as (transaction, record):
        ended = await _end(system, transaction, record, person_id, only)
        if ended:
            await transaction.insert(*await sessions_ended(system, person_id))
    return ended


async def _end(system: System, transaction: Transaction, record: Recorder, person_id: str, only: str | None) -> int:
    if only is None:
        return await end_all_but(system, transaction, record, person_id, but=None, by=BY)
    one = await system.sessions.by_sid(only, transaction)
    if one is None or one.person_id != person_id:
        raise NoSuchSession
    await system.end_session(transaction, record, one, by=BY)
    return 1

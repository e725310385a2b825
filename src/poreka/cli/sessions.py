"""`poreka session`: a person's sessions at one system, listed and ended by an operator.

For somebody who cannot reach their own list. Ending does what the owner's "end the others" does: relying parties are
told, tokens are revoked, a way in that is parked ends, too; and the person is told at every address there is.
"""

from pathlib import Path

from poreka.audit.record import Recorder
from poreka.cli.opened import with_running
from poreka.cli.people import person_meant
from poreka.for_everyone.sessions.ending import end_all_but
from poreka.for_everyone.sessions.notices import sessions_ended
from poreka.kinds import KINDS
from poreka.rules.session_life import is_alive
from poreka.rules.warsaw_time import warsaw_moment
from poreka.running.failed import Failed
from poreka.store.database import Transaction
from poreka.store.sessions import Session
from poreka.web.sessions import details_of, limits_of
from poreka.web.system import System

BY = "operator"
SERVED = tuple(kind.name for kind in KINDS if kind.alone)


def list_sessions(file: Path, name: str | None = None, /) -> None:
    """List the living sessions of a person: name of the session, when it began and was last used, factors, browser.

    Parameters
    ----------
    file
        The system's settings file.
    name
        Customer number, login or user name; the id, where the customers are in another system. Without it a PESEL is
        asked for.
    """

    async def show(system: System) -> None:
        found = await _living(system, await person_meant(system, name))
        for one in found:
            factors = ",".join(factor.value for factor in one.factors) or details_of(one).issuer
            print(
                f"{one.sid}  {_moment(one.started_at)}  {_moment(one.active_at)}  {factors}  {details_of(one).browser}"
            )
        if not found:
            print("no session")

    with_running(file, show, *SERVED)


def end_sessions(file: Path, name: str | None = None, /, *, session: str | None = None) -> None:
    """End the sessions of a person, with all that rests on them. The person is told.

    Parameters
    ----------
    file
        The system's settings file.
    name
        Customer number, login or user name; the id, where the customers are in another system. Without it a PESEL is
        asked for.
    session
        Only this one, by its name as `poreka session list` prints it.
    """

    async def end(system: System) -> None:
        person = await person_meant(system, name)
        async with system.audit.transaction() as (transaction, record):
            ended = await _end(system, transaction, record, person, session)
            if ended:
                await transaction.insert(*await sessions_ended(system, person))
        print(f"sessions ended: {ended}")

    with_running(file, end, *SERVED)


async def _living(system: System, person_id: str) -> list[Session]:
    now, limits = system.clock(), limits_of(system)
    return [one for one in await system.sessions.of_person(person_id) if is_alive(one.times, limits, now)]


async def _end(system: System, transaction: Transaction, record: Recorder, person_id: str, sid: str | None) -> int:
    if sid is None:
        return await end_all_but(system, transaction, record, person_id, but=None, by=BY)
    one = await system.sessions.by_sid(sid, transaction)
    if one is None or one.person_id != person_id:
        raise Failed("this person has no such session")
    await system.end_session(transaction, record, one, by=BY)
    return 1


def _moment(seconds: int) -> str:
    return f"{warsaw_moment(seconds):%Y-%m-%d %H:%M}"

"""`poreka session`: a person's sessions at one system, listed and ended by an operator.

What ends with a session, and who is told: `for_everyone/sessions/by_operator.py`.
"""

from pathlib import Path

from poreka.cli.opened import with_running
from poreka.cli.people import person_meant
from poreka.for_everyone.sessions.by_operator import NoSuchSession, end_sessions_by_operator, living_sessions
from poreka.kinds import KINDS
from poreka.rules.warsaw_time import warsaw_moment
from poreka.running.failed import Failed
from poreka.web.sessions import details_of
from poreka.web.system import System

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
        found = await living_sessions(system, await person_meant(system, name))
        for one in found:
            factors = ",".join(factor.value for factor in one.factors) or details_of(one).issuer
            print(
                f"{one.sid}  {_moment(one.started_at)}  {_moment(one.active_at)}  {factors}  {details_of(one).browser}"
            )
        if not found:
            print("no session")

    with_running(file, System, show, *SERVED)


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
        try:
            ended = await end_sessions_by_operator(system, person, only=session)
        except NoSuchSession:
            raise Failed("this person has no such session") from None
        print(f"sessions ended: {ended}")

    with_running(file, System, end, *SERVED)


def _moment(seconds: int) -> str:
    return f"{warsaw_moment(seconds):%Y-%m-%d %H:%M}"

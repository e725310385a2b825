"""`poreka passkey`: a person's passkeys at a bank or a portal, listed and ended by an operator.

What ends with them, and who is told: `for_everyone/passkeys/by_operator.py`.
"""

from pathlib import Path

from poreka.cli.opened import with_running
from poreka.cli.people import person_meant
from poreka.for_everyone.passkeys.by_operator import end_passkeys_by_operator, kept_passkeys
from poreka.kinds import KINDS
from poreka.rules.warsaw_time import warsaw_moment
from poreka.web.system import System

SERVED = tuple(kind.name for kind in KINDS if "passkeys" in kind.parts)


def list_passkeys(file: Path, name: str | None = None, /) -> None:
    """List the passkeys of a person: when each was added and last used, and what its owner calls it.

    Parameters
    ----------
    file
        The system's settings file.
    name
        Customer number or login; the id, where the customers are in another system. Without it a PESEL is asked for.
    """

    async def show(system: System) -> None:
        keys = await kept_passkeys(system, await person_meant(system, name))
        for key in keys:
            used = f"{warsaw_moment(key.used_at):%Y-%m-%d %H:%M}" if key.used_at else "never used"
            print(f"{key.id}  {warsaw_moment(key.added_at):%Y-%m-%d %H:%M}  {used}  {key.name}")
        if not keys:
            print("no passkey")

    with_running(file, System, show, *SERVED)


def end_passkeys(file: Path, name: str | None = None, /) -> None:
    """End every passkey of a person, and the sessions that they opened. The person is told.

    Parameters
    ----------
    file
        The system's settings file.
    name
        Customer number or login; the id, where the customers are in another system. Without it a PESEL is asked for.
    """

    async def end(system: System) -> None:
        ended = await end_passkeys_by_operator(system, await person_meant(system, name))
        print(f"passkeys ended: {ended}")

    with_running(file, System, end, *SERVED)

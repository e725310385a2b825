"""`poreka passkey`: a person's passkeys at a bank or a portal, listed and ended by an operator.

For somebody who cannot reach their own list, or whose device is in somebody else's hands. What the keys opened ends
with them, also where the settings have switched passkeys off; the person is told at every address there is.
"""

from pathlib import Path

from poreka.cli.opened import with_running
from poreka.cli.people import person_meant
from poreka.for_everyone.passkeys.notices import passkey_told
from poreka.for_everyone.passkeys.own import end_all_keys
from poreka.kinds import KINDS
from poreka.provider.system import Bank
from poreka.rules.warsaw_time import warsaw_moment
from poreka.running.failed import Failed
from poreka.store.passkeys import Passkeys
from poreka.systems.portal.system import Portal
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
        keys = await Passkeys(system.database).of_person(await person_meant(_keeper(system), name))
        for key in keys:
            used = f"{warsaw_moment(key.used_at):%Y-%m-%d %H:%M}" if key.used_at else "never used"
            print(f"{key.id}  {warsaw_moment(key.added_at):%Y-%m-%d %H:%M}  {used}  {key.name}")
        if not keys:
            print("no passkey")

    with_running(file, show, *SERVED)


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
        keeper = _keeper(system)
        person = await person_meant(keeper, name)
        async with keeper.audit.transaction() as (transaction, record):
            ended = await end_all_keys(keeper, transaction, record, person, by="operator")
            if ended:
                await transaction.insert(*await passkey_told(keeper, person, "ended_all"))
        print(f"passkeys ended: {ended}")

    with_running(file, end, *SERVED)


def _keeper(system: System) -> System:
    if not isinstance(system, Bank | Portal):
        raise Failed("this command is for a bank or a portal")
    return system

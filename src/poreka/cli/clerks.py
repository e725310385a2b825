"""`poreka clerk`: who works at a desk. An operator adds clerks, blocks them, and makes the link for a key.

There is no password: a clerk signs in with a key that they register by a link, which works once and for an hour
(`desk.link_minutes`). Whoever has the link makes the key, so it is handed over in person. A new link ends earlier
keys and sessions at once. A PESEL is asked for, or read from the standard input: it stands in no shell's history.
"""

from pathlib import Path

from poreka.cli.ending import WRONG_USAGE, stop
from poreka.cli.opened import with_system
from poreka.cli.people import asked_pesel
from poreka.rules.people.login_name import LoginNameFault, read_user_name
from poreka.rules.people.names import NameFault, read_name
from poreka.rules.warsaw_time import warsaw_moment
from poreka.running.failed import Failed
from poreka.running.foundation import Foundation, of_kind
from poreka.store.database import AlreadyThere, Stale
from poreka.systems.desk.roll import ClerkRoll, clerk_roll
from poreka.systems.desk.settings import DeskSettings
from poreka.systems.desk.store.clerks import DeskClerk

KIND = "desk"


def add_clerk(file: Path, login: str, /, *, name: str) -> None:
    """Add a clerk, and print the link for a key. The PESEL is asked for.

    Parameters
    ----------
    file
        The desk's settings file.
    login
        By which operators name the clerk; the clerk needs it nowhere.
    name
        First name and surname, as they stand in records.
    """
    read, shown = read_user_name(login), read_name(name)
    if isinstance(read, LoginNameFault):
        stop(f"{login}: a login has three to 64 letters, digits, dots and hyphens", WRONG_USAGE)
    if isinstance(shown, NameFault):
        stop("--name: this is no name", WRONG_USAGE)

    async def add(base: Foundation) -> None:
        pesel = asked_pesel()
        roll = clerk_roll(of_kind(base, DeskSettings))
        try:
            clerk = await roll.add(read, shown, pesel)
        except AlreadyThere:
            raise Failed("there is a clerk with this login, or this person is a clerk already") from None
        await _print_link(roll, clerk)

    with_system(file, add, KIND)


def list_clerks(file: Path, /) -> None:
    """List the clerks: login, name, whether active, how many keys.

    Parameters
    ----------
    file
        The desk's settings file.
    """

    async def show(base: Foundation) -> None:
        roll = clerk_roll(of_kind(base, DeskSettings))
        for clerk, keys in await roll.every():
            stands = "blocked" if clerk.blocked_at is not None else "active"
            print(f"{clerk.login}  {clerk.name}  {stands}  keys: {keys}")

    with_system(file, show, KIND)


def block_clerk(file: Path, login: str, /) -> None:
    """Block a clerk for good: keys, link and sessions end at once.

    Parameters
    ----------
    file
        The desk's settings file.
    login
        The clerk's login.
    """

    async def block(base: Foundation) -> None:
        roll = clerk_roll(of_kind(base, DeskSettings))
        done = await roll.block(await _clerk(roll, login))
        print(f"{login}  {'blocked' if done else 'was blocked before'}")

    with_system(file, block, KIND)


def new_key(file: Path, login: str, /) -> None:
    """Print a new link for a clerk's key: the first one, or after a loss. Earlier keys end at once.

    Parameters
    ----------
    file
        The desk's settings file.
    login
        The clerk's login.
    """

    async def make(base: Foundation) -> None:
        roll = clerk_roll(of_kind(base, DeskSettings))
        await _print_link(roll, await _clerk(roll, login))

    with_system(file, make, KIND)


async def _clerk(roll: ClerkRoll, login: str) -> DeskClerk:
    found = await roll.named(login)
    if found is None:
        raise Failed("there is no clerk with this login")
    return found


async def _print_link(roll: ClerkRoll, clerk: DeskClerk) -> None:
    try:
        link = await roll.make_link(clerk)
    except Stale:
        raise Failed("this clerk is blocked") from None
    print(f"{clerk.login}  {link.address}\nworks once, until {warsaw_moment(link.until):%Y-%m-%d %H:%M}")

"""`poreka keys`: a system's own signing keys.

They rotate by themselves every 90 days; this is the way by hand.
"""

from pathlib import Path

from rich.console import Console
from rich.table import Column, Table

from poreka.cli.opened import with_system
from poreka.kinds import KINDS
from poreka.rules.warsaw_time import warsaw_moment
from poreka.running.foundation import Foundation
from poreka.running.keys_by_hand import kept_keys, rotate_keys_now

SIGNING = tuple(kind.name for kind in KINDS if kind.algorithms)


def rotate_keys(file: Path, /) -> None:
    """Put new signing keys in the place of the current ones, at once: for a key that leaked.

    Running servers take them over within a minute; the old ones stay published for a day. Consent receipts that
    they signed prove nothing any more: customers download new ones.

    Parameters
    ----------
    file
        The system's settings file.
    """

    async def rotate(base: Foundation) -> None:
        for kid in await rotate_keys_now(base):
            print(f"made  {kid}")

    with_system(file, rotate, *SIGNING)


def list_keys(file: Path, /) -> None:
    """List the signing keys with their states.

    Parameters
    ----------
    file
        The system's settings file.
    """

    async def show(base: Foundation) -> None:
        table = Table(Column("kid", overflow="fold"), "algorithm", "state", "since")
        for key in await kept_keys(base):
            table.add_row(key.kid, key.algorithm, key.state, warsaw_moment(key.since).isoformat(" "))
        Console().print(table if table.rows else "there is no key yet: the first start makes them")

    with_system(file, show, *SIGNING)

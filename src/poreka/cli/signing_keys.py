"""`poreka keys`: a system's own signing keys.

They rotate by themselves every 90 days; this is the way by hand.
"""

from pathlib import Path

from rich.console import Console
from rich.table import Column, Table

from poreka.audit.record import AuditLog
from poreka.cli.opened import with_system
from poreka.kinds import KINDS
from poreka.rules.warsaw_time import warsaw_moment
from poreka.running.foundation import Foundation
from poreka.running.key_ring import KeyRing
from poreka.store.past_keys import PastKeys
from poreka.store.signing_keys import SigningKeys

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
        audit = AuditLog(base.database, base.audit_key, base.clock, base.fresh.id)
        kind = base.settings.KIND
        past = PastKeys(base.database) if kind.vouches else None
        for kid in await KeyRing(_keys(base), audit, base.clock, kind.algorithms, past).rotate_now():
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
        for key in await _keys(base).all():
            table.add_row(key.kid, key.algorithm, key.state, warsaw_moment(key.since).isoformat(" "))
        Console().print(table if table.rows else "there is no key yet: the first start makes them")

    with_system(file, show, *SIGNING)


def _keys(base: Foundation) -> SigningKeys:
    return SigningKeys(base.database, base.seal, base.fresh)

"""Whether a pooler stands before PostgreSQL that hands its sessions around (PgBouncer's transaction mode).

We prepare each statement once in a session and run it there ever after. A pooler that gives every transaction another
session would have us meet statements that are not there, or somebody else's of the same name. So it is refused when a
system begins; one that gives a connection its own session (session mode) changes nothing. What slips through, because
others use the pooler too, is told by its SQLSTATE in `faults.py`.
"""

from collections.abc import Awaitable, Callable
from typing import Any

import asyncpg

from poreka.store.postgres.faults import SHARED_SESSIONS

_SESSION = "SELECT pg_backend_pid()"


async def sessions_are_shared(first: Any, connect: Callable[[], Awaitable[Any]]) -> bool:
    """Whether `first` and a second connection, both open, meet one and the same session of the server."""
    try:
        second = await connect()
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
        return False  # there is but one connection to be had, and nobody to share it with
    try:
        before = await first.fetchval(_SESSION)
        async with second.transaction():
            return bool(before == await second.fetchval(_SESSION))
    except SHARED_SESSIONS:
        return True
    finally:
        second.terminate()

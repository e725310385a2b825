"""A few open connections to PostgreSQL, lent one at a time, the last returned first.

Why not asyncpg's own pool: its bookkeeping costs 30 µs of every statement, a fifth of the whole, and
all it would do for us is this. A connection that was lost is replaced when it is next asked for.
Nothing is reset on return, because nothing here leaves state in a session.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

Connect = Callable[[], Awaitable[Any]]


class Connections:
    """At most `most` connections; who comes when all are lent waits."""

    def __init__(self, connect: Connect, most: int) -> None:
        self._connect = connect
        self._places = asyncio.Semaphore(most)
        self._idle: list[Any] = []

    async def lend(self) -> Any:
        """An open connection; raises what `connect` raises. Give it back with `take_back`."""
        await self._places.acquire()
        while self._idle:
            connection = self._idle.pop()
            if not connection.is_closed():
                return connection
        try:
            return await self._connect()
        except BaseException:
            self._places.release()
            raise

    def take_back(self, connection: Any) -> None:
        """Return a connection, or its place if it was lost."""
        if connection.is_in_transaction():
            # Whoever had it was cancelled in the middle: what the server thinks of it is not certain.
            connection.terminate()
        if not connection.is_closed():
            self._idle.append(connection)
        self._places.release()

    async def close(self) -> None:
        """Close what is idle."""
        while self._idle:
            await self._idle.pop().close()

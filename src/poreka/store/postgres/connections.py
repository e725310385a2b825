"""A few open connections to PostgreSQL, lent one at a time, the last returned first.

Why not asyncpg's own pool: its bookkeeping costs 30 µs of every statement, a fifth of the whole, and
all it would do for us is this. A connection that was lost is replaced when it is next asked for.
Nothing is reset on return, because nothing here leaves state in a session.

Nobody waits without end. Who comes when all are lent waits `patience` seconds at most. When no new connection can
be made, those who wait are told at once, and so is everyone else for a moment (`REST`); then one caller at a time
tries again, until it succeeds. Of a server that takes no more connections, those it gave before are waited for.
"""

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Any

from poreka.store.deadline import seconds_left

Connect = Callable[[], Awaitable[Any]]

PATIENCE = 5.0  # seconds
REST = 1.0  # seconds in which nobody tries again after a new connection could not be made
_NOT_NOW = "a connection could not be made just now"


class NoConnection(Exception):
    """There is no connection to be had now; `told` says why."""

    def __init__(self, told: str) -> None:
        super().__init__(told)
        self.told = told


class Connections:
    """At most `most` connections; `full` tells of a failure to connect whether the server merely takes no more."""

    def __init__(
        self,
        connect: Connect,
        most: int,
        *,
        full: Callable[[BaseException], bool] = lambda _: False,
        patience: float = PATIENCE,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._connect, self._full, self._now = connect, full, now
        self._most, self._patience = most, patience
        self._idle: list[Any] = []
        self._open = 0  # lent, idle, or being made
        self._waiting: deque[asyncio.Future[Any]] = deque()
        self._resting_until: float | None = None  # set while the server is away
        self._trying = False

    async def lend(self) -> Any:
        """An open connection; raises `NoConnection`, and whatever `connect` raises. Give it back with `take_back`."""
        while self._idle:
            connection = self._idle.pop()
            if not connection.is_closed():
                return connection
            self._open -= 1
        if self._open >= self._most:
            return await self._wait()
        if self._resting_until is not None and (self._trying or self._now() < self._resting_until):
            raise NoConnection(_NOT_NOW)
        return await self._another()

    def take_back(self, connection: Any) -> None:
        """Return a connection, or its place if it was lost."""
        if not connection.is_closed() and connection.is_in_transaction():
            # Whoever had it was cancelled in the middle: what the server thinks of it is not certain.
            connection.terminate()
        if connection.is_closed():
            self._open -= 1
            self._hand_on(None)
        elif not self._hand_on(connection):
            self._idle.append(connection)

    def leave(self, connection: Any) -> None:
        """Drop a connection to a server that is not to be asked again, and the idle ones, which lead there too."""
        connection.terminate()
        for other in self._idle:
            other.terminate()
        self._open -= len(self._idle)
        self._idle.clear()

    async def close(self) -> None:
        """Close what is idle."""
        while self._idle:
            self._open -= 1
            await self._idle.pop().close()

    async def _another(self) -> Any:
        """A new connection; while the server is away this is the one caller who tries."""
        trying = self._trying = self._resting_until is not None
        self._open += 1
        try:
            connection = await self._connect()
        except asyncio.CancelledError:
            self._open -= 1
            self._hand_on(None)
            raise
        except BaseException as error:
            self._open -= 1
            if self._full(error) and self._open:
                return await self._wait()
            self._away()
            raise
        finally:
            if trying:
                self._trying = False
        self._resting_until = None
        return connection

    async def _wait(self) -> Any:
        """For a connection that comes back, or for the place of one that was lost."""
        place = asyncio.get_running_loop().create_future()
        self._waiting.append(place)
        try:
            async with asyncio.timeout(seconds_left(self._patience)):
                connection = await place
        except BaseException as error:
            self._withdraw(place)
            if isinstance(error, TimeoutError):
                raise NoConnection("no connection came back in time") from error
            raise
        return await self.lend() if connection is None else connection

    def _withdraw(self, place: asyncio.Future[Any]) -> None:
        """Who waits no longer passes on what arrived in that moment."""
        if place.done() and not place.cancelled() and place.exception() is None:
            connection = place.result()
            if connection is None:
                self._hand_on(None)
            elif not self._hand_on(connection):
                self._idle.append(connection)
        elif place in self._waiting:
            self._waiting.remove(place)

    def _hand_on(self, connection: Any) -> bool:
        """Give a connection, or with None a free place, to whoever waits longest; False when nobody does."""
        while self._waiting:
            place = self._waiting.popleft()
            if not place.done():
                place.set_result(connection)
                return True
        return False

    def _away(self) -> None:
        """A connection could not be made: whoever waits for one is told."""
        self._resting_until = self._now() + REST
        while self._waiting:
            place = self._waiting.popleft()
            if not place.done():
                place.set_exception(NoConnection(_NOT_NOW))

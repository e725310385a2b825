"""The demonstration's clock: real time plus what it was moved forward by, the same for all systems.

Every worker reads the shared row once a second, so a clock moved by one is moved for all. It exists
in the demonstration only; elsewhere the clock is `running/real_clock.py`.
"""

import asyncio
import time
from contextlib import suppress

from poreka.demo.store.demo_clock import DemoClock
from poreka.store.database import DatabaseUnavailable

READ_EVERY_SECONDS = 1.0


class MovableClock:
    """Real time plus an offset that only grows."""

    def __init__(self, store: DemoClock) -> None:
        self._store = store
        self._advanced = 0
        self._task: asyncio.Task[None] | None = None

    def now(self) -> int:
        """Seconds since the epoch, as the demonstration sees them."""
        return int(time.time()) + self._advanced

    async def read(self) -> None:
        """Take over what the store says now."""
        self._advanced = await self._store.advanced()

    async def start(self) -> None:
        """Read the offset, and again every second."""
        await self.read()
        self._task = asyncio.create_task(self._follow())

    async def stop(self) -> None:
        """Stop reading."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _follow(self) -> None:
        while True:
            await asyncio.sleep(READ_EVERY_SECONDS)
            with suppress(DatabaseUnavailable):
                await self.read()

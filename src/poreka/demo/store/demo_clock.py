"""How far the demonstration's clock was moved forward, the same for all workers; in the demo only.

The clock that reads it is `demo/clock.py`.
"""

from dataclasses import dataclass

from poreka.store.database import Database


@dataclass(frozen=True, slots=True)
class DemoClock:
    """The one row there is."""

    database: Database

    async def advanced(self) -> int:
        """Seconds by which the clock is ahead of the real time."""
        row = await self.database.one("SELECT advanced_seconds FROM clock WHERE id = 1")
        return int(row["advanced_seconds"]) if row else 0

    async def advance(self, seconds: int) -> int:
        """Move the clock forward, never back; returns by how much it is ahead now."""
        if seconds < 0:
            raise ValueError("the clock only moves forward")
        async with self.database.transaction() as transaction:
            row = await transaction.one(
                "INSERT INTO clock (id, advanced_seconds) VALUES (1, $1) ON CONFLICT (id) DO UPDATE"
                " SET advanced_seconds = clock.advanced_seconds + $1 RETURNING advanced_seconds",
                seconds,
            )
        return int(row["advanced_seconds"]) if row else 0

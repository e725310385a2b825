"""Requests that stand still between what they read and what they write, so that a test can order a race.

A system whose audit log is a `HaltingAudit` answers as ever until it has something to write down; there it waits
until `go_on` is set. What happens meanwhile, at the same system with its own log, came "in the very moment".
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from poreka.audit.record import AuditLog
from poreka.store.database import Insert


@dataclass
class HaltingAudit:
    """A system's audit log, at whose door whoever has something to write down waits to be let in."""

    log: AuditLog
    reached: asyncio.Event = field(default_factory=asyncio.Event)
    go_on: asyncio.Event = field(default_factory=asyncio.Event)

    async def save(self, *rows: Insert, event: Any) -> None:
        """As the log does, later."""
        await self._halt()
        await self.log.save(*rows, event=event)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Any]:
        """As the log does, later."""
        await self._halt()
        async with self.log.transaction() as opened:
            yield opened

    async def _halt(self) -> None:
        self.reached.set()
        await self.go_on.wait()

"""A customer directory of another system behind a circuit breaker (`outgoing/breaker.py`).

While the circuit is open nobody waits for a time-out: `DirectoryUnavailable` at once. A record that cannot
be believed is an answer, and no reason to leave the directory alone.
"""

import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

from poreka.outgoing.breaker import Breaker, LeftAlone
from poreka.provider.store.customer_directory import (
    Checked,
    ChosenIdentifier,
    Customer,
    CustomerDirectory,
    DirectoryUnavailable,
    RecordRefused,
    Typed,
)

T = TypeVar("T")


class GuardedDirectory:
    """Asks `directory`, unless it failed too often just now; it fits `CustomerDirectory`."""

    def __init__(self, directory: CustomerDirectory, now: Callable[[], float] = time.monotonic) -> None:
        self._directory = directory
        self._breaker = Breaker("customer directory", DirectoryUnavailable, (RecordRefused,), now)

    async def by_id(self, customer_id: str) -> Customer | None:
        """As the directory answers."""
        return await self._guarded(lambda: self._directory.by_id(customer_id))

    async def identifier_of(self, number: str) -> ChosenIdentifier | None:
        """As the directory answers."""
        return await self._guarded(lambda: self._directory.identifier_of(number))

    async def check(self, number: str, typed: Typed) -> Checked:
        """As the directory answers."""
        return await self._guarded(lambda: self._directory.check(number, typed))

    async def _guarded(self, ask: Callable[[], Awaitable[T]]) -> T:
        try:
            return await self._breaker.call(ask)
        except LeftAlone as left:
            raise DirectoryUnavailable(str(left), left.seconds) from None

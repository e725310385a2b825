"""A customer directory of another system behind a circuit breaker (`rules/circuit.py`).

While the circuit is open nobody waits for a time-out: `DirectoryUnavailable` at once. A record that cannot
be believed is an answer, and no reason to leave the directory alone.
"""

import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

import structlog

from poreka.rules.circuit import Barred, Circuit, Closed, Open, after_failure, after_success, passing
from poreka.store.customer_directory import (
    Checked,
    ChosenIdentifier,
    Customer,
    CustomerDirectory,
    DirectoryUnavailable,
    RecordRefused,
    Typed,
)

T = TypeVar("T")
log = structlog.get_logger()


class GuardedDirectory:
    """Asks `directory`, unless it failed too often just now; it fits `CustomerDirectory`."""

    def __init__(self, directory: CustomerDirectory, now: Callable[[], float] = time.monotonic) -> None:
        self._directory, self._now = directory, now
        self._circuit: Circuit = Closed()

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
        circuit = passing(self._circuit, self._now())
        if isinstance(circuit, Barred):
            raise DirectoryUnavailable("left alone for a while", circuit.seconds)
        self._circuit = circuit
        try:
            answer = await ask()
        except RecordRefused as fault:
            log.warning("customer record refused", reason=str(fault))
            self._is(after_success(self._circuit))
            raise
        except DirectoryUnavailable as fault:
            log.warning("customer directory failed", reason=str(fault))
            self._is(after_failure(self._circuit, self._now()))
            raise
        self._is(after_success(self._circuit))
        return answer

    def _is(self, circuit: Circuit) -> None:
        if isinstance(circuit, Open) and not isinstance(self._circuit, Open):
            log.error("customer directory left alone for a while")
        self._circuit = circuit

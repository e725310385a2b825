"""A system of somebody else behind a circuit breaker: the rule is `rules/limits/circuit.py`, this is what carries it
out.

While the circuit is open nobody waits for a time-out: `LeftAlone` at once. Which exceptions mean that the other
side failed, and which of them are answers after all, its user says.
"""

import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

import structlog

from poreka.rules.limits.circuit import Barred, Circuit, Closed, Open, after_failure, after_success, passing

T = TypeVar("T")
log = structlog.get_logger()


class LeftAlone(Exception):
    """It failed too often just now and is not asked before so many seconds."""

    def __init__(self, seconds: int) -> None:
        super().__init__("left alone for a while")
        self.seconds = seconds


class Breaker:
    """Lets calls through to what is called `name`, unless too many failed; an `answers` exception is no failure."""

    def __init__(
        self,
        name: str,
        failures: type[Exception],
        answers: tuple[type[Exception], ...] = (),
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._name, self._failures, self._answers, self._now = name, failures, answers, now
        self._circuit: Circuit = Closed()

    async def call(self, ask: Callable[[], Awaitable[T]]) -> T:
        """What is answered; raises `LeftAlone`, and whatever `ask` raises."""
        circuit = passing(self._circuit, self._now())
        if isinstance(circuit, Barred):
            raise LeftAlone(circuit.seconds)
        self._circuit = circuit
        try:
            answer = await ask()
        except self._answers as fault:
            log.warning(f"{self._name}: answer refused", reason=str(fault))
            self._is(after_success(self._circuit))
            raise
        except self._failures as fault:
            log.warning(f"{self._name}: failed", reason=str(fault))
            self._is(after_failure(self._circuit, self._now()))
            raise
        self._is(after_success(self._circuit))
        return answer

    def _is(self, circuit: Circuit) -> None:
        if isinstance(circuit, Open) and not isinstance(self._circuit, Open):
            log.error(f"{self._name}: left alone for a while")
        self._circuit = circuit

"""The circuit breaker: whoever fails again and again is left alone for a while, then tried with one call.

Closed: calls pass. Open: none passes until a time. Then one passes on trial; its success closes the circuit,
its failure opens it anew, and when it is never heard of again another one is tried. Calls that were on
their way when the circuit opened change nothing. The rule comes first and is pure: times are seconds of a clock that
only runs forward, and arguments. `Breaker` carries it out: while the circuit is open nobody waits for a time-out,
`LeftAlone` is raised at once. Which exceptions mean that the other side failed, and which of them are answers after
all, its user says.
"""

import math
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

import msgspec
import structlog

T = TypeVar("T")
log = structlog.get_logger()

FAILURES = 5
REST = 10.0  # seconds
TRIAL = 10.0  # seconds after which a trial that was never heard of again is given up


class Closed(msgspec.Struct, frozen=True):
    """Calls pass; so many failed in a row."""

    failures: int = 0


class Open(msgspec.Struct, frozen=True):
    """No call passes before `until`."""

    until: float


class Trying(msgspec.Struct, frozen=True):
    """One call is on trial; no other passes before `until`."""

    until: float


Circuit = Closed | Open | Trying


class Barred(msgspec.Struct, frozen=True):
    """The call may not be made; come back in so many seconds."""

    seconds: int


def passing(circuit: Circuit, now: float) -> Circuit | Barred:
    """Ask to make a call: the circuit as it then stands, or that it may not be made."""
    match circuit:
        case Closed():
            return circuit
        case Open(until) | Trying(until):
            left = round(until - now, 6)  # what adding and taking away a float leaves over is no second
            return Trying(now + TRIAL) if now >= until else Barred(max(1, math.ceil(left)))


def after_success(circuit: Circuit) -> Circuit:
    """A call succeeded."""
    return circuit if isinstance(circuit, Open) else Closed()


def after_failure(circuit: Circuit, now: float) -> Circuit:
    """A call failed."""
    match circuit:
        case Closed(failures):
            return Closed(failures + 1) if failures + 1 < FAILURES else Open(now + REST)
        case Trying():
            return Open(now + REST)
        case Open():
            return circuit


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

"""A circuit breaker: whoever fails again and again is left alone for a while, then tried with one call.

Closed: calls pass. Open: none passes until a time. Then one passes on trial; its success closes the circuit,
its failure opens it anew, and when it is never heard of again another one is tried. Calls that were on
their way when the circuit opened change nothing. Times are seconds of a clock that only runs forward.
"""

import math

import msgspec

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

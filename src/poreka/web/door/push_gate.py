"""How many authorization requests each service may push while its people are turned away at the door.

A push whose person then waits at the door is work for nothing, and it is not small: the client is proven and a row is
written. So a service of which too many wait is told 503 where it pushes, before any of that. The rule is
`rules/limits/door.py::pushes_taken`; the door counts and says when (`door.py`).
"""

from collections import Counter
from dataclasses import dataclass, field

from poreka.rules.limits.door import come_back, pushes_taken

LATER = 2  # than who is turned away at the door: here it is nearly all that is left to do for them
SMOOTHING = 0.5  # weight of the last interval in what is called "lately"


@dataclass(slots=True)
class _Service:
    """One service whose people are turned away; figures are a second, lately."""

    tokens: float = 0.0
    admitted: float = 0.0
    refused: float = 0.0
    back: tuple[int, int] = field(default_factory=lambda: come_back(0, 0))


class PushGate:
    """One for a door."""

    def __init__(self) -> None:
        self._services: dict[str, _Service] = {}
        self._admitted = 0.0  # newcomers of all services
        self._taken: Counter[str] = Counter()
        self._refused: Counter[str] = Counter()

    @property
    def refused(self) -> int:
        """How many pushes were turned away since the last adjustment."""
        return self._refused.total()

    def back_after(self, service: str) -> tuple[int, int] | None:
        """None where the service may push now; else the seconds between which its people come back."""
        known = self._services.get(service)
        if known is None or known.tokens >= 1:
            return None
        self._refused[service] += 1
        return known.back

    def taken(self, service: str) -> None:
        """A push of a proven client was taken."""
        self._taken[service] += 1
        if (known := self._services.get(service)) is not None:
            known.tokens -= 1

    def adjust(self, rate: float | None, seconds: float, admitted: Counter[str], refused: Counter[str]) -> None:
        """An interval is over, in which so many newcomers of each service were let in and turned away.

        `rate` is how many newcomers a second come in next, None where all do: then every push is taken, too.
        """
        self._admitted = _lately(self._admitted, admitted.total() / seconds)
        if rate is None:
            self._services.clear()
        else:
            for service in {name for name in refused if name} | self._services.keys():
                self._adjust(service, rate, seconds, admitted[service], refused[service])
        self._taken, self._refused = Counter(), Counter()

    def _adjust(self, service: str, rate: float, seconds: float, admitted: int, refused: int) -> None:
        known = self._services.setdefault(service, _Service())
        known.admitted = _lately(known.admitted, admitted / seconds)
        known.refused = _lately(known.refused, refused / seconds)
        share = min(1.0, known.admitted / self._admitted) if known.admitted else 1.0
        waiting = known.refused / max(1.0, known.admitted)
        earned = pushes_taken(rate, share=share, waiting=waiting) * seconds
        known.tokens = min(max(known.tokens, 0) + earned, 2 * max(1.0, earned))
        known.back = come_back(LATER * (self._taken[service] + self._refused[service]), self._taken[service])


def _lately(before: float, last: float) -> float:
    return last if not before else before + SMOOTHING * (last - before)

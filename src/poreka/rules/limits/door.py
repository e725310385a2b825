"""How many people are let in while there is more to do than can be done: the rule of the door.

Two waits tell whether there is too much: the wait for a password to be hashed, and how long the process takes to come
round to what is due. Each is measured against what is bearable (`overload` is the worse of the two ratios). Above 1
newcomers are let in more slowly than work is finished, below 1 more quickly than before, so that the wait settles at
what is bearable and whoever was let in finishes. Each service gets an equal share; what one does not ask for, the
others get.
"""

from collections.abc import Iterable
from dataclasses import dataclass

INTERVAL = 0.5  # seconds between two adjustments
SLOWEST = 2.0  # newcomers a second, whatever happens
SOONEST, LATEST = 5, 60  # seconds after which whoever was turned away comes back
LIFTED_BELOW = 0.5  # of what is bearable: the door is wide open again
WAITING = 0.5  # newcomers turned away for each who is let in: so many keep the door busy, more need not be sent to it
PUSHED_AT_LEAST = 0.8  # for each who may be let in, so that those who wait at the door become fewer


@dataclass(frozen=True, slots=True, kw_only=True)
class DoorLimits:
    """What is bearable: requests under way of each kind of visitor, and waits in seconds."""

    programs: int = 256
    inside: int = 256
    newcomers: int = 64
    password_wait: float = 1.0
    loop_wait: float = 0.01
    request_seconds: float = 15.0


def next_rate(rate: float | None, *, overload: float, finished: float, admitted: float, refused: int) -> float | None:
    """Newcomers a second in the next interval, or None where everyone is let in.

    `finished` and `admitted` are passwords hashed and newcomers let in a second, lately; `refused` were turned away in
    the last interval.
    """
    if rate is None and overload < 1:
        return None
    if overload < 1:
        wide_open = overload < LIFTED_BELOW and not refused
        return None if wide_open else max(SLOWEST, finished, rate or 0) * (1.5 - overload / 2)
    lately = finished or (admitted if rate is None else min(admitted, rate))
    return max(SLOWEST, lately * max(0.3, 1.5 - overload / 2))


def pushes_taken(rate: float, *, share: float, waiting: float) -> float:
    """Pushed requests a second that are taken from a service whose people are turned away at the door.

    They are the service's share of those let in, somewhat more while fewer wait at the door than keep it busy, and less
    while more do. `waiting` is how many of its newcomers were turned away for each who was let in, lately.
    """
    return max(SLOWEST, rate * share * max(PUSHED_AT_LEAST, 1.25 - waiting / WAITING / 4))


def fair_share(demands: Iterable[float], capacity: float) -> float:
    """How much each may have at most, so that all together have no more than `capacity` (max-min fairness)."""
    left, waiting = capacity, sorted(demands)
    for place, demand in enumerate(waiting):
        share = left / (len(waiting) - place)
        if demand >= share:
            return share
        left -= demand
    return capacity


def come_back(asked: int, admitted: int) -> tuple[int, int]:
    """The seconds between which those who are turned away come back, each after some of their own.

    The more ask for each who is let in, the later: else turning people away again and again is most of the work.
    """
    latest = min(LATEST, 3 * SOONEST * max(1, asked // (4 * max(1, admitted))))
    return max(SOONEST, latest // 3), latest

"""The door of a process: before any work is begun, it lets a request in or tells it to come back later.

There are three lanes, each with a bound of its own on the requests under way: relying parties' programs, people who are
inside (signed in, or in a journey that has begun) and newcomers. Load turns away newcomers only, so that whoever was
let in finishes; the rule is `rules/limits/door.py`. `Door` looks into no database and costs a few microseconds a
request. So a forged session cookie leads into the lane of those inside; when its session is looked for and not found,
`let_in_after_all` counts the request as a newcomer's. Services whose people are turned away may push no more requests
than can be let in (`push_gate.py`).
"""

import asyncio
import secrets
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum

from starlette.requests import Request

from poreka.rules.limits.door import INTERVAL, DoorLimits, come_back, fair_share, next_rate
from poreka.store.deadline import TooBusy
from poreka.web.door.push_gate import PushGate

RETRY_AFTER_PROGRAM = 5
SMOOTHING = 0.5  # weight of the last interval in what is called "lately"
SAMPLES = 10  # of the loop's delay in an interval, before it counts


class Lane(Enum):
    """Who sends a request; each lane has its own bound."""

    PROGRAMS = "programs"
    INSIDE = "inside"
    NEWCOMERS = "newcomers"


@dataclass(slots=True)
class _Interval:
    """What happened since the last adjustment."""

    began: float
    asked: Counter[str] = field(default_factory=Counter)
    admitted: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    loop_delay: float = 0.0
    samples: int = 0


class Door:
    """The door of one process.

    `password_wait()` is how many seconds a password would wait now to be hashed, `hashed()` how many have been hashed.
    """

    def __init__(
        self,
        limits: DoorLimits,
        password_wait: Callable[[], float],
        hashed: Callable[[], int],
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self.limits = limits
        self._password_wait, self._hashed, self._now = password_wait, hashed, now
        self._most = {Lane.PROGRAMS: limits.programs, Lane.INSIDE: limits.inside, Lane.NEWCOMERS: limits.newcomers}
        self._under_way = dict.fromkeys(Lane, 0)
        self._interval = _Interval(began=now())
        self._hashed_before = hashed()
        self._finished = self._admitted = 0.0  # passwords hashed and newcomers let in, a second, lately
        self._rate: float | None = None  # newcomers a second; None: everyone is let in
        self._share = 0.0  # newcomers of one service that may come in within an interval
        self._tokens = 0.0  # newcomers that may still come in now
        self._delayed = 0.0  # the loop's delay in the interval before; 1 is the most that is bearable
        self._back = come_back(0, 0)  # the seconds between which people come back
        self._pushes = PushGate()
        self.closing = False  # the process is about to end: answers say that the connection closes

    def enter(self, lane: Lane, service: str = "") -> None:
        """Let a request in, to be followed by `leave`; raises `TooBusy`. `service` sent the newcomer here, if known."""
        if self._under_way[lane] >= self._most[lane]:
            raise TooBusy(f"{lane.value}: too many requests under way", self.retry_after(lane))
        if lane is Lane.NEWCOMERS:
            self.let_in(service)
        self._under_way[lane] += 1

    def leave(self, lane: Lane) -> None:
        """End a request that `enter` let in."""
        self._under_way[lane] -= 1

    def let_in(self, service: str) -> None:
        """Count a newcomer, or raise `TooBusy` when no more may come in now."""
        self._adjust()
        interval = self._interval
        interval.asked[service] += 1
        if self._rate is not None and (self._tokens < 1 or interval.admitted[service] + 1 > max(1, self._share)):
            interval.refused[service] += 1
            raise TooBusy("newcomers: more than can be served", self.retry_after(Lane.NEWCOMERS))
        self._tokens -= 1
        interval.admitted[service] += 1

    def ask_to_push(self, service: str) -> None:
        """Raises `TooBusy` while more people of the service were pushed than can be let in. `pushed` counts pushes."""
        self._adjust()
        if (back := self._pushes.back_after(service)) is not None:
            raise TooBusy("pushed requests: more than can be let in", _some_time(back))

    def pushed(self, service: str) -> None:
        """Count a pushed request. Called once its client is proven, so that impostors use up nothing of a service's."""
        self._pushes.taken(service)

    def retry_after(self, lane: Lane) -> int:
        """Seconds after which to try again: for people a random number, so that they do not come back all at once."""
        return RETRY_AFTER_PROGRAM if lane is Lane.PROGRAMS else _some_time(self._back)

    def feel(self, loop: asyncio.AbstractEventLoop) -> None:
        """Measure how late the event loop is: how long it takes until it runs a callback that is due now."""
        loop.call_soon(self._came_round, self._now())

    def _came_round(self, asked_at: float) -> None:
        self._interval.loop_delay += self._now() - asked_at
        self._interval.samples += 1

    def _adjust(self) -> None:
        """Once an interval is over, set the rate of the next one by what was counted and measured in it."""
        ended, now = self._interval, self._now()
        seconds = now - ended.began
        if seconds < INTERVAL:
            return
        hashed = self._hashed()
        self._finished = _lately(self._finished, (hashed - self._hashed_before) / seconds)
        self._admitted = _lately(self._admitted, ended.admitted.total() / seconds)
        passwords = self._password_wait() / self.limits.password_wait
        delayed = ended.loop_delay / ended.samples / self.limits.loop_wait if ended.samples >= SAMPLES else 0.0
        # Late in two intervals running: a page that is made for the first time delays the loop once, and is no load.
        loop, self._delayed = min(delayed, self._delayed), delayed
        self._rate = next_rate(
            self._rate,
            overload=max(passwords, loop),
            finished=self._finished if passwords >= loop else 0.0,  # where the loop is what is late, hashes say nothing
            admitted=self._admitted,
            refused=ended.refused.total() + self._pushes.refused,
        )
        self._pushes.adjust(self._rate, seconds, ended.admitted, ended.refused)
        self._back = come_back(ended.asked.total(), ended.admitted.total())
        if self._rate is not None:
            self._tokens = min(max(self._tokens, 0) + self._rate * INTERVAL, 2 * max(1.0, self._rate * INTERVAL))
            self._share = fair_share([asked * INTERVAL / seconds for asked in ended.asked.values()], self._tokens)
        self._hashed_before, self._interval = hashed, _Interval(began=now)


def let_in_after_all(request: Request, door: Door, service: str = "") -> None:
    """Count a request as a newcomer's that was let in by its session cookie, but has no session; raises `TooBusy`."""
    if request.state.lane is Lane.INSIDE:
        door.let_in(service)


def _some_time(between: tuple[int, int]) -> int:
    soonest, latest = between
    return soonest + secrets.randbelow(latest - soonest + 1)


def _lately(before: float, last: float) -> float:
    return last if not before else before + SMOOTHING * (last - before)

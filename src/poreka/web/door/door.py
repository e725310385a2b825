"""The door of a process: who is let in when there is more to do than can be done, decided before any work is begun.

Three lanes, each with a bound of its own on what is under way: relying parties' programs, people who are inside (signed
in, or in a journey that has begun) and newcomers. Only newcomers are turned away because of load, so that whoever was
let in finishes; the rule is `rules/limits/door.py`. It costs a few microseconds a request and looks into no database: a
forged cookie leads into the lane of those inside, where the first look at the session leads back (`let_in_after_all`).
Services whose people are turned away push no more requests than can be let in (`push_gate.py`).
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
    """Who asks: by this a request is let in or turned away."""

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
    """One for a process; `password_wait` tells how long a password would wait now, `hashed` how many were hashed."""

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
        self._finished = self._admitted = 0.0  # a second, lately
        self._rate: float | None = None
        self._share = self._tokens = 0.0
        self._delayed = 0.0  # the loop in the interval before, as a share of what is bearable
        self._back = come_back(0, 0)
        self._pushes = PushGate()
        self.closing = False  # the process is about to end: answers say that the connection closes

    def enter(self, lane: Lane, service: str = "") -> None:
        """Let a request in, to be followed by `leave`; raises `TooBusy`. `service` is whom a newcomer comes from."""
        if self._under_way[lane] >= self._most[lane]:
            raise TooBusy(f"{lane.value}: too many requests under way", self.retry_after(lane))
        if lane is Lane.NEWCOMERS:
            self.let_in(service)
        self._under_way[lane] += 1

    def leave(self, lane: Lane) -> None:
        """The request was answered."""
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
        """Raises `TooBusy` while more people of the service were pushed than can be let in. It counts nothing yet."""
        self._adjust()
        if (back := self._pushes.back_after(service)) is not None:
            raise TooBusy("pushed requests: more than can be let in", _some_time(back))

    def pushed(self, service: str) -> None:
        """A request of the service was taken, its client proven: who only claims to be it uses up nothing."""
        self._pushes.taken(service)

    def retry_after(self, lane: Lane) -> int:
        """Seconds after which to try again: of people each some of their own, so that no wave comes back."""
        return RETRY_AFTER_PROGRAM if lane is Lane.PROGRAMS else _some_time(self._back)

    def feel(self, loop: asyncio.AbstractEventLoop) -> None:
        """Note how long the process takes to come round to what is due now."""
        loop.call_soon(self._came_round, self._now())

    def _came_round(self, asked_at: float) -> None:
        self._interval.loop_delay += self._now() - asked_at
        self._interval.samples += 1

    def _adjust(self) -> None:
        last, now = self._interval, self._now()
        seconds = now - last.began
        if seconds < INTERVAL:
            return
        hashed = self._hashed()
        self._finished = _lately(self._finished, (hashed - self._hashed_before) / seconds)
        self._admitted = _lately(self._admitted, last.admitted.total() / seconds)
        passwords = self._password_wait() / self.limits.password_wait
        delayed = last.loop_delay / last.samples / self.limits.loop_wait if last.samples >= SAMPLES else 0.0
        loop, self._delayed = min(delayed, self._delayed), delayed  # a page made for the first time is no load
        self._rate = next_rate(
            self._rate,
            overload=max(passwords, loop),
            finished=self._finished if passwords >= loop else 0.0,  # passwords measure nothing that they do not hinder
            admitted=self._admitted,
            refused=last.refused.total() + self._pushes.refused,
        )
        self._pushes.adjust(self._rate, seconds, last.admitted, last.refused)
        self._back = come_back(last.asked.total(), last.admitted.total())
        if self._rate is not None:
            self._tokens = min(max(self._tokens, 0) + self._rate * INTERVAL, 2 * max(1.0, self._rate * INTERVAL))
            self._share = fair_share([asked * INTERVAL / seconds for asked in last.asked.values()], self._tokens)
        self._hashed_before, self._interval = hashed, _Interval(began=now)


def let_in_after_all(request: Request, door: Door, service: str = "") -> None:
    """Somebody came with a session's cookie but without a session: a newcomer. Raises `TooBusy`."""
    if request.state.lane is Lane.INSIDE:
        door.let_in(service)


def _some_time(between: tuple[int, int]) -> int:
    soonest, latest = between
    return soonest + secrets.randbelow(latest - soonest + 1)


def _lately(before: float, last: float) -> float:
    return last if not before else before + SMOOTHING * (last - before)

"""The door and its gate in a model: one core in virtual time, and people who come back when they are told to.

Two processes share the core. Requests are served first, passwords are hashed in what is left; every piece of work takes
about as long as was measured. What the model leaves out is the wait for a database.
"""

import heapq
import random
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count

import pytest

from poreka.rules.limits.door import DoorLimits
from poreka.store.deadline import TooBusy
from poreka.web.door.door import Door

HASHING, REQUESTS, PUSH = 0.0155, 0.0175, 0.001  # seconds of the core that a sign-in takes
TURNED_AWAY, PUSH_TURNED_AWAY = 0.00025, 0.00018
CAPACITY = 1 / (HASHING + REQUESTS + PUSH)
STEP, PATIENCE, PUSHED_LIFE, FILLING = 0.002, 60.0, 60.0, 5.0


class Worker:
    """One process: its door, and the passwords that wait."""

    def __init__(self, now: Callable[[], float]) -> None:
        self.waiting: deque[None] = deque()
        self.left: float | None = None  # of the password that is hashed now
        self.began, self.seconds, self.hashed = 0.0, 0.03, 0
        self.door = Door(DoorLimits(), self._wait, lambda: self.hashed, now)

    def _wait(self) -> float:
        return 0.0 if self.left is None else (len(self.waiting) + 1) * self.seconds


@dataclass
class Core:
    """What happens, and when."""

    one_takes_all_pushes: bool
    now: float = 0.0
    work: float = 0.0  # of requests, not done yet
    arrived: int = 0
    chance: random.Random = field(default_factory=lambda: random.Random(1))

    def __post_init__(self) -> None:
        self.workers = [Worker(lambda: self.now) for _ in range(2)]
        self._order, self._events = count(), list[tuple[float, int, Callable[[], None]]]()

    def at(self, when: float, what: Callable[[], None]) -> None:
        heapq.heappush(self._events, (when, next(self._order), what))

    def push(self, worker: Worker, born: float) -> None:
        try:
            worker.door.ask_to_push("crowd")
        except TooBusy as busy:
            self.work += PUSH_TURNED_AWAY
            if self.now - born < PATIENCE:
                self.at(self.now + busy.retry_seconds, lambda: self.push(worker, born))
            return
        worker.door.pushed("crowd")
        self.work += PUSH
        there, pushed = self._somewhere() if self.one_takes_all_pushes else worker, self.now
        self.at(self.now + 0.005, lambda: self.authorize(there, pushed))

    def authorize(self, worker: Worker, pushed: float) -> None:
        try:
            worker.door.let_in("crowd")
        except TooBusy as busy:
            self.work += TURNED_AWAY
            if self.now - pushed < PUSHED_LIFE:
                self.at(self.now + busy.retry_seconds, lambda: self.authorize(worker, pushed))
            return
        self.work += REQUESTS / 2
        self.at(self.now + 0.04, lambda: worker.waiting.append(None))

    def run(self, a_second: float, seconds: float) -> float:
        """How many a second arrive in the end, after the first seconds."""
        when = 0.0
        while (when := when + self.chance.expovariate(a_second)) < seconds:
            self.at(when, lambda born=when: self.push(self._at_first(), born))  # type: ignore[misc]
        while self.now < seconds:
            self.now += STEP
            while self._events and self._events[0][0] <= self.now:
                heapq.heappop(self._events)[2]()
            for_requests = min(STEP, self.work)
            self.work -= for_requests
            self._hash(STEP - for_requests)
        return self.arrived / (seconds - FILLING)

    def _hash(self, free: float) -> None:
        for worker in self.workers:
            if worker.left is None and worker.waiting:
                worker.waiting.popleft()
                worker.left, worker.began = HASHING, self.now
        busy = [worker for worker in self.workers if worker.left is not None]
        for worker in busy:
            worker.left = (worker.left or 0) - free / len(busy)
            if worker.left <= 0:
                worker.left = None
                worker.hashed += 1
                worker.seconds += 0.1 * (self.now - worker.began - worker.seconds)
                self.work += REQUESTS / 2
                self.arrived += self.now > FILLING

    def _somewhere(self) -> Worker:
        return self.chance.choice(self.workers)

    def _at_first(self) -> Worker:
        return self.workers[0] if self.one_takes_all_pushes else self._somewhere()


@pytest.mark.parametrize("one_takes_all_pushes", [False, True])
@pytest.mark.parametrize("times", [1.2, 3, 6])
def test_of_many_times_as_many_as_can_be_served_nine_tenths_of_those_are(
    times: float, one_takes_all_pushes: bool
) -> None:
    arrived = Core(one_takes_all_pushes).run(times * CAPACITY, 35.0)
    assert arrived >= 0.9 * CAPACITY


def test_of_fewer_than_can_be_served_everyone_is() -> None:
    assert Core(one_takes_all_pushes=False).run(0.7 * CAPACITY, 35.0) >= 0.65 * CAPACITY

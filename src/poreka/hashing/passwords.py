"""Who may have a password hashed, and when: a bounded number at a time, and a bounded wait for everyone else.

When as many are computed as may be, the others wait their turn, but no request longer than `PATIENCE`: who would have
to wait longer is told before any work is begun, and what somebody no longer waits for is not done. An unknown name
costs the same as a wrong password. Hashing itself: `hashing.py`.
"""

import asyncio
import time
from collections import deque
from collections.abc import Coroutine
from typing import Any, TypeVar

from poreka.hashing.hashing import LANES, MEMORY_KIB, PASSES, Hashing, InThreads
from poreka.store.deadline import TooBusy, nobody_waits, patience

T = TypeVar("T")

PASSWORD_LIMIT = 128  # characters; longer ones are refused before they cost anything
PATIENCE = 5.0  # seconds that somebody waits for their turn at most
COMPUTED_WITHIN = 10.0  # seconds that somebody waits for the answer, once it is their turn
AT_A_TIME = 2
RETRY_SECONDS = 5
SMOOTHING = 0.1  # weight of the last password in how long one takes
NO_ONES = f"$argon2id$v=19$m={MEMORY_KIB},t={PASSES},p={LANES}${'A' * 22}${'A' * 43}"
"""A hash that no password has, and that costs as much to compare with as anyone's, from the first time on."""


class Passwords:
    """Hashes and checks passwords, at most `at_a_time`."""

    def __init__(self, at_a_time: int = AT_A_TIME) -> None:
        self._hashing: Hashing = InThreads(at_a_time)
        self._most, self._running = at_a_time, 0
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._seconds = 0.03  # that one takes, lately
        self.hashed = 0

    def compute_in(self, hashing: Hashing, at_a_time: int) -> None:
        """From now on elsewhere: to be said before anything is hashed."""
        self._hashing, self._most = hashing, at_a_time

    async def hash(self, password: str) -> str:
        """The hash of a new password, in the PHC string format; raises `TooBusy`."""
        return await self._run(self._hashing.hashed(password))

    async def matches(self, stored: str | None, password: str) -> bool:
        """Whether the password is the one hashed; with `stored` None it takes as long and is False.

        Raises `TooBusy`.
        """
        if len(password) > PASSWORD_LIMIT:
            return False
        right = self._hashing.verified(NO_ONES if stored is None else stored, password)
        return await self._run(right) and stored is not None

    def wait(self) -> float:
        """How long a password would wait now for its turn, in seconds."""
        return 0.0 if self._running < self._most else (len(self._waiting) + 1) * self._seconds / self._most

    def make_room(self) -> None:
        """Raise `TooBusy` when a password would wait too long: to be asked before a try is counted."""
        longest = patience(PATIENCE)
        if longest is not None and self.wait() > longest:
            raise TooBusy("too many passwords wait", RETRY_SECONDS)

    async def _run(self, computed: Coroutine[Any, Any, T]) -> T:
        try:
            await self._turn()
            if await nobody_waits():
                self._next()
                raise TooBusy("who asked has left", RETRY_SECONDS)
        except BaseException:
            computed.close()
            raise
        began = time.monotonic()
        done = asyncio.ensure_future(computed)
        done.add_done_callback(lambda _: self._note(time.monotonic() - began))
        try:
            async with asyncio.timeout(patience(COMPUTED_WITHIN)):
                return await asyncio.shield(done)  # it cannot be ended half-way: its place is free when it is done
        except TimeoutError as error:
            done.add_done_callback(lambda late: late.cancelled() or late.exception())  # nobody waits for it any more
            raise TooBusy("a password was not computed in time", RETRY_SECONDS) from error

    def _note(self, seconds: float) -> None:
        self._seconds += SMOOTHING * (seconds - self._seconds)
        self.hashed += 1
        self._next()

    async def _turn(self) -> None:
        self.make_room()
        if self._running < self._most:
            self._running += 1
            return
        turn = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        try:
            async with asyncio.timeout(patience(PATIENCE)):
                await turn
        except BaseException as error:
            if turn.done() and not turn.cancelled():
                self._next()
            elif turn in self._waiting:
                self._waiting.remove(turn)
            if isinstance(error, TimeoutError):
                raise TooBusy("the turn of a password did not come in time", RETRY_SECONDS) from error
            raise

    def _next(self) -> None:
        """A place is free: for whoever waits longest."""
        while self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(None)
                return
        self._running -= 1

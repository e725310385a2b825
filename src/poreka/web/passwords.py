"""Password hashing: argon2id with OWASP's parameters, in a bounded pool of threads; bcrypt is compared with too.

19 MiB, two passes, one lane: 15–26 ms a password, which is what limits sign-ins per core. When the pool is full the
others wait their turn, but no request longer than `PATIENCE`: who would have to wait longer is told before any work is
begun, and what somebody no longer waits for is not done. The threads have a lower priority than the process that
answers. An unknown name costs the same as a wrong password.
"""

import asyncio
import os
import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import TypeVar

import bcrypt
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from poreka.rules.password_hashes import is_bcrypt
from poreka.store.deadline import TooBusy, nobody_waits, patience

T = TypeVar("T")

PASSWORD_LIMIT = 128  # characters; longer ones are refused before they cost anything
BCRYPT_BYTES = 72  # of a password are all that bcrypt looks at
PATIENCE = 5.0  # seconds that somebody waits for their turn at most
NICENESS = 10
RETRY_SECONDS = 5
SMOOTHING = 0.1  # weight of the last password in how long one takes
_MEMORY_KIB, _PASSES, _LANES = 19 * 1024, 2, 1
NO_ONES = f"$argon2id$v=19$m={_MEMORY_KIB},t={_PASSES},p={_LANES}${'A' * 22}${'A' * 43}"
"""A hash that no password has, and that costs as much to compare with as anyone's, from the first time on."""


class Passwords:
    """Hashes and checks passwords, at most `threads` at a time."""

    def __init__(self, threads: int = 2) -> None:
        self._hasher = PasswordHasher(time_cost=_PASSES, memory_cost=_MEMORY_KIB, parallelism=_LANES)
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="argon2", initializer=_yield_to_others)
        self._threads, self._running = threads, 0
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._seconds = 0.03  # that one takes, lately
        self.hashed = 0

    async def hash(self, password: str) -> str:
        """The hash of a new password, in the PHC string format; raises `TooBusy`."""
        return await self._run(self._hasher.hash, password)

    async def matches(self, stored: str | None, password: str) -> bool:
        """Whether the password is the one hashed; with `stored` None it takes as long and is False.

        Raises `TooBusy`.
        """
        if len(password) > PASSWORD_LIMIT:
            return False
        return await self._run(self._verify, NO_ONES if stored is None else stored, password) and stored is not None

    def wait(self) -> float:
        """How long a password would wait now for its turn, in seconds."""
        return 0.0 if self._running < self._threads else (len(self._waiting) + 1) * self._seconds / self._threads

    def make_room(self) -> None:
        """Raise `TooBusy` when a password would wait too long: to be asked before a try is counted."""
        longest = patience(PATIENCE)
        if longest is not None and self.wait() > longest:
            raise TooBusy("too many passwords wait", RETRY_SECONDS)

    def _verify(self, stored: str, password: str) -> bool:
        if is_bcrypt(stored):
            return bcrypt.checkpw(password.encode()[:BCRYPT_BYTES], stored.encode())
        try:
            return self._hasher.verify(stored, password)
        except (VerificationError, InvalidHashError):
            return False

    async def _run(self, function: Callable[..., T], *args: str) -> T:
        await self._turn()
        if await nobody_waits():
            self._next()
            raise TooBusy("who asked has left", RETRY_SECONDS)
        began = time.monotonic()
        done = asyncio.get_running_loop().run_in_executor(self._pool, function, *args)
        done.add_done_callback(lambda _: self._note(time.monotonic() - began))
        return await asyncio.shield(done)  # a thread cannot be ended: its place is free when it is done

    def _note(self, seconds: float) -> None:
        self._seconds += SMOOTHING * (seconds - self._seconds)
        self.hashed += 1
        self._next()

    async def _turn(self) -> None:
        self.make_room()
        if self._running < self._threads:
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
        """A thread is free: for whoever waits longest."""
        while self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(None)
                return
        self._running -= 1


def _yield_to_others() -> None:
    """On Linux a thread has a priority of its own; elsewhere nothing changes."""
    with suppress(OSError, AttributeError):
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICENESS)

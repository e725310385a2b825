"""Password hashing itself: argon2id with OWASP's parameters; bcrypt is compared with too.

19 MiB, two passes, one lane: 15–26 ms a password, which is what limits sign-ins per core. A thread computes it, or a
process of its own (`processes.py`); whose turn it is: `passwords.py`.
"""

import asyncio
import json
import os
import signal
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Protocol, TypeVar

import bcrypt
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from poreka.rules.passwords.hashes import is_bcrypt

T = TypeVar("T")

NICENESS = 19  # of a hashing process, where the system has no SCHED_IDLE
BCRYPT_BYTES = 72  # of a password are all that bcrypt looks at
MEMORY_KIB, PASSES, LANES = 19 * 1024, 2, 1
_HASHER = PasswordHasher(time_cost=PASSES, memory_cost=MEMORY_KIB, parallelism=LANES)


def hashed(password: str) -> str:
    """A new hash in the PHC string format."""
    return _HASHER.hash(password)


def verified(stored: str, password: str) -> bool:
    """Whether the password is the one hashed; False also where `stored` is no hash, or the password no text."""
    try:
        if is_bcrypt(stored):
            return bcrypt.checkpw(password.encode()[:BCRYPT_BYTES], stored.encode())
        return _HASHER.verify(stored, password)
    except (VerificationError, InvalidHashError, UnicodeEncodeError):
        return False


class Hashing(Protocol):
    """Computes hashes away from the event loop; never more at a time than it has threads or processes."""

    async def hashed(self, password: str) -> str: ...

    async def verified(self, stored: str, password: str) -> bool: ...


class InThreads:
    """In threads of this process: for a process that serves few people."""

    def __init__(self, threads: int) -> None:
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="argon2")

    async def hashed(self, password: str) -> str:
        """Run `hashed` in a thread."""
        return await self._run(hashed, password)

    async def verified(self, stored: str, password: str) -> bool:
        """Run `verified` in a thread."""
        return await self._run(verified, stored, password)

    async def _run(self, function: Callable[..., T], *args: str) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._pool, function, *args)


def _give_way() -> None:
    """Let other processes go first: on Linux run only while none of them wants the core, elsewhere less often."""
    if hasattr(os, "SCHED_IDLE"):
        os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))
    else:
        os.nice(NICENESS)


def _answer_all() -> None:
    """Answer each line of standard input until it ends: hash `[password]`, verify `[stored, password]`.

    Signals that reach the whole process group are ignored: the process that asks ends this one by closing its input.
    """
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    _give_way()
    for line in sys.stdin.buffer:
        question = json.loads(line)
        answer = verified(*question) if len(question) > 1 else hashed(*question)
        with suppress(BrokenPipeError):
            sys.stdout.buffer.write(json.dumps(answer).encode() + b"\n")
            sys.stdout.buffer.flush()


if __name__ == "__main__":
    _answer_all()

"""Password hashing: argon2id with OWASP's parameters, in a bounded pool of threads; bcrypt is compared with too.

19 MiB, two passes, one lane: 15–26 ms a password, which is what limits sign-ins per core. When the
pool is full the others wait their turn. An unknown name costs the same as a wrong password.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import bcrypt
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from poreka.rules.password_hashes import is_bcrypt

T = TypeVar("T")

PASSWORD_LIMIT = 128  # characters; longer ones are refused before they cost anything
BCRYPT_BYTES = 72  # of a password are all that bcrypt looks at
_MEMORY_KIB, _PASSES, _LANES = 19 * 1024, 2, 1
NO_ONES = f"$argon2id$v=19$m={_MEMORY_KIB},t={_PASSES},p={_LANES}${'A' * 22}${'A' * 43}"
"""A hash that no password has, and that costs as much to compare with as anyone's, from the first time on."""


class Passwords:
    """Hashes and checks passwords, at most `threads` at a time."""

    def __init__(self, threads: int = 2) -> None:
        self._hasher = PasswordHasher(time_cost=_PASSES, memory_cost=_MEMORY_KIB, parallelism=_LANES)
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="argon2")

    async def hash(self, password: str) -> str:
        """The hash of a new password, in the PHC string format."""
        return await self._run(self._hasher.hash, password)

    async def matches(self, stored: str | None, password: str) -> bool:
        """Whether the password is the one hashed; with `stored` None it takes as long and is False."""
        if len(password) > PASSWORD_LIMIT:
            return False
        return await self._run(self._verify, NO_ONES if stored is None else stored, password) and stored is not None

    def _verify(self, stored: str, password: str) -> bool:
        if is_bcrypt(stored):
            return bcrypt.checkpw(password.encode()[:BCRYPT_BYTES], stored.encode())
        try:
            return self._hasher.verify(stored, password)
        except (VerificationError, InvalidHashError):
            return False

    async def _run(self, function: Callable[..., T], *args: str) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._pool, function, *args)

"""The single-use gate: codes, `jti`, `request_uri`, proofs. A second row for the same thing cannot exist.

The gate is a unique key, so it holds across workers and machines without a lock. Its price: a row
per thing, kept until `sweep` removes it an hour after its expiry. The hour is for clocks that jump
back: what was swept could be used again if its own expiry were judged by an earlier clock. A row
that has expired but was not swept still counts as used, which errs on the safe side.
"""

import hashlib
from dataclasses import dataclass

from poreka.store.database import Database, Insert

LONGEST_VALUE = 256


@dataclass(frozen=True, slots=True)
class UsedOnce:
    """The gate by itself, for when nothing else is saved with the claim."""

    database: Database

    async def claim(self, kind: str, value: str, expires_at: int) -> None:
        """Use `value` up; raises `AlreadyThere` when it was used before."""
        await self.database.insert(claiming(kind, value, expires_at))


def claiming(kind: str, value: str, expires_at: int) -> Insert:
    """The row that uses `value` up, to be saved with what it allows; a long one is stored as its SHA-256."""
    if len(value) > LONGEST_VALUE:
        value = "sha256:" + hashlib.sha256(value.encode()).hexdigest()
    return Insert("used_once", {"kind": kind, "value": value, "expires_at": expires_at})

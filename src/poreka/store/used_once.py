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

    async def used(self, kind: str, value: str) -> bool:
        """Whether `value` was used up, and is remembered; to allow something, claim it instead."""
        sql = "SELECT 1 AS used FROM used_once WHERE kind = $1 AND value = $2"
        return await self.database.one(sql, kind, _stored(value)) is not None


def claiming(kind: str, value: str, expires_at: int) -> Insert:
    """The row that uses `value` up, to be saved with what it allows; a long one is stored as its SHA-256."""
    return Insert("used_once", {"kind": kind, "value": _stored(value), "expires_at": expires_at})


def _stored(value: str) -> str:
    return value if len(value) <= LONGEST_VALUE else "sha256:" + hashlib.sha256(value.encode()).hexdigest()

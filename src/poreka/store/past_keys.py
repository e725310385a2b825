"""The public halves of signing keys that sign no more: what was signed to last is verified by them.

A row is written in the transaction that retires the key and never changes. Private keys are not here; those in
use are in `signing_keys.py`. How a key is published and judged: `oidc.provider.lasting_signature`.
"""

from dataclasses import dataclass
from typing import Any

import msgspec

from poreka.store.database import Database, Insert


@dataclass(frozen=True, slots=True, kw_only=True)
class PastKey:
    """A key that signed from one moment to another; with `leaked_at` it proves nothing."""

    kid: str
    algorithm: str
    public_jwk: dict[str, Any]
    used_from: int
    used_until: int
    leaked_at: int | None = None


@dataclass(frozen=True, slots=True)
class PastKeys:
    """The past keys of one provider."""

    database: Database

    def adding(self, key: PastKey) -> Insert:
        """The row of a key that signs no more from now on."""
        return Insert(
            "past_keys",
            {
                "kid": key.kid,
                "algorithm": key.algorithm,
                "public_key": msgspec.json.encode(key.public_jwk).decode(),
                "used_from": key.used_from,
                "used_until": key.used_until,
                "leaked_at": key.leaked_at,
            },
        )

    async def all(self, algorithm: str) -> list[PastKey]:
        """Every past key of an algorithm, the last one first."""
        sql = "SELECT * FROM past_keys WHERE algorithm = $1 ORDER BY used_until DESC, kid"
        return [
            PastKey(
                kid=row["kid"],
                algorithm=row["algorithm"],
                public_jwk=msgspec.json.decode(row["public_key"]),
                used_from=row["used_from"],
                used_until=row["used_until"],
                leaked_at=row["leaked_at"],
            )
            for row in await self.database.all(sql, algorithm)
        ]

"""The system's own signing keys: private JWKs, sealed, each in a state of the rotation.

What becomes of a key when is `oidc.provider.key_rotation`; this remembers it. A move from one state
to the next is guarded, so that of two workers one carries it out.
"""

from dataclasses import dataclass, field
from typing import Literal

from poreka.store.database import Database, Insert, Row, Stale, Transaction, Value, Writer
from poreka.store.fresh import Fresh
from poreka.store.seal import Seal

KeyState = Literal["next", "current", "retired"]


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredKey:
    """One key; `private_jwk` is JSON, `since` is when it entered its state."""

    kid: str
    algorithm: str
    private_jwk: bytes = field(repr=False)
    state: KeyState
    since: int


@dataclass(frozen=True, slots=True)
class SigningKeys:
    """The keys of one system."""

    database: Database
    seal: Seal
    fresh: Fresh

    def adding(self, key: StoredKey) -> Insert:
        """The row of a new key; `AlreadyThere` when its algorithm has a current (or next) one already."""
        values: dict[str, Value] = {
            "kid": key.kid,
            "algorithm": key.algorithm,
            "private_key": self.seal.seal(key.private_jwk, _context(key.kid), self.fresh.bytes(12)),
            "state": key.state,
            "since": key.since,
        }
        return Insert("signing_keys", values)

    async def all(self) -> list[StoredKey]:
        """Every key, the one that changed last first."""
        sql = "SELECT * FROM signing_keys ORDER BY since DESC, kid"
        return [self._from_row(row) for row in await self.database.all(sql)]

    async def load(self, kid: str, within: Transaction) -> StoredKey | None:
        """One key, read within a transaction that is about to change it."""
        row = await within.one("SELECT * FROM signing_keys WHERE kid = $1", kid)
        return self._from_row(row) if row else None

    async def move(self, writer: Writer, kid: str, before: KeyState, after: KeyState, now: int) -> None:
        """Put a key into its next state; raises `Stale` when it is not in `before` (any more)."""
        sql = "UPDATE signing_keys SET state = $3, since = $4 WHERE kid = $1 AND state = $2"
        if not await writer.run(sql, kid, before, after, now):
            raise Stale("signing_keys")

    async def remove(self, writer: Writer, kid: str) -> None:
        """Forget a retired key; raises `Stale` when it is gone."""
        if not await writer.run("DELETE FROM signing_keys WHERE kid = $1 AND state = 'retired'", kid):
            raise Stale("signing_keys")

    def _from_row(self, row: Row) -> StoredKey:
        return StoredKey(
            kid=row["kid"],
            algorithm=row["algorithm"],
            private_jwk=self.seal.unseal(row["private_key"], _context(row["kid"])),
            state=row["state"],
            since=row["since"],
        )


def _context(kid: str) -> str:
    return f"signing_keys.private_key:{kid}"

"""The keys with which clerks sign in: the public half of each, and how often it was used.

A key that ended keeps its row for the audit, without its public half, and no query here finds it again. Using a key
writes the authenticator's own count in a guarded UPDATE: of two assertions that tell the same count at the same moment
one is `Stale`.
"""

from dataclasses import dataclass, field

from poreka.store.database import Database, Insert, Row, Stale, Writer


@dataclass(frozen=True, slots=True, kw_only=True)
class ClerkKey:
    """One key."""

    id: str
    clerk_id: str
    key_id: str
    public_key: bytes = field(repr=False)
    uses: int
    added_at: int
    used_at: int | None = None


@dataclass(frozen=True, slots=True)
class ClerkKeys:
    """The keys of one desk's clerks."""

    database: Database

    def adding(self, key: ClerkKey) -> Insert:
        """The row of a new key; `AlreadyThere` when a key of this name is in use."""
        return Insert("clerk_keys", {name: getattr(key, name) for name in ClerkKey.__slots__})

    async def by_key(self, key_id: str) -> ClerkKey | None:
        """The key of this name, unless it ended."""
        row = await self.database.one("SELECT * FROM clerk_keys WHERE key_id = $1 AND ended_at IS NULL", key_id)
        return _from_row(row) if row else None

    async def of_clerk(self, clerk_id: str) -> list[ClerkKey]:
        """A clerk's keys."""
        sql = "SELECT * FROM clerk_keys WHERE clerk_id = $1 AND ended_at IS NULL ORDER BY added_at, id"
        return [_from_row(row) for row in await self.database.all(sql, clerk_id)]

    async def use(self, writer: Writer, key: ClerkKey, uses: int, now: int) -> None:
        """The key was used; raises `Stale` when it was used or ended since it was read."""
        sql = "UPDATE clerk_keys SET uses = $3, used_at = $4 WHERE id = $1 AND uses = $2 AND ended_at IS NULL"
        if not await writer.run(sql, key.id, key.uses, uses, now):
            raise Stale("clerk_keys")

    async def end_all(self, writer: Writer, clerk_id: str, now: int) -> int:
        """Every key of a clerk opens nothing any more; returns how many that were."""
        sql = "UPDATE clerk_keys SET ended_at = $2, public_key = NULL WHERE clerk_id = $1 AND ended_at IS NULL"
        return await writer.run(sql, clerk_id, now)


def _from_row(row: Row) -> ClerkKey:
    return ClerkKey(**{name: row[name] for name in ClerkKey.__slots__})

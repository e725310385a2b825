"""The passkeys with which people sign in at a bank or a portal: the public half of each, and how often it was used.

A key that ended keeps its row for the audit, without its public half and its name, and no query here finds it again.
Using a key writes the authenticator's own count in a guarded UPDATE: of two assertions that tell the same count at the
same moment one is `Stale`. A synced key counts nothing; there `used_once` alone stops the second one.
"""

from dataclasses import dataclass, field

from poreka.store.database import Database, Insert, Row, Stale, Writer


@dataclass(frozen=True, slots=True, kw_only=True)
class Passkey:
    """One key; `may_sync` and `synced` are its backup flags (WebAuthn Level 3 §6.1.3)."""

    id: str
    person_id: str
    key_id: str
    name: str
    public_key: bytes = field(repr=False)
    uses: int
    may_sync: bool
    synced: bool
    added_at: int
    used_at: int | None = None


@dataclass(frozen=True, slots=True)
class Passkeys:
    """The passkeys of one system's people."""

    database: Database

    def adding(self, key: Passkey) -> Insert:
        """The row of a new key; `AlreadyThere` when a key of this name is in use."""
        return Insert("passkeys", {name: getattr(key, name) for name in Passkey.__slots__})

    async def by_key(self, key_id: str) -> Passkey | None:
        """The key of this name, unless it ended."""
        row = await self.database.one("SELECT * FROM passkeys WHERE key_id = $1 AND ended_at IS NULL", key_id)
        return _from_row(row) if row else None

    async def by_id(self, passkey_id: str) -> Passkey | None:
        """The key of this row, unless it ended."""
        row = await self.database.one("SELECT * FROM passkeys WHERE id = $1 AND ended_at IS NULL", passkey_id)
        return _from_row(row) if row else None

    async def of_person(self, person_id: str) -> list[Passkey]:
        """A person's keys, the oldest first."""
        sql = "SELECT * FROM passkeys WHERE person_id = $1 AND ended_at IS NULL ORDER BY id"
        return [_from_row(row) for row in await self.database.all(sql, person_id)]

    async def use(self, writer: Writer, key: Passkey, uses: int, now: int, *, synced: bool) -> None:
        """The key was used; raises `Stale` when it was used or ended since it was read."""
        sql = (
            "UPDATE passkeys SET uses = $3, used_at = $4, synced = $5 WHERE id = $1 AND uses = $2 AND ended_at IS NULL"
        )
        if not await writer.run(sql, key.id, key.uses, uses, now, synced):
            raise Stale("passkeys")

    async def end(self, writer: Writer, key: Passkey, now: int) -> None:
        """The key opens nothing any more; raises `Stale` when it ended since it was read."""
        if not await writer.run(f"{_END} id = $1 AND ended_at IS NULL", key.id, now):
            raise Stale("passkeys")

    async def end_all(self, writer: Writer, person_id: str, now: int) -> int:
        """Every key of a person opens nothing any more; returns how many that were."""
        return await writer.run(f"{_END} person_id = $1 AND ended_at IS NULL", person_id, now)


_END = "UPDATE passkeys SET ended_at = $2, public_key = NULL, name = '' WHERE"


def _from_row(row: Row) -> Passkey:
    values = {name: row[name] for name in Passkey.__slots__}
    return Passkey(**{**values, "may_sync": bool(row["may_sync"]), "synced": bool(row["synced"])})

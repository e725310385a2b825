"""Clerks of a desk: who they are, whether they still work there, and the link by which each registers a key.

A link is a code that is stored as a keyed hash, used once, and ends by itself. The PESEL is kept sealed and found by
a blind index, so that a case can be known as the clerk's own, and one person is one clerk. Their keys are
`clerk_keys.py`.
"""

import hashlib
import hmac
from dataclasses import dataclass, field

from poreka.rules.people.pesel import Pesel
from poreka.store.database import Database, Insert, Row, Stale, Transaction, Value, Writer
from poreka.store.fresh import Fresh
from poreka.store.seal import Seal


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskClerk:
    """One clerk."""

    id: str
    login: str
    name: str
    office: str
    pesel: Pesel = field(repr=False)
    added_at: int
    blocked_at: int | None = None
    link_until: int | None = None


@dataclass(frozen=True, slots=True)
class Clerks:
    """The clerks of one desk; `key` makes the links' hashes."""

    database: Database
    seal: Seal
    fresh: Fresh
    key: bytes

    def adding(self, new: DeskClerk) -> Insert:
        """The row of a new clerk; `AlreadyThere` when the login or the person is another clerk's."""
        values: dict[str, Value] = {
            "id": new.id,
            "login": new.login,
            "name": new.name,
            "office": new.office,
            "pesel": self.seal.seal(new.pesel.digits.encode(), _context(new.id), self.fresh.bytes(12)),
            "pesel_index": self.seal.index(new.pesel.digits, "pesel"),
            "added_at": new.added_at,
        }
        return Insert("clerks", values)

    async def every(self) -> list[DeskClerk]:
        """All clerks, by login."""
        return [self._from_row(row) for row in await self.database.all("SELECT * FROM clerks ORDER BY login")]

    async def load(self, clerk_id: str, within: Transaction | None = None) -> DeskClerk | None:
        """One clerk, blocked or not."""
        row = await (within or self.database).one("SELECT * FROM clerks WHERE id = $1", clerk_id)
        return self._from_row(row) if row else None

    async def by_login(self, login: str) -> DeskClerk | None:
        """The clerk of a login, blocked or not."""
        row = await self.database.one("SELECT * FROM clerks WHERE login = $1", login)
        return self._from_row(row) if row else None

    async def offer_link(self, writer: Writer, clerk_id: str, code: str, until: int) -> None:
        """A link for a key, in the place of an earlier one; raises `Stale` for a blocked clerk."""
        sql = "UPDATE clerks SET link_hash = $2, link_until = $3 WHERE id = $1 AND blocked_at IS NULL"
        if not await writer.run(sql, clerk_id, self._hash(code), until):
            raise Stale("clerks")

    async def of_link(self, code: str, now: int) -> DeskClerk | None:
        """Whose link this is, as long as it may be used."""
        sql = "SELECT * FROM clerks WHERE link_hash = $1 AND link_until > $2 AND blocked_at IS NULL"
        row = await self.database.one(sql, self._hash(code), now)
        return self._from_row(row) if row else None

    async def use_link(self, writer: Writer, code: str, now: int) -> None:
        """The link is used up; raises `Stale` when it was before, is over, or its clerk was blocked."""
        sql = (
            "UPDATE clerks SET link_hash = NULL, link_until = NULL"
            " WHERE link_hash = $1 AND link_until > $2 AND blocked_at IS NULL"
        )
        if not await writer.run(sql, self._hash(code), now):
            raise Stale("clerks")

    async def block(self, writer: Writer, clerk_id: str, now: int) -> bool:
        """From now on the clerk is none; False when that was so before."""
        sql = (
            "UPDATE clerks SET blocked_at = $2, link_hash = NULL, link_until = NULL"
            " WHERE id = $1 AND blocked_at IS NULL"
        )
        return await writer.run(sql, clerk_id, now) > 0

    def _hash(self, code: str) -> bytes:
        return hmac.digest(self.key, b"clerk-link\0" + code.encode(), hashlib.sha256)

    def _from_row(self, row: Row) -> DeskClerk:
        return DeskClerk(
            id=row["id"],
            login=row["login"],
            name=row["name"],
            office=row["office"],
            pesel=Pesel(self.seal.unseal(row["pesel"], _context(row["id"])).decode()),
            added_at=row["added_at"],
            blocked_at=row["blocked_at"],
            link_until=row["link_until"],
        )


def _context(clerk_id: str) -> str:
    return f"clerks.pesel:{clerk_id}"

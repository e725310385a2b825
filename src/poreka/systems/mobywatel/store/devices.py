"""Enrolled phones: the public key of each, how often it was used, and where a push message reaches it.

A removed phone keeps its row and its name for the history; its key and its subscription are gone, and no query here
finds its key again. Using a key writes the authenticator's own count in a guarded UPDATE: of two assertions that
tell the same count at the same moment one is `Stale`.
"""

from dataclasses import dataclass, field

from poreka.store.database import Database, Insert, Row, Stale, Transaction, Writer
from poreka.store.fresh import Fresh
from poreka.store.seal import Seal


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """One phone; `key` is None once it was removed."""

    id: str
    person_id: str
    name: str
    key_id: str
    key: bytes | None = field(repr=False)
    uses: int
    added_at: int
    used_at: int | None = None
    removed_at: int | None = None
    subscription: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Devices:
    """The phones of one app."""

    database: Database
    seal: Seal
    fresh: Fresh

    def adding(self, device: Device) -> Insert:
        """The row of a phone whose enrolment was confirmed."""
        return Insert(
            "devices",
            {
                "id": device.id,
                "person_id": device.person_id,
                "name": device.name,
                "key_id": device.key_id,
                "public_key": device.key,
                "uses": device.uses,
                "added_at": device.added_at,
                "used_at": device.used_at,
                "removed_at": device.removed_at,
                "subscription": None,
            },
        )

    async def by_key(self, key_id: str) -> Device | None:
        """The phone of a key, unless it was removed."""
        sql = "SELECT * FROM devices WHERE key_id = $1 AND removed_at IS NULL"
        row = await self.database.one(sql, key_id)
        return self._from_row(row) if row else None

    async def load(self, device_id: str, within: Transaction | None = None) -> Device | None:
        """One phone, removed or not."""
        row = await (within or self.database).one("SELECT * FROM devices WHERE id = $1", device_id)
        return self._from_row(row) if row else None

    async def of_person(self, person_id: str, within: Transaction | None = None) -> list[Device]:
        """A person's phones, the first to be enrolled first."""
        sql = "SELECT * FROM devices WHERE person_id = $1 AND removed_at IS NULL ORDER BY added_at, id"
        return [self._from_row(row) for row in await (within or self.database).all(sql, person_id)]

    async def every_of_person(self, person_id: str) -> list[Device]:
        """A person's phones with those that were removed."""
        sql = "SELECT * FROM devices WHERE person_id = $1 ORDER BY added_at, id"
        return [self._from_row(row) for row in await self.database.all(sql, person_id)]

    async def use(self, writer: Writer, device: Device, uses: int, now: int) -> None:
        """The key was used; raises `Stale` when it was used or removed since it was read."""
        sql = "UPDATE devices SET uses = $3, used_at = $4 WHERE id = $1 AND uses = $2 AND removed_at IS NULL"
        if not await writer.run(sql, device.id, device.uses, uses, now):
            raise Stale("devices")

    async def remove(self, writer: Writer, device_id: str, now: int) -> bool:
        """The key and the subscription are gone for good; False when they were gone before."""
        sql = (
            "UPDATE devices SET removed_at = $2, public_key = NULL, subscription = NULL"
            " WHERE id = $1 AND removed_at IS NULL"
        )
        return await writer.run(sql, device_id, now) > 0

    async def subscribe(self, writer: Writer, device_id: str, subscription: bytes | None) -> None:
        """Where push messages reach the phone from now on; None: nowhere."""
        sealed = (
            self.seal.seal(subscription, _context(device_id), self.fresh.bytes(12))
            if subscription is not None
            else None
        )
        sql = "UPDATE devices SET subscription = $2 WHERE id = $1 AND removed_at IS NULL"
        await writer.run(sql, device_id, sealed)

    def _from_row(self, row: Row) -> Device:
        sealed = row["subscription"]
        return Device(
            id=row["id"],
            person_id=row["person_id"],
            name=row["name"],
            key_id=row["key_id"],
            key=row["public_key"],
            uses=row["uses"],
            added_at=row["added_at"],
            used_at=row["used_at"],
            removed_at=row["removed_at"],
            subscription=self.seal.unseal(sealed, _context(row["id"])) if sealed is not None else None,
        )


def _context(device_id: str) -> str:
    return f"devices.subscription:{device_id}"

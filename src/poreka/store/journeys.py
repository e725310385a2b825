"""Journeys under way: the state of each sign-in, release or registration, sealed, bound to one browser.

Saving is guarded by a version: of two tabs that answer the same step, one is told `Stale` and shows
the step that is next now. What a state means is in `journeys/`; here it is JSON bytes.
"""

from dataclasses import dataclass, field, replace

from poreka.store.database import Database, Insert, Stale, Value, Writer
from poreka.store.fresh import Fresh
from poreka.store.seal import Seal


@dataclass(frozen=True, slots=True, kw_only=True)
class Journey:
    """One journey; `browser_hash` is the SHA-256 of the browser's own cookie."""

    id: str
    kind: str
    browser_hash: bytes
    state: bytes = field(repr=False)
    created_at: int
    expires_at: int
    version: int = 1


@dataclass(frozen=True, slots=True)
class Journeys:
    """The journeys of one system."""

    database: Database
    seal: Seal
    fresh: Fresh

    def adding(self, journey: Journey) -> Insert:
        """The row of a journey that begins."""
        values: dict[str, Value] = {
            "id": journey.id,
            "kind": journey.kind,
            "browser_hash": journey.browser_hash,
            "state": self._sealed(journey.id, journey.state),
            "version": journey.version,
            "created_at": journey.created_at,
            "expires_at": journey.expires_at,
        }
        return Insert("journeys", values)

    async def load(self, journey_id: str, browser_hash: bytes, now: int) -> Journey | None:
        """The journey, or None when it is another browser's, has expired, or never was."""
        sql = "SELECT * FROM journeys WHERE id = $1 AND browser_hash = $2 AND expires_at > $3"
        row = await self.database.one(sql, journey_id, browser_hash, now)
        if row is None:
            return None
        return Journey(
            id=row["id"],
            kind=row["kind"],
            browser_hash=row["browser_hash"],
            state=self.seal.unseal(row["state"], _context(journey_id)),
            created_at=row["created_at"],
            expires_at=row["expires_at"],
            version=row["version"],
        )

    async def save(self, writer: Writer, journey: Journey, state: bytes) -> Journey:
        """Put a new state in place of the one that was read; `Stale` when it changed or went meanwhile."""
        changed = await writer.run(
            "UPDATE journeys SET state = $3, version = version + 1 WHERE id = $1 AND version = $2",
            journey.id,
            journey.version,
            self._sealed(journey.id, state),
        )
        if not changed:
            raise Stale("journeys")
        return replace(journey, state=state, version=journey.version + 1)

    async def rebind(self, writer: Writer, journey_id: str, before: bytes, after: bytes) -> None:
        """The browser that holds this journey has another secret from now on; nobody else's journey is touched."""
        sql = "UPDATE journeys SET browser_hash = $3 WHERE id = $1 AND browser_hash = $2"
        await writer.run(sql, journey_id, before, after)

    async def remove(self, writer: Writer, journey_id: str) -> bool:
        """Forget a journey; False when it was gone already."""
        return await writer.run("DELETE FROM journeys WHERE id = $1", journey_id) > 0

    def _sealed(self, journey_id: str, state: bytes) -> bytes:
        return self.seal.seal(state, _context(journey_id), self.fresh.bytes(12))


def _context(journey_id: str) -> str:
    return f"journeys.state:{journey_id}"

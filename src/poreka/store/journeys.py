"""Journeys under way: the state of each sign-in, release or registration, sealed, bound to one browser.

`save` is guarded by a version: of two tabs that answer the same step, it raises `Stale` in one, which then shows the
step that is next now. A journey may have no row until something is done in it: `begin` seals it into a token for its
address, and the first `save` makes the row, so that whoever only looks leaves nothing behind. What a state means is
in the rules of each room; here it is JSON bytes.
"""

import base64
import hashlib
from dataclasses import dataclass, field, replace

import msgspec

from poreka.store.database import Database, Insert, Stale, Value, Writer
from poreka.store.fresh import ID_LENGTH, Fresh
from poreka.store.seal import CannotUnseal, Seal


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
    token: str = field(default="", repr=False)  # what `begin` made, where it began without a row

    @property
    def name(self) -> str:
        """What stands for this journey in an address: its token where it began with one, else its id."""
        return self.token or self.id


BEGUN = 0
"""The version of a journey that has no row yet (`Journeys.begin`): the first `save` makes it."""


@dataclass(frozen=True, slots=True)
class Journeys:
    """The journeys of one system."""

    database: Database
    seal: Seal
    fresh: Fresh

    def new(
        self, kind: str, browser_hash: bytes, state: msgspec.Struct, now: int, until: int, journey_id: str = ""
    ) -> Journey:
        """A journey that begins now in a browser, to be added; it has an id of its own unless one was promised."""
        return Journey(
            id=journey_id or self.fresh.id(),
            kind=kind,
            browser_hash=browser_hash,
            state=msgspec.json.encode(state),
            created_at=now,
            expires_at=until,
        )

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
        if journey.version == BEGUN:
            return await self._save_first(writer, replace(journey, state=state, version=BEGUN + 1))
        changed = await writer.run(
            "UPDATE journeys SET state = $3, version = version + 1 WHERE id = $1 AND version = $2",
            journey.id,
            journey.version,
            self._sealed(journey.id, state),
        )
        if not changed:
            raise Stale("journeys")
        return replace(journey, state=state, version=journey.version + 1)

    def begin(self, journey: Journey) -> str:
        """The token that stands for a new journey in its address, the journey sealed into it; no row is made."""
        begun = _Begun(journey.kind, journey.state, journey.created_at, journey.expires_at)
        context = _begun_context(journey.browser_hash)
        sealed = self.seal.seal(msgspec.msgpack.encode(begun), context, self.fresh.bytes(12))
        return base64.urlsafe_b64encode(sealed).decode().rstrip("=")

    async def load_begun(self, token: str, browser_hash: bytes, now: int) -> Journey | None:
        """The journey of a token that `begin` made: from its row if it has one by now, else from the token.

        None as for `load`. The id of its row is a hash of the token, so that each token has one row at most.
        """
        try:
            sealed = base64.b64decode(token + "=" * (-len(token) % 4), b"-_", validate=True)
        except ValueError:
            return None
        journey_id = base64.b32hexencode(hashlib.sha256(sealed).digest()).decode().lower()[:ID_LENGTH]
        if (kept := await self.load(journey_id, browser_hash, now)) is not None:
            return replace(kept, token=token)  # its address stays what it was
        try:
            begun = msgspec.msgpack.decode(self.seal.unseal(sealed, _begun_context(browser_hash)), type=_Begun)
        except CannotUnseal:
            return None
        if begun.expires_at <= now:
            return None
        return Journey(
            id=journey_id,
            kind=begun.kind,
            browser_hash=browser_hash,
            state=begun.state,
            created_at=begun.created_at,
            expires_at=begun.expires_at,
            version=BEGUN,
            token=token,
        )

    async def _save_first(self, writer: Writer, journey: Journey) -> Journey:
        changed = await writer.run(
            "INSERT INTO journeys (id, kind, browser_hash, state, version, created_at, expires_at)"
            " VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (id) DO NOTHING",
            journey.id,
            journey.kind,
            journey.browser_hash,
            self._sealed(journey.id, journey.state),
            journey.version,
            journey.created_at,
            journey.expires_at,
        )
        if not changed:
            raise Stale("journeys")
        return journey

    async def rebind(self, writer: Writer, journey_id: str, before: bytes, after: bytes) -> None:
        """Bind a journey to the browser's new secret; one of another browser stays as it is."""
        sql = "UPDATE journeys SET browser_hash = $3 WHERE id = $1 AND browser_hash = $2"
        await writer.run(sql, journey_id, before, after)

    async def remove(self, writer: Writer, journey_id: str) -> bool:
        """Forget a journey; False when it was gone already."""
        return await writer.run("DELETE FROM journeys WHERE id = $1", journey_id) > 0

    def _sealed(self, journey_id: str, state: bytes) -> bytes:
        return self.seal.seal(state, _context(journey_id), self.fresh.bytes(12))


class _Begun(msgspec.Struct, array_like=True):
    """What `begin` seals into a token. The seal's context is the browser's hash, so no other browser can open it."""

    kind: str
    state: bytes
    created_at: int
    expires_at: int


def _begun_context(browser_hash: bytes) -> str:
    return f"journeys.begun:{browser_hash.hex()}"


def _context(journey_id: str) -> str:
    return f"journeys.state:{journey_id}"

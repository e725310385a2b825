"""Browser sessions: who is signed in here, since when, by which factors.

A session is found by the SHA-256 of its cookie; its public name is `sid`, which stays the same when
the cookie changes (at a step-up, against fixation). Whether it still lives is decided by
`rules.session_life`, not here: an ended one is still found for a day, so that its owner is told so.
"""

from dataclasses import dataclass, field

import msgspec

from poreka.rules.levels import Factor
from poreka.rules.session_life import SessionTimes
from poreka.store.database import Database, Insert, Row, Stale, Transaction, Value, Writer
from poreka.store.fresh import Fresh, secret_hash
from poreka.store.seal import Seal


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One session; `details` is JSON of the kind of system it belongs to."""

    sid: str
    person_id: str
    auth_time: int
    started_at: int
    active_at: int
    ends_at: int
    factors: tuple[Factor, ...]
    details: bytes = field(default=b"{}", repr=False)

    @property
    def times(self) -> SessionTimes:
        """What `rules.session_life` decides by."""
        return SessionTimes(started_at=self.started_at, active_at=self.active_at)


@dataclass(frozen=True, slots=True)
class Sessions:
    """The sessions of one system."""

    database: Database
    seal: Seal
    fresh: Fresh

    def opening(self, session: Session, cookie: str) -> Insert:
        """The row of a new session whose browser holds `cookie`."""
        sealed = self.seal.seal(session.details, _context(session.sid), self.fresh.bytes(12))
        values: dict[str, Value] = {
            "cookie_hash": secret_hash(cookie),
            "sid": session.sid,
            "person_id": session.person_id,
            "auth_time": session.auth_time,
            "started_at": session.started_at,
            "active_at": session.active_at,
            "ends_at": session.ends_at,
            "factors": _factors_text(session.factors),
            "details": sealed,
        }
        return Insert("sessions", values)

    async def by_cookie(self, cookie: str) -> Session | None:
        """The session this cookie opens, alive or ended."""
        row = await self.database.one("SELECT * FROM sessions WHERE cookie_hash = $1", secret_hash(cookie))
        return self.from_row(row) if row else None

    async def by_sid(self, sid: str, within: Transaction | None = None) -> Session | None:
        """The session of this public name, alive or ended."""
        row = await (within or self.database).one("SELECT * FROM sessions WHERE sid = $1", sid)
        return self.from_row(row) if row else None

    async def of_person(self, person_id: str, within: Transaction | None = None) -> list[Session]:
        """All sessions of a person, newest first."""
        sql = "SELECT * FROM sessions WHERE person_id = $1 ORDER BY started_at DESC, sid DESC"
        return [self.from_row(row) for row in await (within or self.database).all(sql, person_id)]

    async def touch(self, writer: Writer, cookie: str, *, now: int, ends_at: int) -> None:
        """Write activity down; an earlier moment never overwrites a later one."""
        sql = "UPDATE sessions SET active_at = $2, ends_at = $3 WHERE cookie_hash = $1 AND active_at < $2"
        await writer.run(sql, secret_hash(cookie), now, ends_at)

    async def reissue(
        self,
        writer: Writer,
        cookie: str,
        new_cookie: str,
        *,
        factors: tuple[Factor, ...],
        now: int,
        ends_at: int,
    ) -> None:
        """After a step-up: a new cookie and the factors now proven; the old one opens nothing. Or `Stale`.

        When the person signed in stays as it was: a further factor is no new sign-in."""
        changed = await writer.run(
            "UPDATE sessions SET cookie_hash = $2, factors = $3, active_at = $4, ends_at = $5 WHERE cookie_hash = $1",
            secret_hash(cookie),
            secret_hash(new_cookie),
            _factors_text(factors),
            now,
            ends_at,
        )
        if not changed:
            raise Stale("sessions")

    async def begin_anew(
        self, writer: Writer, session: Session, cookie: str, new_cookie: str, *, now: int, ends_at: int
    ) -> None:
        """The person signed in again: of `session` the factors and details are as given now. Or `Stale`."""
        changed = await writer.run(
            "UPDATE sessions SET cookie_hash = $2, factors = $3, auth_time = $4, active_at = $4, ends_at = $5,"
            " details = $6 WHERE cookie_hash = $1",
            secret_hash(cookie),
            secret_hash(new_cookie),
            _factors_text(session.factors),
            now,
            ends_at,
            self.seal.seal(session.details, _context(session.sid), self.fresh.bytes(12)),
        )
        if not changed:
            raise Stale("sessions")

    async def end(self, writer: Writer, sid: str) -> bool:
        """End a session by its public name; False when there was none."""
        return await writer.run("DELETE FROM sessions WHERE sid = $1", sid) > 0

    async def end_all_of_person(self, transaction: Transaction, person_id: str) -> list[str]:
        """End every session of a person and return their names."""
        rows = await transaction.all("DELETE FROM sessions WHERE person_id = $1 RETURNING sid", person_id)
        return [row["sid"] for row in rows]

    def from_row(self, row: Row) -> Session:
        """A session from a row that has all columns of the table."""
        return Session(
            sid=row["sid"],
            person_id=row["person_id"],
            auth_time=row["auth_time"],
            started_at=row["started_at"],
            active_at=row["active_at"],
            ends_at=row["ends_at"],
            factors=msgspec.json.decode(row["factors"], type=tuple[Factor, ...]),
            details=self.seal.unseal(row["details"], _context(row["sid"])),
        )


def _factors_text(factors: tuple[Factor, ...]) -> str:
    return msgspec.json.encode(factors).decode()


def _context(sid: str) -> str:
    return f"sessions.details:{sid}"

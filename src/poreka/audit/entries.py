"""Reading the audit log. Writing is `audit.record`'s alone; verifying is `audit.verify`.

Writing is `record.py`, verifying `verify.py`.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass

from poreka.audit.chain import Entry, Lane
from poreka.store.database import Database, Row

PAGE = 1000
"""Entries read at a time: the whole log never stands in memory."""


@dataclass(frozen=True, slots=True)
class AuditEntries:
    """The audit log of one system, as read."""

    database: Database

    async def lanes(self) -> list[Lane]:
        """The openings of all lanes, in order."""
        rows = await self.database.all("SELECT number, lane, opened_at, hash FROM audit_lanes ORDER BY number")
        return [Lane(row["number"], row["lane"], row["opened_at"], row["hash"]) for row in rows]

    async def in_chain_order(self, page: int = PAGE) -> AsyncIterator[list[Entry]]:
        """Every entry by lane and number, in pages; what is added meanwhile may or may not be seen."""
        lane, number = "", 0
        while True:
            rows = await self.database.all(
                "SELECT * FROM audit_entries WHERE (lane, number) > ($1, $2) ORDER BY lane, number LIMIT $3",
                lane,
                number,
                page,
            )
            if not rows:
                return
            entries = [_entry(row) for row in rows]
            yield entries
            lane, number = entries[-1].lane, entries[-1].number

    async def shown(
        self,
        *,
        person_id: str | None = None,
        event: str | None = None,
        since: int = 0,
        until: int | None = None,
        limit: int = 100,
    ) -> list[Entry]:
        """Entries of a time (`until` excluded), of a person, of a kind, where given; newest first."""
        rows = await self.database.all(
            "SELECT * FROM audit_entries WHERE at >= $1 AND (CAST($2 AS BIGINT) IS NULL OR at < $2)"
            " AND (CAST($3 AS TEXT) IS NULL OR person_id = $3) AND (CAST($4 AS TEXT) IS NULL OR event = $4)"
            " ORDER BY at DESC, lane DESC, number DESC LIMIT $5",
            since,
            until,
            person_id,
            event,
            limit,
        )
        return [_entry(row) for row in rows]


def _entry(row: Row) -> Entry:
    return Entry(
        lane=row["lane"],
        number=row["number"],
        at=row["at"],
        event=row["event"],
        person_id=row["person_id"],
        details=row["details"],
        hash=row["hash"],
    )

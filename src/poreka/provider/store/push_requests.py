"""Push requests: one row for each question that a phone was asked, one open at a time for one person.

The rules are `rules.authorising.push_request`. The database itself refuses a second open request (`AlreadyThere`),
however many workers try at once, and `end` is guarded: of two answers at the same moment one is `Stale`. Rows stay for
a month after their time, because refusals in a row are counted from them.
"""

from dataclasses import dataclass

from poreka.rules.authorising.push_request import PushRequest, PushState
from poreka.store.database import Database, Insert, Row, Stale, Transaction, Value, Writer

LOOKED_AT = 50  # of the newest requests, for the count of refusals


@dataclass(frozen=True, slots=True)
class PushRequests:
    """The requests of one provider."""

    database: Database

    def adding(self, request: PushRequest) -> Insert:
        """The row of a request opened now; `AlreadyThere` when another one of the person is open."""
        values: dict[str, Value] = {
            "id": request.id,
            "person_id": request.person_id,
            "operation_id": request.operation_id,
            "service": request.service,
            "opened_at": request.opened_at,
            "expires_at": request.expires_at,
            "state": request.state.value,
            "ended_at": request.ended_at,
            "wrong_number": request.wrong_number,
        }
        return Insert("push_requests", values)

    async def load(self, request_id: str, within: Transaction | None = None) -> PushRequest | None:
        """One request."""
        row = await (within or self.database).one("SELECT * FROM push_requests WHERE id = $1", request_id)
        return _from_row(row) if row else None

    async def of_operation(self, operation_id: str, within: Transaction | None = None) -> PushRequest | None:
        """The request of an operation."""
        sql = "SELECT * FROM push_requests WHERE operation_id = $1"
        row = await (within or self.database).one(sql, operation_id)
        return _from_row(row) if row else None

    async def recent(self, person_id: str, within: Transaction | None = None) -> list[PushRequest]:
        """A person's requests, the newest first."""
        sql = "SELECT * FROM push_requests WHERE person_id = $1 ORDER BY opened_at DESC, id DESC LIMIT $2"
        return [_from_row(row) for row in await (within or self.database).all(sql, person_id, LOOKED_AT)]

    async def end(self, writer: Writer, after: PushRequest) -> None:
        """Write how a request ended; raises `Stale` when it had ended before."""
        changed = await writer.run(
            "UPDATE push_requests SET state = $2, ended_at = $3, wrong_number = $4 WHERE id = $1 AND state = 'open'",
            after.id,
            after.state.value,
            after.ended_at,
            after.wrong_number,
        )
        if not changed:
            raise Stale("push_requests")

    async def lapse(self, writer: Writer, person_id: str, now: int) -> int:
        """Write down that a person's open request whose time is over has lapsed, which makes room for a new one."""
        return await writer.run(
            "UPDATE push_requests SET state = 'lapsed', ended_at = expires_at"
            " WHERE person_id = $1 AND state = 'open' AND expires_at <= $2",
            person_id,
            now,
        )

    async def withdraw_open(self, writer: Writer, person_id: str, now: int) -> int:
        """Take a person's open request from the app; how many that were."""
        return await writer.run(
            "UPDATE push_requests SET state = 'withdrawn', ended_at = $2 WHERE person_id = $1 AND state = 'open'",
            person_id,
            now,
        )


def _from_row(row: Row) -> PushRequest:
    return PushRequest(
        id=row["id"],
        person_id=row["person_id"],
        operation_id=row["operation_id"],
        service=row["service"],
        opened_at=row["opened_at"],
        expires_at=row["expires_at"],
        state=PushState(row["state"]),
        ended_at=row["ended_at"],
        wrong_number=bool(row["wrong_number"]),
    )

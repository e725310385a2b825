"""Authorisation operations: their numbers, their codes' hashes, and every try, so that no worker forgets one.

The rules are `rules.authorising.operation`. `save` writes what one decision changed and is guarded by all that
the decision rested on: of two codes tried at once, one is counted and the other is `Stale`. The moment at which the
message left is written by the delivery through `dispatched`; `save` clears it for a new code, and else leaves it alone.
"""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

from poreka.rules.authorising.operation import CardQuestion, Operation, OperationState
from poreka.rules.authorising.shown_document import ShownDocument
from poreka.rules.authorising.tools import Tool
from poreka.rules.limits.code_allowance import Begun, Pot
from poreka.store.database import Database, Insert, Row, Stale, Transaction, Value, Writer


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnedOperation:
    """An operation with whose it is and which journey it belongs to."""

    person_id: str
    journey_id: str
    operation: Operation


@dataclass(frozen=True, slots=True)
class Operations:
    """The operations of one provider."""

    database: Database

    async def last_number(self, transaction: Transaction, person_id: str, day: datetime.date) -> int:
        """Reserve the person's next number of that day; returns the one before, for `issue(last_today=…)`."""
        row = await transaction.one(
            "INSERT INTO operation_numbers (person_id, day, last) VALUES ($1, $2, 1)"
            " ON CONFLICT (person_id, day) DO UPDATE SET last = operation_numbers.last + 1 RETURNING last",
            person_id,
            day.isoformat(),
        )
        if row is None:
            raise Stale("operation_numbers")
        return int(row["last"]) - 1

    def adding(self, owned: OwnedOperation) -> Insert:
        """The row of an operation issued just now."""
        operation = owned.operation
        values: dict[str, Value] = {
            "id": operation.id,
            "person_id": owned.person_id,
            "day": operation.date.isoformat(),
            "number": operation.number,
            "journey_id": owned.journey_id,
            "purpose": operation.purpose,
            "state": operation.state.value,
            "code_hash": operation.code_hash,
            "attempts": operation.attempts,
            "resends": operation.resends,
            "issued_at": operation.issued_at,
            "code_issued_at": operation.code_issued_at,
            "dispatched_at": operation.dispatched_at,
            "expires_at": operation.expires_at,
            "tool": operation.tool.value,
            "pot": operation.pot.value if operation.pot else "",
            "card_id": operation.card.card_id if operation.card else None,
            "card_code": operation.card.number if operation.card else None,
            "document_name": operation.document.name if operation.document else None,
            "document_hash": operation.document.hash if operation.document else None,
        }
        return Insert("operations", values)

    async def load(self, operation_id: str, within: Transaction | None = None) -> OwnedOperation | None:
        """One operation, or None; read by the transaction `within` where there is one."""
        row = await (within or self.database).one("SELECT * FROM operations WHERE id = $1", operation_id)
        return _from_row(row) if row else None

    async def one_at_a_time(self, transaction: Transaction, person_id: str) -> None:
        """Lock the person's newest row of numbers, so that others who do the same wait until the transaction ends."""
        await transaction.run(
            "UPDATE operation_numbers SET last = last WHERE person_id = $1"
            " AND day = (SELECT max(day) FROM operation_numbers WHERE person_id = $1)",
            person_id,
        )

    async def spent_since(
        self, person_id: str, since: int, within: Transaction | None = None
    ) -> Mapping[Pot, tuple[Begun, ...]]:
        """The operations of a person that began after `since` and were not authorised, by pot.

        After `one_at_a_time` the answer holds until the transaction `within` ends.
        """
        rows = await (within or self.database).all(
            "SELECT pot, issued_at, attempts FROM operations"
            " WHERE person_id = $1 AND issued_at > $2 AND state <> 'authorised' AND pot <> '' ORDER BY issued_at",
            person_id,
            since,
        )
        spent = [(Pot(row["pot"]), Begun(row["issued_at"], row["attempts"])) for row in rows]
        return {pot: tuple(begun for of_pot, begun in spent if of_pot is pot) for pot in Pot}

    async def save(self, writer: Writer, before: Operation, after: Operation) -> None:
        """Write a try, an end, a cancellation or a new code; raises `Stale` when the row is no longer as `before`."""
        if after.resends != before.resends:
            await self._save_resend(writer, before, after)
            return
        changed = await writer.run(
            "UPDATE operations SET state = $4, attempts = $5, code_hash = $6"
            " WHERE id = $1 AND state = 'issued' AND attempts = $2 AND resends = $3",
            before.id,
            before.attempts,
            before.resends,
            after.state.value,
            after.attempts,
            after.code_hash,
        )
        if not changed:
            raise Stale("operations")

    async def _save_resend(self, writer: Writer, before: Operation, after: Operation) -> None:
        changed = await writer.run(
            "UPDATE operations SET resends = $4, code_hash = $5, code_issued_at = $6, dispatched_at = NULL,"
            " expires_at = $7 WHERE id = $1 AND state = 'issued' AND attempts = $2 AND resends = $3",
            before.id,
            before.attempts,
            before.resends,
            after.resends,
            after.code_hash,
            after.code_issued_at,
            after.expires_at,
        )
        if not changed:
            raise Stale("operations")

    async def dispatched(self, writer: Writer, after: Operation) -> bool:
        """Write when the message left (`rules.authorising.operation`); False when a newer code or an end came first."""
        changed = await writer.run(
            "UPDATE operations SET dispatched_at = $3, expires_at = $4"
            " WHERE id = $1 AND resends = $2 AND state = 'issued' AND dispatched_at IS NULL",
            after.id,
            after.resends,
            after.dispatched_at,
            after.expires_at,
        )
        return changed > 0

    async def cancel_open(self, writer: Writer, person_id: str, tool: Tool | None = None) -> int:
        """Cancel a person's open operations, all or those of one tool; returns how many."""
        sql = (
            "UPDATE operations SET state = 'cancelled', code_hash = $2"
            " WHERE person_id = $1 AND state = 'issued' AND ($3 = '' OR tool = $3)"
        )
        return await writer.run(sql, person_id, b"", tool.value if tool else "")

    async def expire(self, writer: Writer, now: int) -> int:
        """Write down that open operations whose time is over have expired; returns how many."""
        sql = "UPDATE operations SET state = 'expired', code_hash = $2 WHERE state = 'issued' AND expires_at <= $1"
        return await writer.run(sql, now, b"")


def _from_row(row: Row) -> OwnedOperation:
    operation = Operation(
        id=row["id"],
        number=row["number"],
        date=datetime.date.fromisoformat(row["day"]),
        purpose=row["purpose"],
        code_hash=row["code_hash"],
        issued_at=row["issued_at"],
        code_issued_at=row["code_issued_at"],
        expires_at=row["expires_at"],
        attempts=row["attempts"],
        resends=row["resends"],
        dispatched_at=row["dispatched_at"],
        state=OperationState(row["state"]),
        tool=Tool(row["tool"]),
        pot=Pot(row["pot"]) if row["pot"] else None,
        card=CardQuestion(card_id=row["card_id"], number=row["card_code"]) if row["card_id"] else None,
        document=ShownDocument(name=row["document_name"], hash=row["document_hash"]) if row["document_name"] else None,
    )
    return OwnedOperation(person_id=row["person_id"], journey_id=row["journey_id"], operation=operation)

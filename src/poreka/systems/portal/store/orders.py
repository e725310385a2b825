"""Orders at the portal: what waits for its owner's signature. Documents and statements are sealed; none is deleted.

Every end is guarded: of two tabs one ends an order, and the other is `Stale`. A statement belongs to one order
(`AlreadyThere`). One that lapsed by itself is told by whoever reads it (`systems.portal.rules.order.as_of`), until it
is written down (`systems/portal/orders/lapsing.py`).
"""

from dataclasses import dataclass, field

import msgspec

from poreka.store.database import Database, Insert, Row, Stale, Transaction, Value
from poreka.store.fresh import Fresh
from poreka.store.seal import Seal
from poreka.systems.portal.rules.order import Order, OrderState


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """What is signed: in short, by name, and byte for byte."""

    summary: str
    name: str
    content: bytes

    def __repr__(self) -> str:
        """Nothing of a person is printed by accident."""
        return "<Document>"


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnedOrder:
    """An order with whose it is and what it is about; `statement` says that it was signed."""

    id: str
    profile_id: str
    number: str
    order: Order
    document: Document = field(repr=False)
    statement: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Orders:
    """The orders of one portal."""

    database: Database
    seal: Seal
    fresh: Fresh

    def adding(self, owned: OwnedOrder) -> Insert:
        """The row of a new order; a form that was sent twice is `AlreadyThere`."""
        values: dict[str, Value] = {
            "id": owned.id,
            "profile_id": owned.profile_id,
            "number": owned.number,
            "state": owned.order.state.value,
            "record": self._sealed("record", owned.id, msgspec.json.encode(owned.document)),
            "statement": None,
            "statement_id": None,
            "made_at": owned.order.made_at,
            "lapses_at": owned.order.lapses_at,
            "ended_at": owned.order.ended_at,
        }
        return Insert("orders", values)

    async def load(self, order_id: str) -> OwnedOrder | None:
        """One order, whosever it is."""
        row = await self.database.one("SELECT * FROM orders WHERE id = $1", order_id)
        return self._from_row(row) if row else None

    async def of_profile(self, profile_id: str) -> list[OwnedOrder]:
        """A profile's orders, newest first."""
        sql = "SELECT * FROM orders WHERE profile_id = $1 ORDER BY made_at DESC, id DESC"
        return [self._from_row(row) for row in await self.database.all(sql, profile_id)]

    async def waiting(self, profile_id: str, now: int) -> int:
        """How many orders of a profile wait now."""
        sql = "SELECT count(*) AS waiting FROM orders WHERE profile_id = $1 AND state = 'waiting' AND lapses_at > $2"
        row = await self.database.one(sql, profile_id, now)
        return int(row["waiting"]) if row else 0

    async def overdue(self, now: int, most: int) -> list[OwnedOrder]:
        """Orders whose row says that they wait, although their time has passed."""
        sql = "SELECT * FROM orders WHERE state = 'waiting' AND lapses_at <= $1 ORDER BY lapses_at, id LIMIT $2"
        return [self._from_row(row) for row in await self.database.all(sql, now, most)]

    async def end(self, transaction: Transaction, order_id: str, after: Order) -> None:
        """Write how an order ended without a signature; raises `Stale` when it had ended before."""
        sql = "UPDATE orders SET state = $2, ended_at = $3 WHERE id = $1 AND state = 'waiting'"
        if not await transaction.run(sql, order_id, after.state.value, after.ended_at):
            raise Stale("orders")

    async def sign(
        self, transaction: Transaction, order_id: str, after: Order, statement: str, statement_id: str
    ) -> None:
        """Write that it was signed, with the statement; raises `Stale` when it had ended before."""
        known = await transaction.one("SELECT 1 AS known FROM orders WHERE statement_id = $1", statement_id)
        changed = await transaction.run(
            "UPDATE orders SET state = $2, ended_at = $3, statement = $4, statement_id = $5"
            " WHERE id = $1 AND state = 'waiting'",
            order_id,
            after.state.value,
            after.ended_at,
            self._sealed("statement", order_id, statement.encode()),
            statement_id,
        )
        if known is not None or not changed:
            raise Stale("orders")

    def _sealed(self, column: str, order_id: str, value: bytes) -> bytes:
        return self.seal.seal(value, f"orders.{column}:{order_id}", self.fresh.bytes(12))

    def _from_row(self, row: Row) -> OwnedOrder:
        order_id, statement = row["id"], row["statement"]
        record = self.seal.unseal(row["record"], f"orders.record:{order_id}")
        return OwnedOrder(
            id=order_id,
            profile_id=row["profile_id"],
            number=row["number"],
            order=Order(
                state=OrderState(row["state"]),
                made_at=row["made_at"],
                lapses_at=row["lapses_at"],
                ended_at=row["ended_at"],
            ),
            document=msgspec.json.decode(record, type=Document),
            statement=self.seal.unseal(statement, f"orders.statement:{order_id}").decode() if statement else None,
        )

"""The thin layer over two database engines: what every store file may ask of either.

Reads are single statements. Writes are either one atomic batch of `Insert`s (one round trip on
PostgreSQL, because round trips are the cost there) or an explicit transaction. SQL is written
once, with `$1, $2 …` placeholders, which asyncpg knows natively and SQLite as named parameters.
It is not a query builder and knows no table. The engines: `sqlite/engine.py`, `postgres/engine.py`.
"""

from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any, Protocol

Value = str | int | bytes | bool | None
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Insert:
    """One row to be added. Table and column names come from the code, never from input."""

    table: str
    values: Mapping[str, Value]


class AlreadyThere(Exception):
    """A unique key was taken: something single-use was used again, or a name is in use."""

    def __init__(self, table: str) -> None:
        super().__init__(f"a row with this key is already in {table}")
        self.table = table


class Stale(Exception):
    """The row is no longer as it was when it was read: someone was quicker; read it again, decide anew."""

    def __init__(self, table: str) -> None:
        super().__init__(f"a row of {table} changed since it was read")
        self.table = table


class DatabaseUnavailable(Exception):
    """The database cannot be reached or is too busy; the work may be tried again in a moment."""


class Writer(Protocol):
    """Where one guarded UPDATE or DELETE may run: inside a transaction, or alone on the database itself."""

    async def run(self, sql: str, *args: Value) -> int: ...


class Transaction(Protocol):
    """What may be done between BEGIN and COMMIT; leaving with an exception undoes all of it."""

    async def one(self, sql: str, *args: Value) -> Row | None: ...

    async def all(self, sql: str, *args: Value) -> list[Row]: ...

    async def run(self, sql: str, *args: Value) -> int:
        """Run a statement and return how many rows it changed."""
        ...

    async def insert(self, *rows: Insert) -> None:
        """Add rows; raises `AlreadyThere` when a unique key is taken."""
        ...

    async def script(self, sql: str) -> None:
        """Run several statements without arguments: migrations only."""
        ...


class Database(Protocol):
    """One system's database. Everything written is durable when the call returns."""

    engine: str

    async def one(self, sql: str, *args: Value) -> Row | None:
        """Read one row; never for statements that write, not even with RETURNING."""
        ...

    async def all(self, sql: str, *args: Value) -> list[Row]:
        """Read rows; never for statements that write."""
        ...

    async def run(self, sql: str, *args: Value) -> int:
        """Run one UPDATE or DELETE as a transaction of its own and return how many rows it changed."""
        ...

    async def insert(self, *rows: Insert) -> None:
        """Add all rows or none; raises `AlreadyThere` when a unique key is taken."""
        ...

    def transaction(self) -> AbstractAsyncContextManager[Transaction]:
        """Begin a read-write transaction (SQLite: BEGIN IMMEDIATE, so one writer at a time)."""
        ...

    async def script(self, sql: str) -> None:
        """Run several statements without arguments as one transaction: migrations only."""
        ...

    async def close(self) -> None: ...

"""Another system's database, opened for reading only: PostgreSQL or a SQLite file.

PostgreSQL is told that every transaction is read-only, and a file is opened as read-only; the operator still has to
give us an account that can do nothing but read. A statement that fails, for whatever reason, raises
`DatabaseUnavailable`: whoever owns the database may change its tables at any time. `columns` says what a table or view
has now.
"""

import sqlite3
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import quote

import asyncpg

from poreka.store.database import DatabaseUnavailable, Row, Value
from poreka.store.postgres.engine import PostgresDatabase, open_postgres

CONNECTIONS = 10


class ReadOnly(Protocol):
    """What may be done with another system's database."""

    async def all(self, sql: str, *args: Value) -> list[Row]: ...

    async def columns(self, table: str) -> dict[str, str]:
        """The names of a table's or view's columns with their types; empty where there is no such table."""
        ...

    async def close(self) -> None: ...


class ReadOnlyPostgres:
    """A PostgreSQL database of somebody else's."""

    def __init__(self, database: PostgresDatabase) -> None:
        self._database = database

    async def all(self, sql: str, *args: Value) -> list[Row]:
        try:
            return await self._database.all(sql, *args)
        except asyncpg.PostgresError as error:
            raise DatabaseUnavailable(f"PostgreSQL refused to answer: {type(error).__name__}") from None

    async def columns(self, table: str) -> dict[str, str]:
        rows = await self.all(
            "SELECT attname AS name, format_type(atttypid, NULL) AS kind FROM pg_attribute"
            " WHERE attrelid = to_regclass($1) AND attnum > 0 AND NOT attisdropped",
            quoted(table),
        )
        return {row["name"]: row["kind"] for row in rows}

    async def close(self) -> None:
        await self._database.close()


class ReadOnlySqlite:
    """A SQLite file of somebody else's."""

    def __init__(self, path: Path, seconds: float) -> None:
        address = f"file:{quote(str(path.absolute()))}?mode=ro"
        self._connection = sqlite3.connect(address, uri=True, isolation_level=None, timeout=seconds)
        self._connection.row_factory = sqlite3.Row
        self._connection.execute("PRAGMA query_only = ON")
        self._connection.execute("PRAGMA trusted_schema = OFF")

    async def all(self, sql: str, *args: Value) -> list[Row]:
        named: dict[str, Any] = {str(place): value for place, value in enumerate(args, start=1)}
        try:
            return self._connection.execute(sql, named).fetchall()
        except sqlite3.Error as error:
            raise DatabaseUnavailable(f"SQLite refused to answer: {error.sqlite_errorname}") from None

    async def columns(self, table: str) -> dict[str, str]:
        rows = await self.all("SELECT name, lower(type) AS kind FROM pragma_table_info($1)", table)
        return {row["name"]: row["kind"] for row in rows}

    async def close(self) -> None:
        self._connection.close()


async def open_read_only(url: str, folder: Path, seconds: float) -> ReadOnly:
    """Open `sqlite:FILE` (a relative one is in `folder`) or `postgresql://…`; raises `DatabaseUnavailable`."""
    if not url.startswith("sqlite:"):
        return ReadOnlyPostgres(await open_postgres(url, pool_size=CONNECTIONS, read_only=True, seconds=seconds))
    try:
        return ReadOnlySqlite(folder / url.removeprefix("sqlite:"), seconds)
    except sqlite3.Error as error:
        raise DatabaseUnavailable(f"cannot open the SQLite file: {error.sqlite_errorname}") from None


def quoted(name: str) -> str:
    """A table's name, with its schema if it has one, as SQL takes it literally."""
    return ".".join(f'"{part}"' for part in name.split("."))

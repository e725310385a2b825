"""PostgreSQL behind the `Database` contract: for production and for several machines.

Raw asyncpg. A batch of inserts becomes ONE statement, a chain of data-modifying CTEs: one round
trip, its own transaction, and a unique violation anywhere undoes all of it. Isolation is READ
COMMITTED; what must happen once is a unique key, what must not be lost is a guarded UPDATE.
"""

from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from typing import Any

import asyncpg

from poreka.store.database import AlreadyThere, DatabaseUnavailable, Insert, Row, Value
from poreka.store.postgres_connections import Connections

_UNREACHABLE = (
    OSError,
    asyncpg.PostgresConnectionError,
    asyncpg.CannotConnectNowError,
    asyncpg.TooManyConnectionsError,
    asyncpg.InterfaceError,
    TimeoutError,
)


# Every statement is a look-up by key, so one plan serves all its values; planning anew costs more than running.
_SESSION = {"application_name": "poreka", "jit": "off", "plan_cache_mode": "force_generic_plan"}


class PostgresTransaction:
    """Statements between BEGIN and COMMIT on one connection."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    async def one(self, sql: str, *args: Value) -> Row | None:
        row: Row | None = await _unique(self._connection.fetchrow(sql, *args))
        return row

    async def all(self, sql: str, *args: Value) -> list[Row]:
        rows: list[Row] = await _unique(self._connection.fetch(sql, *args))
        return rows

    async def run(self, sql: str, *args: Value) -> int:
        status: str = await _unique(self._connection.execute(sql, *args))
        return int(status.rpartition(" ")[2])

    async def insert(self, *rows: Insert) -> None:
        if rows:
            sql, args = _batch(rows)
            await _unique(self._connection.execute(sql, *args))

    async def script(self, sql: str) -> None:
        await _unique(self._connection.execute(sql))


async def _unique(statement: Awaitable[Any]) -> Any:
    try:
        return await statement
    except asyncpg.UniqueViolationError as error:
        raise AlreadyThere(error.table_name) from error


class PostgresDatabase:
    """One database and its connections; open it with `open_postgres`."""

    engine = "postgresql"

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    async def one(self, sql: str, *args: Value) -> Row | None:
        async with self._connection() as connection:
            row: Row | None = await connection.fetchrow(sql, *args)
            return row

    async def all(self, sql: str, *args: Value) -> list[Row]:
        async with self._connection() as connection:
            rows: list[Row] = await connection.fetch(sql, *args)
            return rows

    async def run(self, sql: str, *args: Value) -> int:
        async with self._connection() as connection:
            return await PostgresTransaction(connection).run(sql, *args)

    async def insert(self, *rows: Insert) -> None:
        async with self._connection() as connection:
            await PostgresTransaction(connection).insert(*rows)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[PostgresTransaction]:
        async with self._connection() as connection, connection.transaction():
            yield PostgresTransaction(connection)

    async def script(self, sql: str) -> None:
        async with self.transaction() as transaction:
            await transaction.script(sql)

    async def close(self) -> None:
        await self._connections.close()

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[Any]:
        try:
            connection = await self._connections.lend()
        except _UNREACHABLE as error:
            raise DatabaseUnavailable("no connection to PostgreSQL") from error
        try:
            yield connection
        except (
            ConnectionError,
            TimeoutError,
            asyncpg.PostgresConnectionError,
            asyncpg.AdminShutdownError,
        ) as error:
            raise DatabaseUnavailable("the connection to PostgreSQL was lost") from error
        except asyncpg.InterfaceError as error:
            if not _is_lost(connection):
                raise
            raise DatabaseUnavailable("the connection to PostgreSQL is closed") from error
        except asyncpg.DeadlockDetectedError as error:
            raise DatabaseUnavailable("two transactions waited for one another") from error
        finally:
            self._connections.take_back(connection)


def _is_lost(connection: Any) -> bool:
    try:
        return bool(connection.is_closed())
    except asyncpg.InterfaceError:
        return True  # the pool has taken the dead connection back already


async def open_postgres(
    url: str, *, pool_size: int = 10, read_only: bool = False, seconds: float = 10
) -> PostgresDatabase:
    """Connect to `url` (postgresql://…); raises `DatabaseUnavailable` when that fails.

    No statement may take more than `seconds`.
    """
    session = {**_SESSION, "default_transaction_read_only": "on"} if read_only else _SESSION

    async def connect() -> Any:
        return await asyncpg.connect(url, timeout=min(5, seconds), command_timeout=seconds, server_settings=session)

    connections = Connections(connect, pool_size)
    try:
        connections.take_back(await connections.lend())
    except (*_UNREACHABLE, asyncpg.PostgresError) as error:
        raise DatabaseUnavailable(f"cannot open the PostgreSQL database: {type(error).__name__}") from error
    return PostgresDatabase(connections)


_BATCHES: dict[tuple[tuple[str, tuple[str, ...]], ...], str] = {}


def _batch(rows: tuple[Insert, ...]) -> tuple[str, list[Value]]:
    shape = tuple((row.table, tuple(row.values)) for row in rows)
    sql = _BATCHES.get(shape)
    if sql is None:
        sql = _BATCHES[shape] = _batch_sql(shape)
    return sql, [value for row in rows for value in row.values.values()]


def _batch_sql(shape: tuple[tuple[str, tuple[str, ...]], ...]) -> str:
    statements, position = [], 1
    for table, columns in shape:
        marks = ", ".join(f"${position + offset}" for offset in range(len(columns)))
        statements.append(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})")  # noqa: S608 - names from code
        position += len(columns)
    if len(statements) == 1:
        return statements[0]
    heads = ", ".join(f"w{number} AS ({statement})" for number, statement in enumerate(statements[:-1]))
    return f"WITH {heads} {statements[-1]}"

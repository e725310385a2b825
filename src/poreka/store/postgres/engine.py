"""PostgreSQL behind the `Database` contract: for production and for several machines.

Raw asyncpg. A batch of inserts becomes ONE statement, a chain of data-modifying CTEs: one round
trip, its own transaction, and a unique violation anywhere undoes all of it. Isolation is READ
COMMITTED; what must happen once is a unique key, what must not be lost is a guarded UPDATE.
What a failure means is `faults.py`; who waits for a connection, and how long, `connections.py`;
what may stand between us and the server, `pooler.py`.
"""

from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from typing import Any

import asyncpg

from poreka.store.database import AlreadyThere, DatabaseUnavailable, Insert, Row, Value
from poreka.store.postgres.connections import Connections, NoConnection
from poreka.store.postgres.faults import fault_of, shared_sessions, takes_no_more, unavailable
from poreka.store.postgres.pooler import sessions_are_shared

CONNECTIONS = 10
MIGRATION_SECONDS = 3600

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
        await _unique(self._connection.execute(sql, timeout=MIGRATION_SECONDS))


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
        connection = await self._lend()
        try:
            yield connection
        except Exception as error:
            fault = fault_of(error)
            if fault is None and isinstance(error, asyncpg.InterfaceError) and connection.is_closed():
                raise DatabaseUnavailable("the connection to PostgreSQL is closed") from error
            if fault is None:
                raise
            if fault.leave:
                self._connections.leave(connection)
            raise unavailable(fault) from error
        finally:
            self._connections.take_back(connection)

    async def _lend(self) -> Any:
        try:
            return await self._connections.lend()
        except NoConnection as error:
            raise DatabaseUnavailable(error.told) from error
        except Exception as error:
            if (fault := fault_of(error)) is None:
                raise
            raise unavailable(fault) from error


async def open_postgres(
    url: str, *, pool_size: int = CONNECTIONS, read_only: bool = False, seconds: float = 5
) -> PostgresDatabase:
    """Connect to `url` (postgresql://…); raises `DatabaseUnavailable` when that fails.

    No statement may take more than `seconds`. Of several hosts in the address the first one that writes is taken;
    a read-only database is enough for `read_only`.
    """
    session = {**_SESSION, "default_transaction_read_only": "on"} if read_only else _SESSION
    wanted = "any" if read_only else "read-write"

    async def connect() -> Any:
        return await asyncpg.connect(
            url,
            timeout=min(5, seconds),
            command_timeout=seconds,
            server_settings=session,
            target_session_attrs=wanted,
        )

    connections = Connections(connect, pool_size, full=takes_no_more)
    try:
        first = await connections.lend()
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError) as error:
        fault = fault_of(error)
        raise DatabaseUnavailable(fault.told if fault else f"{type(error).__name__} while connecting") from error
    shared = await sessions_are_shared(first, connect)
    connections.take_back(first)
    if shared:
        await connections.close()
        raise shared_sessions()
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

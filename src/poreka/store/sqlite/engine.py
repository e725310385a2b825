"""SQLite behind the `Database` contract: the embedded default, for one machine.

Write-ahead log, `synchronous=FULL`, one writer. Statements run in the event loop's thread (they
take microseconds); only COMMIT, which waits for the disk, goes to a thread of its own. Batches of
inserts that come meanwhile share the next one. Another process that holds the write lock is waited
for without blocking the loop, in a line (`turn.py`).
Read next: `store/database.py` for the contract, `store/postgres/engine.py` for the other engine.
"""

import asyncio
import sqlite3
import time
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from contextvars import Context
from dataclasses import dataclass
from pathlib import Path

from poreka.store.database import AlreadyThere, DatabaseUnavailable, Insert, Row, Value
from poreka.store.deadline import seconds_left
from poreka.store.sqlite.faults import reading, unavailable
from poreka.store.sqlite.turn import Next

WAIT_FOR_LOCK_SECONDS = 5.0  # that another process holds
WAIT_FOR_TURN_SECONDS = 10.0  # behind other writers of this process
_OPENING_WAIT_MS = 5000
_PAUSE_SECONDS = 0.001
_SHARE_SECONDS = 0.01  # in which a process may write again and again: a change of hands at every commit would cost more

# `$1` is a *named* parameter to SQLite; these are the names of positions 1, 2, 3 …
_NAMES = tuple(str(position) for position in range(1, 100))


def _named(args: tuple[Value, ...]) -> dict[str, Value]:
    return dict(zip(_NAMES, args, strict=False))


class SqliteTransaction:
    """Statements between BEGIN IMMEDIATE and COMMIT on the one writing connection."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    async def one(self, sql: str, *args: Value) -> Row | None:
        row: Row | None = self._execute(sql, _named(args)).fetchone()
        return row

    async def all(self, sql: str, *args: Value) -> list[Row]:
        return self._execute(sql, _named(args)).fetchall()

    async def run(self, sql: str, *args: Value) -> int:
        return self._execute(sql, _named(args)).rowcount

    async def insert(self, *rows: Insert) -> None:
        for row in rows:
            self._execute(_insert_sql(row.table, tuple(row.values)), tuple(row.values.values()))

    async def script(self, sql: str) -> None:
        for statement in _statements(sql):
            self._execute(statement, ())

    def _execute(self, sql: str, args: dict[str, Value] | tuple[Value, ...]) -> sqlite3.Cursor:
        return _executed(self._connection, sql, args)


@dataclass(slots=True)
class _Batch:
    """Rows that wait to be added, and who waits for them."""

    rows: tuple[Insert, ...]
    done: asyncio.Future[None]
    refused: Exception | None = None

    def settle(self, error: Exception | None) -> None:
        """Tell the waiter, if there still is one."""
        if self.done.done():
            return
        if error is None:
            self.done.set_result(None)
        else:
            self.done.set_exception(error)


class SqliteDatabase:
    """One database file; open it with `open_sqlite`."""

    engine = "sqlite"

    def __init__(self, path: Path) -> None:
        self._writing, self._next = _connect(path), Next(path)
        self._reading = _connect(path)
        self._reading.execute("PRAGMA query_only = ON")
        self._reading.execute(f"PRAGMA busy_timeout = {_OPENING_WAIT_MS}")  # readers wait for recovery only
        self._turn = asyncio.Lock()
        self._share_ends = 0.0
        self._batches: list[_Batch] = []
        self._committer: asyncio.Task[None] | None = None
        self._commits = ThreadPoolExecutor(1, thread_name_prefix="sqlite-commit")

    async def one(self, sql: str, *args: Value) -> Row | None:
        with reading():
            row: Row | None = self._reading.execute(sql, _named(args)).fetchone()
        return row

    async def all(self, sql: str, *args: Value) -> list[Row]:
        with reading():
            return self._reading.execute(sql, _named(args)).fetchall()

    async def insert(self, *rows: Insert) -> None:
        """Add all rows or none. Batches that come while the disk is busy share the next commit."""
        batch = _Batch(rows, asyncio.get_running_loop().create_future())
        self._batches.append(batch)
        if self._committer is None or self._committer.done():
            # In a context of its own: a batch of many requests is under the deadline of none of them.
            self._committer = asyncio.create_task(self._commit_batches(), context=Context())
        await asyncio.shield(batch.done)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[SqliteTransaction]:
        async with self._writers_turn():
            await self._begin()
            try:
                yield SqliteTransaction(self._writing)
            except BaseException:
                self._rollback()
                raise
            await self._commit()

    async def run(self, sql: str, *args: Value) -> int:
        async with self.transaction() as transaction:
            return await transaction.run(sql, *args)

    async def script(self, sql: str) -> None:
        async with self.transaction() as transaction:
            await transaction.script(sql)

    async def close(self) -> None:
        async with self._turn:
            self._commits.shutdown()
            self._reading.close()
            self._writing.close()
            self._next.close()

    @asynccontextmanager
    async def _writers_turn(self) -> AsyncIterator[None]:
        """One writer at a time; who waits too long is told."""
        try:
            async with asyncio.timeout(seconds_left(WAIT_FOR_TURN_SECONDS)):
                await self._turn.acquire()
        except TimeoutError as error:
            raise DatabaseUnavailable("the turn to write to the SQLite file did not come in time") from error
        try:
            yield
        finally:
            self._turn.release()

    async def _commit_batches(self) -> None:
        """Add whatever waits under one BEGIN … COMMIT, and tell each waiter how it went."""
        while self._batches:
            taken: list[_Batch] = []
            try:
                async with self.transaction():
                    taken, self._batches = self._batches, []
                    for batch in taken:
                        batch.refused = self._try_batch(batch.rows)
            except Exception as error:  # nothing of these was written
                if not taken:
                    taken, self._batches = self._batches, []
                for batch in taken:
                    batch.settle(error)
            else:
                for batch in taken:
                    batch.settle(batch.refused)

    def _try_batch(self, rows: tuple[Insert, ...]) -> Exception | None:
        """Add one batch inside the shared transaction; a refused one leaves the others as they are."""
        self._writing.execute("SAVEPOINT batch")
        try:
            for row in rows:
                _executed(self._writing, _insert_sql(row.table, tuple(row.values)), tuple(row.values.values()))
        except (AlreadyThere, sqlite3.IntegrityError) as error:
            self._writing.execute("ROLLBACK TO batch")
            self._writing.execute("RELEASE batch")
            return error
        self._writing.execute("RELEASE batch")
        return None

    async def _begin(self) -> None:
        """Begin to write: in line, or at once while this process's share of time lasts and nobody was quicker."""
        if time.monotonic() < self._share_ends and self._begun():
            return
        await self._when(self._next.take)
        try:
            await self._when(self._begun)
        finally:
            self._next.leave()
        self._share_ends = time.monotonic() + _SHARE_SECONDS

    async def _when(self, possible: Callable[[], bool]) -> None:
        waited = 0.0
        while not possible():
            if waited > seconds_left(WAIT_FOR_LOCK_SECONDS):
                raise DatabaseUnavailable("another process held the write lock too long")
            await asyncio.sleep(_PAUSE_SECONDS)
            waited += _PAUSE_SECONDS

    def _begun(self) -> bool:
        try:
            self._writing.execute("BEGIN IMMEDIATE")
        except sqlite3.Error as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                raise unavailable(error) or error from error
            return False
        return True

    async def _commit(self) -> None:
        # Waited for to its end: a client that hangs up must not leave the connection inside a transaction.
        commit = asyncio.get_running_loop().run_in_executor(self._commits, self._writing.execute, "COMMIT")
        cancelled: asyncio.CancelledError | None = None
        while not commit.done():
            try:
                await asyncio.wait((commit,))
            except asyncio.CancelledError as error:
                cancelled = error
        if (failure := commit.exception()) is not None:
            self._rollback()
            raise DatabaseUnavailable("SQLite could not commit") from failure
        if cancelled is not None:
            raise cancelled

    def _rollback(self) -> None:
        if self._writing.in_transaction:  # SQLite itself rolls back on a full disk
            self._writing.execute("ROLLBACK")


def open_sqlite(path: Path) -> SqliteDatabase:
    """Open (and create when missing) the database file at `path`, readable by its owner only.

    Raises `DatabaseUnavailable` when the file cannot be had or is damaged.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600, exist_ok=True)
    with reading():
        return SqliteDatabase(path)


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=0)
    connection.row_factory = sqlite3.Row
    connection.execute(f"PRAGMA busy_timeout = {_OPENING_WAIT_MS}")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA trusted_schema = OFF")
    connection.execute("PRAGMA recursive_triggers = ON")  # else INSERT OR REPLACE removes audit entries unseen
    connection.execute("PRAGMA busy_timeout = 0")
    return connection


def _executed(connection: sqlite3.Connection, sql: str, args: dict[str, Value] | tuple[Value, ...]) -> sqlite3.Cursor:
    try:
        return connection.execute(sql, args)
    except sqlite3.IntegrityError as error:
        raise _already_there(error) from error
    except sqlite3.Error as error:
        raise unavailable(error) or error from error


_INSERTS: dict[tuple[str, tuple[str, ...]], str] = {}


def _insert_sql(table: str, columns: tuple[str, ...]) -> str:
    sql = _INSERTS.get((table, columns))
    if sql is None:
        marks = ", ".join("?" * len(columns))
        sql = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})"  # noqa: S608 - names come from code
        _INSERTS[table, columns] = sql
    return sql


def _already_there(error: sqlite3.IntegrityError) -> Exception:
    if error.sqlite_errorcode not in (sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY):
        return error
    # "UNIQUE constraint failed: table.column, table.column"; an index on an expression names itself.
    return AlreadyThere(str(error).rpartition(": ")[2].split(".")[0])


def _statements(sql: str) -> list[str]:
    found: list[str] = []
    pending = ""
    for piece in sql.split(";"):
        pending += piece
        if sqlite3.complete_statement(pending + ";"):
            found.append(pending)
            pending = ""
        else:
            pending += ";"
    return [statement for statement in found if statement.strip()]

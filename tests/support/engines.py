"""Databases for the contract suite: a SQLite file or a PostgreSQL database, with every set of tables."""

import asyncio
import atexit
import shutil
import tempfile
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path

from poreka.store.database import Database
from poreka.store.migrate import upgrade
from poreka.store.postgres.engine import open_postgres
from poreka.store.sqlite.engine import open_sqlite
from tests.support.postgres import PostgresServer

PARTS: tuple[str, ...] = ("shared", "provider", "bank", "trusted_profile", "mobywatel", "relying", "portal")
PARTS += ("patient_account", "mojeikp", "desk", "passkeys")
PARTS += ("register", "demo")
NOW = 1_800_000_000


async def opened(address: str) -> Database:
    """Open `postgresql://…`, or a file by its path."""
    return await open_postgres(address) if address.startswith("postgresql://") else open_sqlite(Path(address))


class Engine:
    """One engine that makes databases for a test, each known by the address another process may open."""

    def __init__(self, name: str, folder: Path, server: PostgresServer | None) -> None:
        self.name, self._folder, self._server = name, folder, server
        self.made: list[str] = []

    def empty(self) -> str:
        """The address of a new, empty database."""
        if self._server is None:
            return str(self._folder / f"{len(self.made)}.db")
        self.made.append(self._server.create())
        return self._server.dsn(self.made[-1])

    def ready(self) -> str:
        """The address of a new database with every table: a copy of one that was migrated once for this worker."""
        if self._server is None:
            address = self.empty()
            shutil.copy(_migrated_file(), address)  # with its mode: private
            return address
        self.made.append(self._server.create(_migrated_database(self._server)))
        return self._server.dsn(self.made[-1])

    def drop(self) -> None:
        for database in self.made:
            if self._server is not None:
                self._server.drop(database)

    def bytes_at_rest(self) -> bytes:
        """Everything that stands in the database's files (SQLite)."""
        return b"".join(file.read_bytes() for file in sorted(self._folder.glob("*.db*")))


@cache
def _migrated_database(server: PostgresServer) -> str:
    name = server.create()
    _in_a_loop_of_its_own(server.dsn(name))
    return name


@cache
def _migrated_file() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="poreka-migrated-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    _in_a_loop_of_its_own(str(folder / "migrated.db"))
    return folder / "migrated.db"


def _in_a_loop_of_its_own(address: str) -> None:
    async def migrate() -> None:
        async with migrated(address):
            pass

    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, migrate()).result()


@asynccontextmanager
async def migrated(address: str) -> AsyncIterator[Database]:
    """The database at an address, with all tables."""
    database = await opened(address)
    try:
        await upgrade(database, PARTS, NOW)
        yield database
    finally:
        await database.close()

"""What a database may do to us while it runs: each trouble is told as what it is, and ends by itself."""

import asyncio
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
import pytest_asyncio

from poreka.store.database import Database, DatabaseUnavailable, Insert
from poreka.store.postgres import connections as postgres_connections
from poreka.store.postgres.engine import open_postgres
from poreka.store.sqlite.engine import open_sqlite
from poreka.store.used_once import claiming
from tests.support.engines import NOW, migrated, opened
from tests.support.postgres import PostgresServer, start, stop, unprivileged_user

postgres = pytest.mark.postgres
BIG = "x" * 100_000


@pytest_asyncio.fixture
async def database(postgres_dsn: str) -> AsyncIterator[Database]:
    async with migrated(postgres_dsn) as made:
        yield made


@pytest.fixture
def no_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres_connections, "REST", 0.0)


@pytest.fixture
def own_server() -> Iterator[PostgresServer]:
    """A server that a test may stop and freeze; the address of a socket is short, so its folder has a short name."""
    with tempfile.TemporaryDirectory(prefix="poreka-pg-", ignore_cleanup_errors=True) as folder:
        server = start(Path(folder))
        yield server
        stop(server)


@contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[Path]:
    """A file system that is soon full; only root may make one."""
    folder.mkdir()
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(folder)], capture_output=True, check=False
    )
    if done.returncode != 0:
        pytest.skip("a small file system can be mounted by root only")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def grow(disk: Path, megabytes: int) -> None:
    subprocess.run(["mount", "-o", f"remount,size={megabytes}m", str(disk)], check=True)


@contextmanager
def read_only(server: PostgresServer) -> Iterator[None]:
    """The whole server refuses to write, in the sessions that are open too."""
    server.run("ALTER SYSTEM SET default_transaction_read_only = on")
    server.run("SELECT pg_reload_conf()")
    try:
        yield
    finally:
        server.run("ALTER SYSTEM RESET default_transaction_read_only")
        server.run("SELECT pg_reload_conf()")


async def becomes_read_only(database: Database) -> None:
    """Wait until the open sessions have heard of it."""
    while True:
        try:
            row = await database.one("SELECT current_setting('default_transaction_read_only') AS state")
        except DatabaseUnavailable:
            return
        if row is not None and row["state"] == "on":
            return
        await asyncio.sleep(0.01)


async def works_again(database: Database) -> None:
    while True:
        try:
            await database.insert(claiming("again", "1", NOW))
        except DatabaseUnavailable:
            await asyncio.sleep(0.01)
        else:
            return


@postgres
async def test_a_server_that_became_read_only_is_left_and_used_again_once_it_writes(
    own_server: PostgresServer, no_rest: None
) -> None:
    database = await open_postgres(own_server.dsn(), pool_size=3)
    await database.script("CREATE TABLE used_once (kind TEXT, value TEXT, expires_at BIGINT)")
    with read_only(own_server):
        await becomes_read_only(database)
        with pytest.raises(DatabaseUnavailable):
            await database.insert(claiming("a", "1", NOW))
        with pytest.raises(DatabaseUnavailable, match="a server that writes"):
            await database.insert(claiming("a", "1", NOW))
    await asyncio.wait_for(works_again(database), 30)
    await database.close()


@postgres
async def test_a_write_in_a_read_only_transaction_is_unavailable_not_a_bug(database: Database) -> None:
    async def write() -> None:
        async with database.transaction() as transaction:
            await transaction.script("SET TRANSACTION READ ONLY")
            await transaction.insert(claiming("a", "1", NOW))

    with pytest.raises(DatabaseUnavailable, match="read-only"):
        await write()
    await database.insert(claiming("a", "1", NOW))


@postgres
async def test_nobody_waits_long_for_a_frozen_server_and_the_others_are_told_with_the_first(
    own_server: PostgresServer, no_rest: None
) -> None:
    database = await open_postgres(own_server.dsn(), pool_size=3, seconds=0.5)
    await asyncio.gather(*(database.one("SELECT pg_sleep(0.05)") for _ in range(3)))
    pids = [int(pid) for pid in own_server.run("SELECT pid FROM pg_stat_activity").split()]
    postmaster = int((own_server.folder / "data" / "postmaster.pid").read_text().split()[0])
    frozen = [postmaster, *(pid for pid in pids if _lives(pid))]
    for pid in frozen:
        os.kill(pid, signal.SIGSTOP)
    try:
        asked = (database.one("SELECT 1") for _ in range(60))
        # Three at a time, each until a connection could not be made, they would wait for minutes.
        told = await asyncio.wait_for(asyncio.gather(*asked, return_exceptions=True), 45)
    finally:
        for pid in frozen:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)
    assert all(isinstance(one, DatabaseUnavailable) for one in told)
    row = await asyncio.wait_for(_row(database), 30)
    assert row == 1
    await database.close()


@postgres
async def test_a_server_that_stops_is_told_as_away_and_found_again(own_server: PostgresServer, no_rest: None) -> None:
    database = await open_postgres(own_server.dsn(), pool_size=3)
    assert await _row(database) == 1
    _control(own_server, "stop", "-m", "fast")
    for _ in range(3):
        with pytest.raises(DatabaseUnavailable):
            await database.one("SELECT 1 AS one")
    _control(own_server, "start", "-l", str(own_server.folder / "server.log"))
    assert await asyncio.wait_for(_row(database), 30) == 1
    await database.close()


@postgres
async def test_connections_that_are_refused_for_their_number_wait_for_those_that_were_given(
    postgres_server: PostgresServer, postgres_dsn: str
) -> None:
    postgres_server.run("CREATE ROLE few LOGIN CONNECTION LIMIT 2; GRANT ALL ON SCHEMA public TO few")
    database = await open_postgres(postgres_dsn.replace("postgres@", "few@"), pool_size=10)
    rows = await asyncio.gather(*(database.one("SELECT pg_sleep(0.01), 1 AS one") for _ in range(40)))
    assert [row["one"] for row in rows if row is not None] == [1] * 40
    await database.close()


@postgres
async def test_a_full_disk_of_the_server_is_unavailable_and_ends_with_it(
    postgres_server: PostgresServer, postgres_dsn: str, tmp_path: Path
) -> None:
    for parent in (tmp_path, *tmp_path.parents[:3]):
        parent.chmod(parent.stat().st_mode | 0o055)
    with small_disk(tmp_path / "small", 4) as disk:
        space = disk / "space"
        space.mkdir()
        shutil.chown(space, unprivileged_user() or "root")
        name = f"small_{os.getpid()}"
        postgres_server.run(f"CREATE TABLESPACE {name} LOCATION '{space}'")
        database = await opened(postgres_dsn)
        await database.script(f"CREATE TABLE filled (number BIGINT, text TEXT) TABLESPACE {name}")
        await database.script("ALTER TABLE filled ALTER COLUMN text SET STORAGE EXTERNAL")
        with pytest.raises(DatabaseUnavailable, match="no space"):
            await _fill(database)
        grow(disk, 200)
        await database.insert(Insert("filled", {"number": 1, "text": BIG}))
        await database.script("DROP TABLE filled")
        await database.close()
        postgres_server.run(f"DROP TABLESPACE {name}")


async def test_a_full_disk_of_sqlite_is_unavailable_and_ends_with_it(tmp_path: Path) -> None:
    with small_disk(tmp_path / "small", 2) as disk:
        database = open_sqlite(disk / "one.db")
        await database.script("CREATE TABLE filled (number INTEGER, text TEXT)")
        with pytest.raises(DatabaseUnavailable):
            await _fill(database)
        held = await database.all("SELECT number FROM filled")
        with pytest.raises(DatabaseUnavailable):
            await _fill(database)
        assert len(held) <= len(await database.all("SELECT number FROM filled"))  # what was told as kept is kept
        grow(disk, 20)
        await database.insert(Insert("filled", {"number": 1, "text": "x"}))
        await database.close()


async def test_a_lost_or_damaged_sqlite_file_is_unavailable_for_readers_and_writers(tmp_path: Path) -> None:
    file = tmp_path / "one.db"
    database = open_sqlite(file)
    await database.script("CREATE TABLE kept (number INTEGER)")
    await database.insert(Insert("kept", {"number": 1}))
    await database.close()
    first_page = 4096
    file.write_bytes(file.read_bytes()[:first_page] + b"\xff" * (file.stat().st_size - first_page))
    damaged = open_sqlite(file)
    with pytest.raises(DatabaseUnavailable):
        await damaged.one("SELECT number FROM kept")
    with pytest.raises(DatabaseUnavailable):
        await damaged.all("SELECT number FROM kept")
    with pytest.raises(DatabaseUnavailable):
        await damaged.insert(Insert("kept", {"number": 2}))
    with pytest.raises(DatabaseUnavailable):
        await damaged.run("DELETE FROM kept")
    await damaged.close()
    file.write_bytes(b"no database at all" * 1000)
    with pytest.raises(DatabaseUnavailable):
        open_sqlite(file)


async def _fill(database: Database) -> None:
    for number in range(400):
        await database.insert(Insert("filled", {"number": number, "text": BIG}))


async def _row(database: Database) -> int:
    while True:
        try:
            row = await database.one("SELECT 1 AS one")
        except DatabaseUnavailable:
            await asyncio.sleep(0.02)
        else:
            return int(row["one"]) if row is not None else 0


def _lives(pid: int) -> bool:
    return Path(f"/proc/{pid}").exists()


def _control(server: PostgresServer, *arguments: str) -> None:
    command = [str(server.programs / "pg_ctl"), "-w", "-D", str(server.folder / "data"), *arguments]
    subprocess.run(
        command, user=unprivileged_user(), cwd="/", check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )

"""PgBouncer before PostgreSQL: taken in session mode, refused with its reason in any other."""

import asyncio
import tempfile
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest

from poreka.store.database import AlreadyThere, Database, DatabaseUnavailable
from poreka.store.migrate import SchemaNotCurrent, missing, upgrade
from poreka.store.postgres.engine import open_postgres
from poreka.store.postgres.faults import fault_of
from poreka.store.used_once import claiming
from tests.support.engines import NOW, migrated
from tests.support.pooler import pooler
from tests.support.postgres import PostgresServer


@pytest.fixture
def folder() -> Iterator[Path]:
    """Where PgBouncer may read as somebody else."""
    with tempfile.TemporaryDirectory(prefix="poreka-pool-") as made:
        yield Path(made)


@pytest.fixture
def database_name(postgres_server: PostgresServer) -> Iterator[str]:
    name = postgres_server.create()
    yield name
    postgres_server.drop(name)


async def fails_at_the_start(address: str) -> str:
    with pytest.raises(DatabaseUnavailable) as refused:
        await open_postgres(address)
    return str(refused.value)


@pytest.mark.postgres
async def test_the_documented_pooler_changes_nothing(
    folder: Path, postgres_server: PostgresServer, database_name: str
) -> None:
    with pooler(folder, postgres_server, database_name) as address:
        async with migrated(address) as database:
            claims = [claiming("kind", str(number), NOW) for number in range(100)]
            await asyncio.gather(*(database.insert(claim) for claim in claims))
            with pytest.raises(AlreadyThere):
                await database.insert(claims[0])
            assert len(await database.all("SELECT value FROM used_once WHERE kind = $1", "kind")) == 100
        with pytest.raises(DatabaseUnavailable, match="ignore_startup_parameters"):
            await open_postgres(address, read_only=True)  # what keeps it from writing would be ignored


@pytest.mark.postgres
async def test_a_pooler_that_hands_sessions_around_is_refused_at_the_start(
    folder: Path, postgres_server: PostgresServer, database_name: str
) -> None:
    change = ("pool_mode = session", "pool_mode = transaction")
    with pooler(folder, postgres_server, database_name, change=change) as address:
        assert "its pool mode must be session" in await fails_at_the_start(address)


@pytest.mark.postgres
async def test_a_pooler_that_takes_no_settings_of_sessions_is_told(
    folder: Path, postgres_server: PostgresServer, database_name: str
) -> None:
    change = ("ignore_startup_parameters = jit,plan_cache_mode", "")
    with pooler(folder, postgres_server, database_name, change=change) as address:
        assert "ignore_startup_parameters" in await fails_at_the_start(address)


@pytest.mark.parametrize("error", [asyncpg.DuplicatePreparedStatementError, asyncpg.InvalidSQLStatementNameError])
def test_a_session_that_turns_out_to_be_shared_later_is_told_as_such_and_left(error: type[Exception]) -> None:
    fault = fault_of(error("x"))
    assert fault is not None
    assert "its pool mode must be session" in fault.told
    assert fault.leave


@pytest.mark.postgres
async def test_each_cause_why_a_database_cannot_be_used_is_told_as_itself(postgres_server: PostgresServer) -> None:
    name = postgres_server.create()
    address = postgres_server.dsn(name)
    assert "no database of this name" in await fails_at_the_start(address.replace(name, "not_there"))
    assert "refuses our user" in await fails_at_the_start(address.replace("postgres@", "stranger@"))
    assert "was lost" in await fails_at_the_start(address.replace(str(postgres_server.folder), "/nowhere"))
    database = await open_postgres(address)
    with pytest.raises(SchemaNotCurrent, match="was never set up"):
        await missing(database, ("shared",))
    await upgrade(database, ("shared",), NOW)
    assert not await missing(database, ("shared",))
    assert await missing(database, ("bank",))
    await _without_rights(postgres_server, name)
    await database.close()
    postgres_server.drop(name)


async def _without_rights(server: PostgresServer, name: str) -> None:
    """A role that may connect and read nothing."""
    server.run("DROP ROLE IF EXISTS nobody_yet")
    server.run("CREATE ROLE nobody_yet LOGIN")
    database: Database = await open_postgres(server.dsn(name).replace("postgres@", "nobody_yet@"))
    with pytest.raises(DatabaseUnavailable, match="does not let our user"):
        await missing(database, ("shared",))
    await database.close()
    server.run("DROP ROLE nobody_yet")

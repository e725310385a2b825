"""What only a server can do to us: end a connection, or find two transactions waiting for one another."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from poreka.store.database import Database, DatabaseUnavailable
from poreka.store.used_once import claiming
from tests.support.engines import NOW, migrated, opened

pytestmark = pytest.mark.postgres


@pytest_asyncio.fixture
async def database(postgres_dsn: str) -> AsyncIterator[Database]:
    async with migrated(postgres_dsn) as made:
        yield made


async def test_a_lost_connection_is_told_as_such_and_replaced(postgres_dsn: str, database: Database) -> None:
    other = await opened(postgres_dsn)

    async def lose_it() -> None:
        async with database.transaction() as transaction:
            await transaction.insert(claiming("a", "1", NOW))
            row = await transaction.one("SELECT pg_backend_pid() AS pid")
            assert row is not None
            await other.one("SELECT pg_terminate_backend(CAST($1 AS INT))", row["pid"])
            await transaction.insert(claiming("a", "2", NOW))

    with pytest.raises(DatabaseUnavailable):
        await lose_it()
    await database.insert(claiming("a", "1", NOW))
    assert len(await other.all("SELECT * FROM used_once")) == 1
    await other.close()


async def test_of_two_that_wait_for_one_another_one_may_go_on(database: Database) -> None:
    await database.insert(claiming("a", "1", NOW), claiming("a", "2", NOW))
    both_hold_one = asyncio.Barrier(2)

    async def touch(first: str, second: str) -> None:
        sql = "UPDATE used_once SET expires_at = expires_at + 1 WHERE value = $1"
        async with database.transaction() as transaction:
            await transaction.run(sql, first)
            await both_hold_one.wait()
            await transaction.run(sql, second)

    outcomes = await asyncio.gather(touch("1", "2"), touch("2", "1"), return_exceptions=True)
    assert sum(outcome is None for outcome in outcomes) == 1
    assert sum(isinstance(outcome, DatabaseUnavailable) for outcome in outcomes) == 1
    rows = await database.all("SELECT expires_at FROM used_once")
    assert [row["expires_at"] for row in rows] == [NOW + 1, NOW + 1]

import asyncio
import sqlite3
import sys
from pathlib import Path

import pytest

from poreka.store.database import AlreadyThere, Database, DatabaseUnavailable, Insert
from poreka.store.sqlite.turn import Next
from poreka.store.used_once import claiming
from tests.support.engines import NOW, Engine, opened


async def kinds(database: Database, kind: str = "a") -> list[str]:
    sql = "SELECT value FROM used_once WHERE kind = $1 ORDER BY value"
    return [row["value"] for row in await database.all(sql, kind)]


async def test_a_batch_is_there_when_the_call_returns(database: Database) -> None:
    await database.insert(claiming("a", "1", NOW), claiming("a", "2", NOW))
    assert await kinds(database) == ["1", "2"]


async def test_a_batch_is_all_or_nothing_and_names_the_table(database: Database) -> None:
    await database.insert(claiming("a", "2", NOW))
    client = Insert("clients", {"client_id": "c", "document": "{}", "created_at": NOW})
    with pytest.raises(AlreadyThere) as caught:
        await database.insert(claiming("a", "1", NOW), client, claiming("a", "2", NOW))
    assert caught.value.table == "used_once"
    assert await kinds(database) == ["2"]
    assert await database.all("SELECT * FROM clients") == []


async def test_the_first_of_two_tables_is_named(database: Database) -> None:
    client = Insert("clients", {"client_id": "c", "document": "{}", "created_at": NOW})
    await database.insert(client)
    with pytest.raises(AlreadyThere) as caught:
        await database.insert(client, claiming("a", "1", NOW))
    assert caught.value.table == "clients"
    assert await kinds(database) == []


async def test_a_batch_that_contradicts_itself_is_refused(database: Database) -> None:
    with pytest.raises(AlreadyThere):
        await database.insert(claiming("a", "1", NOW), claiming("a", "1", NOW))
    assert await kinds(database) == []


async def test_of_many_claims_at_once_exactly_one_wins(database: Database) -> None:
    claims = (database.insert(claiming("a", "1", NOW), claiming("b", str(i), NOW)) for i in range(40))
    outcomes = await asyncio.gather(*claims, return_exceptions=True)
    assert [outcome for outcome in outcomes if outcome is None] == [None]
    assert all(isinstance(outcome, AlreadyThere) for outcome in outcomes if outcome is not None)
    assert len(await kinds(database, "b")) == 1


async def test_leaving_a_transaction_with_an_exception_undoes_it(database: Database) -> None:
    async def fail() -> None:
        async with database.transaction() as transaction:
            await transaction.insert(claiming("a", "1", NOW))
            assert await transaction.run("UPDATE used_once SET expires_at = 0 WHERE kind = $1", "a") == 1
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    assert await kinds(database) == []
    await database.insert(claiming("a", "1", NOW))  # the connection is fit for use


async def test_a_transaction_is_not_seen_before_its_end(database: Database) -> None:
    async with database.transaction() as transaction:
        await transaction.insert(claiming("a", "1", NOW))
        assert await kinds(database) == []
        row = await transaction.one("SELECT count(*) AS number FROM used_once")
        assert row is not None
        assert row["number"] == 1
    assert await kinds(database) == ["1"]


async def test_already_there_in_a_transaction_comes_from_every_way_of_writing(database: Database) -> None:
    await database.insert(claiming("a", "1", NOW))
    again = "INSERT INTO used_once (kind, value, expires_at) VALUES ('a', '1', 0)"

    async def write(returning: bool) -> None:
        async with database.transaction() as transaction:
            if returning:
                await transaction.one(f"{again} RETURNING value")
            else:
                await transaction.run(again)

    for returning in (False, True):
        with pytest.raises(AlreadyThere) as caught:
            await write(returning)
        assert caught.value.table == "used_once"


async def test_run_tells_how_many_rows_changed(database: Database) -> None:
    await database.insert(*(claiming("a", str(i), NOW) for i in range(3)))
    assert await database.run("DELETE FROM used_once WHERE value < $1", "2") == 2
    assert await database.run("DELETE FROM used_once WHERE value = $1", "none") == 0
    assert await kinds(database) == ["2"]


async def test_increments_are_not_lost(database: Database) -> None:
    await database.insert(claiming("a", "1", 0))

    async def add_one() -> None:
        async with database.transaction() as transaction:
            await transaction.run("UPDATE used_once SET expires_at = expires_at + 1")

    await asyncio.gather(*(add_one() for _ in range(30)))
    row = await database.one("SELECT expires_at FROM used_once")
    assert row is not None
    assert row["expires_at"] == 30


async def test_a_caller_who_is_cancelled_leaves_no_open_transaction(database: Database) -> None:
    async def save(value: str) -> None:
        await database.insert(claiming("a", value, NOW))

    for number in range(20):
        task = asyncio.create_task(save(str(number)))
        for _ in range(number % 7):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    await database.insert(claiming("a", "after", NOW))
    assert "after" in await kinds(database)


async def test_values_come_back_as_they_went(database: Database) -> None:
    text = "zażółć gęślą jaźń 🙂 ' \" \\ $1 ; --"
    await database.insert(claiming(text, "1", 2**62))
    row = await database.one("SELECT * FROM used_once WHERE kind = $1", text)
    assert row is not None
    assert dict(row) == {"kind": text, "value": "1", "expires_at": 2**62}


async def test_sqlite_reads_cannot_write(engine: Engine, database: Database) -> None:
    if engine.name != "sqlite":
        pytest.skip("PostgreSQL has one kind of connection")
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        await database.all("DELETE FROM used_once RETURNING value")


async def test_sqlite_is_durable_and_private(engine: Engine, address: str, database: Database) -> None:
    if engine.name != "sqlite":
        pytest.skip("settings of SQLite")
    settings = [await database.one(f"PRAGMA {name}") for name in ("journal_mode", "synchronous")]
    assert [next(iter(row)) for row in settings if row is not None] == ["wal", 2]
    status = await asyncio.to_thread(Path(address).stat)
    assert status.st_mode & 0o777 == 0o600


async def test_a_commit_that_sqlite_refuses_undoes_all(engine: Engine, database: Database) -> None:
    if engine.name != "sqlite":
        pytest.skip("PostgreSQL ends a transaction by itself")
    await database.script("CREATE TABLE a (id TEXT PRIMARY KEY);")
    await database.script("CREATE TABLE b (a TEXT REFERENCES a (id) DEFERRABLE INITIALLY DEFERRED);")
    with pytest.raises(DatabaseUnavailable):
        await database.insert(claiming("a", "1", NOW), Insert("b", {"a": "nothing"}))
    assert await kinds(database) == []
    await database.insert(claiming("a", "1", NOW))  # the connection is fit for use
    assert await kinds(database) == ["1"]


async def test_sqlite_gives_up_when_another_holds_the_lock_too_long(
    engine: Engine, address: str, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    if engine.name != "sqlite":
        pytest.skip("PostgreSQL has no lock on the whole database")
    monkeypatch.setattr("poreka.store.sqlite.engine.WAIT_FOR_LOCK_SECONDS", 0.1)
    other = await opened(address)
    async with other.transaction():
        with pytest.raises(DatabaseUnavailable, match="write lock"):
            await database.insert(claiming("a", "1", NOW))
        assert await kinds(database) == []  # reading goes on
    await database.insert(claiming("a", "1", NOW))
    await other.close()


async def test_who_waits_to_write_to_sqlite_is_next_however_much_another_process_writes(
    engine: Engine, address: str, database: Database
) -> None:
    """Two connections are as two processes here: each has its own place in the line."""
    if engine.name != "sqlite":
        pytest.skip("PostgreSQL keeps a line of its own")
    other, written = await opened(address), asyncio.Event()

    async def write(whose: Database, name: str, times: int) -> None:
        for number in range(times):
            await whose.insert(claiming(name, str(number), NOW))
            written.set()

    much = asyncio.create_task(write(other, "much", 400))
    await written.wait()
    await asyncio.gather(*(write(database, f"one {number}", 1) for number in range(3)))
    assert not much.done(), "it came last"
    much.cancel()
    await asyncio.gather(much, return_exceptions=True)
    await other.close()


async def test_a_process_that_dies_leaves_its_place_in_the_line(tmp_path: Path) -> None:
    file = tmp_path / "bank.db"
    taking = (
        "import os; from pathlib import Path; from poreka.store.sqlite.turn import Next\n"
        f"Next(Path({str(file)!r})).take(); os.kill(os.getpid(), 9)"
    )
    died = await asyncio.create_subprocess_exec(sys.executable, "-c", taking)
    assert await died.wait() == -9
    place = Next(file)
    assert place.take()
    assert not Next(file).take()
    place.leave()


async def test_a_server_that_is_not_there_is_unavailable() -> None:
    with pytest.raises(DatabaseUnavailable):
        await opened("postgresql://nobody@/nothing?host=/nowhere/at/all")


async def test_two_pools_see_one_another(address: str, database: Database) -> None:
    other = await opened(address)
    await database.insert(claiming("a", "1", NOW))
    assert await kinds(other) == ["1"]
    await other.insert(claiming("a", "2", NOW))
    assert await kinds(database) == ["1", "2"]
    await other.close()

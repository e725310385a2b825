import asyncio
from collections.abc import Callable

import pytest

from poreka.audit.entries import AuditEntries
from poreka.audit.events import KeysRotated
from poreka.audit.record import AuditLog
from poreka.audit.verify import verify_log
from poreka.store.database import AlreadyThere, Database, DatabaseUnavailable
from poreka.store.fresh import Fresh
from poreka.store.used_once import claiming
from tests.support.engines import NOW, opened

KEY = b"audit key"


def event(kid: object = "k") -> KeysRotated:
    return KeysRotated(person_id=None, kid=str(kid))


@pytest.fixture
def log_on() -> Callable[[Database], AuditLog]:
    return lambda database: AuditLog(database, KEY, lambda: NOW, Fresh().id)


async def recorded(database: Database) -> list[str]:
    await verify_log(AuditEntries(database), KEY)
    return sorted(entry.details for entry in await AuditEntries(database).shown())


async def claims(database: Database) -> int:
    return len(await database.all("SELECT value FROM used_once"))


async def test_rows_and_event_are_saved_together_or_not_at_all(
    database: Database, log_on: Callable[[Database], AuditLog]
) -> None:
    audit = log_on(database)
    await audit.save(claiming("a", "1", NOW), event=event(1))
    with pytest.raises(AlreadyThere) as caught:
        await audit.save(claiming("a", "2", NOW), claiming("a", "1", NOW), event=event(2))
    assert caught.value.table == "used_once"
    await audit.save(claiming("a", "3", NOW), event=event(3))
    assert await recorded(database) == ['{"kid":"1"}', '{"kid":"3"}']
    assert await claims(database) == 2
    assert len(await AuditEntries(database).lanes()) == 1


async def test_a_transaction_that_fails_leaves_neither_rows_nor_events_nor_a_gap(
    database: Database, log_on: Callable[[Database], AuditLog]
) -> None:
    audit = log_on(database)
    await audit.save(event=event(1))

    async def fail() -> None:
        async with audit.transaction() as (transaction, record):
            await transaction.insert(claiming("a", "1", NOW))
            await record(event(2))
            await record(event(3))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    async with audit.transaction() as (transaction, record):
        await transaction.insert(claiming("a", "2", NOW))
        await record(event(4))
        await record(event(5))
    assert await recorded(database) == [f'{{"kid":"{kid}"}}' for kid in (1, 4, 5)]
    assert await claims(database) == 1
    assert len(await AuditEntries(database).lanes()) == 1


async def test_many_writers_at_once_keep_every_chain_whole(
    address: str, database: Database, log_on: Callable[[Database], AuditLog]
) -> None:
    other = await opened(address)
    logs = [log_on(database), log_on(database), log_on(other)]

    async def write(number: int) -> None:
        # Each value twice: half of the saves are undone in the middle of the others.
        await logs[number % 3].save(claiming("a", str(number // 2), NOW), event=event(number))

    outcomes = await asyncio.gather(*(write(number) for number in range(120)), return_exceptions=True)
    assert sum(isinstance(outcome, AlreadyThere) for outcome in outcomes) == 60
    assert sum(outcome is None for outcome in outcomes) == 60
    assert len(await recorded(database)) == 60
    assert len(await AuditEntries(database).lanes()) >= 3
    await other.close()


async def test_callers_who_are_cancelled_break_no_chain(
    database: Database, log_on: Callable[[Database], AuditLog]
) -> None:
    audit = log_on(database)
    for number in range(30):
        task = asyncio.create_task(audit.save(claiming("a", str(number), NOW), event=event(number)))
        for _ in range(number % 10):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    await audit.save(claiming("a", "last", NOW), event=event("last"))
    assert len(await recorded(database)) == await claims(database)


async def test_a_commit_of_unknown_outcome_is_followed_by_a_new_lane(
    database: Database, log_on: Callable[[Database], AuditLog], monkeypatch: pytest.MonkeyPatch
) -> None:
    audit = log_on(database)
    await audit.save(event=event(1))
    written = database.insert

    async def insert_and_lose_the_connection(*rows: object) -> None:
        await written(*rows)  # type: ignore[arg-type]  # handed through
        raise DatabaseUnavailable

    monkeypatch.setattr(database, "insert", insert_and_lose_the_connection)
    with pytest.raises(DatabaseUnavailable):
        await audit.save(event=event(2))
    monkeypatch.undo()
    await audit.save(event=event(3))
    assert await recorded(database) == [f'{{"kid":"{kid}"}}' for kid in (1, 2, 3)]
    assert len(await AuditEntries(database).lanes()) == 2

"""One deadline, shared down the call: whoever waits for a request waits no longer than what is left."""

import asyncio
from pathlib import Path

import pytest

from poreka.audit.record import LANES, AuditLog
from poreka.store.database import DatabaseUnavailable
from poreka.store.deadline import deadline, seconds_left
from poreka.store.fresh import Fresh
from poreka.store.postgres.connections import Connections, NoConnection
from poreka.store.sqlite.engine import open_sqlite


def test_without_a_deadline_a_wait_has_its_own_bound() -> None:
    assert seconds_left(7) == 7


def test_a_deadline_is_never_lengthened_by_one_inside_it() -> None:
    with deadline(1):
        with deadline(100):
            assert seconds_left(100) <= 1
        with deadline(0):
            assert seconds_left(100) == 0
        assert 0 < seconds_left(100) <= 1
    assert seconds_left(100) == 100


async def test_the_wait_for_a_connection_ends_with_the_request() -> None:
    async def connect() -> object:
        return object()

    connections = Connections(connect, 1, patience=3600)
    await connections.lend()
    with deadline(0.01), pytest.raises(NoConnection):
        await connections.lend()


async def test_the_wait_for_a_turn_to_write_ends_with_the_request(tmp_path: Path) -> None:
    database = open_sqlite(tmp_path / "one.db")
    await database.script("CREATE TABLE kept (number INTEGER)")
    async with database.transaction():
        with deadline(0.01), pytest.raises(DatabaseUnavailable, match="turn"):
            await database.run("DELETE FROM kept")
    await database.run("DELETE FROM kept")
    await database.close()


async def test_the_wait_for_a_lane_of_the_audit_log_ends_with_the_request(tmp_path: Path) -> None:
    database = open_sqlite(tmp_path / "one.db")
    log = AuditLog(database, b"key", lambda: 0, Fresh().id)
    for _ in range(LANES):
        await log._places.acquire()  # as many requests as there are lanes
    with deadline(0.01), pytest.raises(DatabaseUnavailable, match="lane"):
        await asyncio.wait_for(log.save_all((), ()), 30)
    await database.close()

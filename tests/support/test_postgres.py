"""The PostgreSQL fixture itself: a real server, a database of one's own, quick copies of a prepared one."""

import time

import asyncpg
import pytest

from tests.support.postgres import PostgresServer

pytestmark = pytest.mark.postgres


async def test_each_test_has_an_empty_database_that_keeps_polish_letters(postgres_dsn: str) -> None:
    connection = await asyncpg.connect(postgres_dsn)
    try:
        assert await connection.fetchval("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'") == 0
        assert await connection.fetchval("SELECT upper('zażółć gęślą jaźń')") == "ZAŻÓŁĆ GĘŚLĄ JAŹŃ"
    finally:
        await connection.close()


def test_a_prepared_database_is_copied_in_well_under_a_second(postgres_server: PostgresServer) -> None:
    template = postgres_server.create()
    postgres_server.run("CREATE TABLE people (key TEXT); INSERT INTO people VALUES ('jan')", template)
    begun = time.monotonic()
    copy = postgres_server.create(template)
    assert time.monotonic() - begun < 0.9
    assert postgres_server.run("SELECT key FROM people", copy) == "jan"
    postgres_server.drop(copy)
    postgres_server.drop(template)

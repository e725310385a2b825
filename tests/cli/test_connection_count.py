"""What workers may need of PostgreSQL's connections, compared with what it gives, and said when a system begins."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from poreka.demo.presets import Address, settings_text
from poreka.running.foundation import lay
from poreka.running.serving.connection_count import warn_of_too_few_connections
from poreka.settings import read_settings
from poreka.store.postgres.engine import open_postgres
from poreka.store.postgres.limits import connections_given, connections_needed, same_server
from poreka.store.sqlite.engine import open_sqlite
from poreka.web.settings.every_kind import CommonSettings, SettingsError
from tests.support.postgres import PostgresServer

postgres = pytest.mark.postgres


def settings_with(folder: Path, database: str, connections: int) -> CommonSettings:
    file = folder / "bank.toml"
    text = settings_text("millenet", Address(8000))
    kept = [line for line in text.splitlines() if not line.startswith("database =")]
    place = kept.index("[system]") + 1
    kept[place:place] = [f'database = "{database}"', f"database_connections = {connections}"]
    file.write_text("\n".join(kept), encoding="utf-8")
    return read_settings(file)


@pytest.fixture
def few_dsn(postgres_server: PostgresServer, postgres_dsn: str) -> str:
    """The address for a role that is given nine connections."""
    postgres_server.run(
        "DO $$ BEGIN CREATE ROLE nine LOGIN CONNECTION LIMIT 9; EXCEPTION WHEN duplicate_object THEN NULL; END $$"
    )
    return postgres_dsn.replace("postgres@", "nine@")


@postgres
@pytest.mark.parametrize(("workers", "connections", "fits"), [(1, 6, True), (1, 7, False), (2, 2, True), (2, 3, False)])
async def test_workers_that_may_need_more_connections_than_there_are_are_told_with_the_whole_sum(
    tmp_path: Path, few_dsn: str, workers: int, connections: int, fits: bool
) -> None:
    database = await open_postgres(few_dsn, pool_size=1)
    settings = settings_with(tmp_path, few_dsn, connections)
    with capture_logs() as said:
        await warn_of_too_few_connections(settings, database, workers)
    await database.close()
    warnings = [(one["given"], one["needed"]) for one in said]
    assert warnings == ([] if fits else [(9, connections_needed(workers, connections, 1))])


@postgres
async def test_what_the_server_reserves_for_others_is_not_given(postgres_server: PostgresServer) -> None:
    database = await open_postgres(postgres_server.dsn(), pool_size=1)
    reserved = int(postgres_server.run("SHOW superuser_reserved_connections"))
    most = int(postgres_server.run("SHOW max_connections"))
    assert await connections_given(database) == most - reserved
    await database.close()


@postgres
async def test_a_system_holds_no_more_connections_than_its_settings_say(tmp_path: Path, postgres_dsn: str) -> None:
    base = await lay(settings_with(tmp_path, postgres_dsn, 2), tmp_path, lambda: 1_800_000_000)
    database: Any = base.database
    await asyncio.gather(*(database.one("SELECT pg_sleep(0.05)") for _ in range(8)))
    assert database._connections._open == 2
    await database.close()


async def test_one_file_needs_no_connections_of_a_server(tmp_path: Path) -> None:
    database = open_sqlite(tmp_path / "bank.db")
    with capture_logs() as said:
        await warn_of_too_few_connections(settings_with(tmp_path, "sqlite:bank.db", 1000), database, 64)
    await database.close()
    assert said == []


def test_a_worker_being_renewed_needs_its_connections_beside_the_one_it_replaces() -> None:
    assert connections_needed(4, 10, 1) == 5 * 10 + 3
    assert connections_needed(1, 10, 2) == 2 * 10 + 3


def test_databases_of_one_server_share_its_connections() -> None:
    assert same_server("postgresql://a@db:5432/one", "postgresql://b@db:5432/two")
    assert same_server("postgresql:///one?host=/run/pg", "postgresql:///two?host=/run/pg")
    assert not same_server("postgresql://a@db:5432/one", "postgresql://a@other:5432/one")


@pytest.mark.parametrize("connections", [0, -1, 1001])
def test_a_system_has_one_connection_at_least_and_a_thousand_at_most(tmp_path: Path, connections: int) -> None:
    with pytest.raises(SettingsError, match="database_connections"):
        settings_with(tmp_path, "sqlite:bank.db", connections)

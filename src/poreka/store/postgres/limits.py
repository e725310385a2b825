"""How many connections a PostgreSQL server gives a system, and how many the system may come to need.

The least of three limits counts: the server's, without what it reserves for others; the role's; the database's.
Behind a pooler the answer is that of the server behind it.
"""

from urllib.parse import parse_qs, urlsplit

from poreka.store.database import Database

SPARE = 3  # for commands (`poreka …`), a backup, an operator's psql

_LIMITS = """
SELECT current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
    - coalesce(current_setting('reserved_connections', true), '0')::int AS server,
  (SELECT rolconnlimit FROM pg_roles WHERE rolname = current_user) AS role,
  (SELECT datconnlimit FROM pg_database WHERE datname = current_database()) AS base
"""


async def connections_given(database: Database) -> int:
    """How many connections there are for us at most."""
    row = await database.one(_LIMITS)
    limits: list[int | None] = [row[name] for name in ("server", "role", "base")] if row else []
    return min(limit for limit in limits if limit is not None and limit >= 0)  # -1: no limit of its own


def connections_needed(workers: int, pool: int, pools: int) -> int:
    """How many there may come to be: a renewed worker stands beside the one it replaces for a while."""
    processes = workers + 1 if workers > 1 else 1
    return processes * pools * pool + SPARE


def same_server(one: str, other: str) -> bool:
    """Whether two addresses lead to the same server, as far as one can tell from them."""
    return _server(one) == _server(other)


def _server(url: str) -> tuple[str, ...]:
    parts = urlsplit(url)
    asked = parse_qs(parts.query)
    return (parts.netloc.rpartition("@")[2], *asked.get("host", ()), *asked.get("port", ()))

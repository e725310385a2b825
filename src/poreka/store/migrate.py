"""Migrations: numbered SQL files, forward only, in sets that a system combines.

A bank needs the sets `shared`, `provider` and `bank`, a portal `shared`, `relying` and `portal`.
A file is `NNNN_name.sql`, or `NNNN_name.sqlite.sql` beside `NNNN_name.postgresql.sql` where the
engines truly differ. What was applied is kept in the table `migrations`; two processes that
start together do not run one twice. Nothing here ever deletes.
"""

from dataclasses import dataclass
from importlib import resources

from poreka.store.database import AlreadyThere, Database, Insert, Value

_TABLE = """CREATE TABLE IF NOT EXISTS migrations (
  part TEXT NOT NULL, number BIGINT NOT NULL, name TEXT NOT NULL, applied_at BIGINT NOT NULL,
  PRIMARY KEY (part, number))"""

_WAS_SET_UP = {
    "sqlite": "SELECT name FROM sqlite_master WHERE name = 'migrations'",
    "postgresql": "SELECT name FROM (SELECT to_regclass('migrations') AS name) AS it WHERE name IS NOT NULL",
}

# PostgreSQL's IF NOT EXISTS fails when two processes create a table at the same moment; the lock ends with
# the transaction. SQLite has one writer anyway.
_ONE_AT_A_TIME = {"postgresql": "SELECT pg_advisory_xact_lock(7663572); "}


@dataclass(frozen=True, slots=True)
class Migration:
    """One file of a set."""

    part: str
    number: int
    name: str
    sql: str


class SchemaNotCurrent(Exception):
    """The database misses migrations (run `poreka db upgrade`) or is newer than this software."""


def migrations_of(part: str, engine: str) -> list[Migration]:
    """The migrations of a set for an engine (`sqlite` or `postgresql`), in order."""
    found = []
    for file in resources.files("poreka.store.migrations").joinpath(part).iterdir():
        stem, *variant = file.name.removesuffix(".sql").split(".")
        if file.name.endswith(".sql") and variant in ([], [engine]):
            number, _, name = stem.partition("_")
            found.append(Migration(part, int(number), name, file.read_text("utf-8")))
    return sorted(found, key=lambda migration: migration.number)


async def upgrade(database: Database, parts: tuple[str, ...], now: int) -> list[Migration]:
    """Apply what is missing, each file in its own transaction, and return what was applied."""
    await database.script(_ONE_AT_A_TIME.get(database.engine, "") + _TABLE)
    applied = []
    for migration in await missing(database, parts):
        try:
            await _apply(database, migration, now)
        except AlreadyThere as error:
            if error.table != "migrations":
                raise
            continue  # another process that started with us was quicker
        applied.append(migration)
    return applied


async def _apply(database: Database, migration: Migration, now: int) -> None:
    row: dict[str, Value] = {
        "part": migration.part,
        "number": migration.number,
        "name": migration.name,
        "applied_at": now,
    }
    async with database.transaction() as transaction:
        await transaction.insert(Insert("migrations", row))
        await transaction.script(migration.sql)


async def missing(database: Database, parts: tuple[str, ...]) -> list[Migration]:
    """What `upgrade` would apply; raises `SchemaNotCurrent` when the database is the newer one, or was never set up."""
    if await database.one(_WAS_SET_UP[database.engine]) is None:
        raise SchemaNotCurrent("the database was never set up; run: poreka db upgrade")
    rows = await database.all("SELECT part, number FROM migrations")
    done = {(row["part"], row["number"]) for row in rows}
    wanted = [migration for part in parts for migration in migrations_of(part, database.engine)]
    known = {(migration.part, migration.number) for migration in wanted}
    unknown = sorted((part, number) for part, number in done if part in parts and (part, number) not in known)
    if unknown:
        part, number = unknown[-1]
        raise SchemaNotCurrent(f"the database is newer than this software: it has {part} {number:04}")
    return [migration for migration in wanted if (migration.part, migration.number) not in done]

"""Every table that migrations make is swept, or is named as a record that stays: nothing grows by oversight."""

import sqlite3
from collections import Counter
from importlib import resources

from poreka.kinds import KINDS
from poreka.store.migrate import migrations_of
from poreka.store.sweep import RECORDS, SWEPT, SWEPT_OTHERWISE
from poreka.systems.portal.settings import REGISTER

PARTS = tuple(dict.fromkeys((*(part for kind in KINDS for part in kind.parts), *REGISTER)))


def tables_made() -> dict[str, set[str]]:
    """The tables of each set of migrations, as they are after the last of them."""
    database, made, before = sqlite3.connect(":memory:"), dict[str, set[str]](), set[str]()
    for part in PARTS:
        for migration in migrations_of(part, "sqlite"):
            database.executescript(migration.sql)
        now = {name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        made[part], before = now - before, now
    database.close()
    return {part: {name for name in names if not name.startswith("sqlite_")} for part, names in made.items()}


def test_every_set_of_migrations_belongs_to_a_kind() -> None:
    folders = {one.name for one in resources.files("poreka.store.migrations").iterdir() if one.is_dir()}
    assert set(PARTS) == {name for name in folders if not name.startswith("__")}


def test_every_table_is_swept_or_named_as_a_record() -> None:
    listed = {
        part: Counter(
            (*(one.table for one in SWEPT.get(part, ())), *SWEPT_OTHERWISE.get(part, ()), *RECORDS.get(part, ()))
        )
        for part in {*PARTS, *SWEPT, *SWEPT_OTHERWISE, *RECORDS}
    }
    assert {part: dict(found) for part, found in listed.items()} == {
        part: dict.fromkeys(names, 1) for part, names in tables_made().items()
    }, "put a new table into SWEPT or RECORDS of store/sweep.py, once"

"""`poreka db`: bring a system's databases up to date.

Migrations only go forward and never delete (`store/migrate.py`); a server never runs them by itself.
"""

import asyncio
from pathlib import Path

from poreka.cli.faults import explained
from poreka.running.foundation import open_database
from poreka.running.real_clock import real_clock
from poreka.settings import read_settings
from poreka.store.migrate import upgrade
from poreka.web.settings.every_kind import CommonSettings


def upgrade_databases(file: Path, /) -> None:
    """Apply the migrations that a system's database misses.

    Parameters
    ----------
    file
        The system's settings file.
    """
    with explained(file):
        asyncio.run(_upgrade(read_settings(file), file.parent))


async def _upgrade(settings: CommonSettings, folder: Path) -> None:
    databases = [(settings.system.database, settings.KIND.parts), *settings.other_databases()]
    for url, parts in databases:
        database = await open_database(url, folder)
        try:
            applied = await upgrade(database, parts, real_clock())
        finally:
            await database.close()
        for migration in applied:
            print(f"applied  {migration.part} {migration.number:04} {migration.name}")
        if not applied:
            print(f"current  {', '.join(parts)}")

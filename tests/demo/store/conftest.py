"""The contract suite of the store: `database` runs each test once on SQLite and once on PostgreSQL."""

from tests.support.stores import address, database, engine, fresh, seal

__all__ = ["address", "database", "engine", "fresh", "seal"]

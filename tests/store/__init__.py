"""The contract of the store, run on SQLite and on PostgreSQL: what holds on one engine holds on both."""

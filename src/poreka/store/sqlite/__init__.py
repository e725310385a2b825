"""SQLite behind the `Database` contract."""

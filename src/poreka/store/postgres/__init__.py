"""PostgreSQL behind the `Database` contract."""

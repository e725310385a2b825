"""A bank in this process, for deeds that need no server."""

from tests.support.in_process import bank, bank_on_each, bank_template, postgres_bank, sqlite_bank

__all__ = ["bank", "bank_on_each", "bank_template", "postgres_bank", "sqlite_bank"]

"""What these tests stand on: a whole bank in this process."""

from tests.support.in_process import bank, bank_on_each, bank_template, postgres_bank, sqlite_bank

__all__ = ["bank", "bank_on_each", "bank_template", "postgres_bank", "sqlite_bank"]

"""What these tests stand on: a whole bank in this process, and the command `poreka`."""

from tests.cli.conftest import run
from tests.support.in_process import bank, bank_on_each, bank_template, postgres_bank, sqlite_bank

__all__ = ["bank", "bank_on_each", "bank_template", "postgres_bank", "run", "sqlite_bank"]

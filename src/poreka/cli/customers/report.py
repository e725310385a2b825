"""The report about a file with customers, which can be given back to whoever made the file: a CSV for a spreadsheet.

Row, column as the file calls it, what is wrong in plain words, and whether the row was refused. It holds no value of
the file, so no PESEL, phone or formula. UTF-8 with a mark at its start and semicolons: Excel in Polish opens it so.
"""

import csv
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from poreka.cli.faults import explained
from poreka.provider.customers.importing import Tell
from poreka.provider.rules.customer_row import RowFault
from poreka.web.texts import Texts


@contextmanager
def customer_report(file: Path | None, texts: Texts) -> Iterator[Tell]:
    """Where rows are written down; nowhere without a file."""
    if file is None:
        yield lambda *_: None
        return
    with explained(file):
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8-sig", newline="") as opened:
        writer = csv.writer(opened, delimiter=";")
        writer.writerow(texts(f"customer_file.{name}") for name in ("row", "column", "what", "outcome"))

        def tell(row: int, fault: RowFault, outcome: str, header: Mapping[str, str]) -> None:
            column = header.get(fault.column, fault.column)
            writer.writerow((row, column, words_of(fault, texts), texts(f"customer_file.{outcome}")))

        yield tell


def words_of(fault: RowFault, texts: Texts) -> str:
    """What is wrong, in plain words."""
    return texts(f"customer_file.fault.{fault.fault.value}")

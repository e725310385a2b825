"""Reading a file with customers: a header row that names our columns, then row by row, with their numbers.

A row's number is the one that a spreadsheet shows. A row at fault is refused and the next one read; a file at fault as
a whole is `FileUnfit`. How the file may be written is `table_file.py`. Nothing that stands in it is repeated.
"""

from collections.abc import Callable, Iterator
from typing import BinaryIO

from poreka.provider.customers.table_file import FileUnfit, Lines, TableForm, rows_of
from poreka.provider.rules.customer_columns import column_of, header_fault
from poreka.provider.rules.customer_row import CustomerRow, Fault, RowFault, read_customer_row
from poreka.rules.people.phone_number import TakenNumbers

Judged = tuple[int, CustomerRow | tuple[RowFault, ...]]


class CustomerFile:
    """One pass over a file from its start; `digest` is of what was read of it so far."""

    def __init__(
        self, file: BinaryIO, form: TableForm, *, masked: bool, taken: TakenNumbers, on_bytes: Callable[[int], None]
    ) -> None:
        file.seek(0)
        self._form, self._masked, self._taken = form, masked, taken
        self._lines = Lines(file, form.encoding, on_bytes)
        self._seen: set[str] = set()
        self.header: dict[str, str] = {}  # what the file calls our columns

    @property
    def digest(self) -> str:
        """SHA-256 of what was read, in hexadecimal."""
        return self._lines.digest

    def rows(self) -> Iterator[Judged]:
        """Each row with its number: a customer, or everything that is wrong with it. Raises `FileUnfit`."""
        rows = rows_of(self._lines, self._form)
        header = next(rows, None)
        if header is None:
            raise FileUnfit("the file is empty")
        names = _without_end(header)
        if fault := header_fault(names):
            raise FileUnfit(f"row 1: {fault}")
        columns = [column_of(name) or "" for name in names]
        self.header = {column: name.strip(" =+-@") for column, name in zip(columns, names, strict=True)}
        for number, cells in enumerate(rows, start=2):
            if any(not cell.isspace() for cell in cells if cell):
                yield number, self._judged(columns, cells)

    def _judged(self, columns: list[str], cells: list[str]) -> CustomerRow | tuple[RowFault, ...]:
        if len(_without_end(cells)) > len(columns) or len(cells) < len(columns):
            return (RowFault("", Fault.CELLS),)
        named = dict(zip(columns, cells, strict=False))
        read = read_customer_row(named, masked=self._masked, taken=self._taken)
        if isinstance(read, CustomerRow):
            if read.number in self._seen:
                return (RowFault("number", Fault.TWICE),)
            self._seen.add(read.number)
        return read


def _without_end(cells: list[str]) -> list[str]:
    """The cells without the empty ones that a spreadsheet adds at the end."""
    filled = [place for place, cell in enumerate(cells, start=1) if cell.strip()]
    return cells[: filled[-1]] if filled else []

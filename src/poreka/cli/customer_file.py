"""Reading a CSV file with customers: UTF-8, a header row, commas or semicolons; row by row, with their lines.

A row at fault is refused and the next one read. A file at fault as a whole (no header, a quotation mark
that is never closed, a line beyond all measure) is `FileUnfit`. Nothing that stands in it is repeated.
"""

import csv
import hashlib
from collections.abc import Callable, Iterator
from typing import BinaryIO

from poreka.rules.customer_row import CustomerRow, RowFault, header_fault, read_customer_row

LONGEST_LINE = 64 * 1024  # bytes
BOM = b"\xef\xbb\xbf"
Judged = tuple[int, CustomerRow | tuple[RowFault, ...]]


class FileUnfit(Exception):
    """The file cannot be read as a table of customers; the message names the line."""


class CustomerFile:
    """One pass over a file; `digest` is of what was read of it so far."""

    def __init__(self, file: BinaryIO, *, masked: bool, on_bytes: Callable[[int], None]) -> None:
        self._file, self._masked, self._on_bytes = file, masked, on_bytes
        self._hash, self._line = hashlib.sha256(), 0

    @property
    def digest(self) -> str:
        """SHA-256 of what was read, in hexadecimal."""
        return self._hash.hexdigest()

    def rows(self) -> Iterator[Judged]:
        """Each row with the line it begins at: a customer, or everything that is wrong with it."""
        lines = self._lines()
        first = next(lines, "")
        reader = csv.reader(_with_first(first, lines), delimiter=_delimiter(first), strict=True)
        header = self._next(reader)
        if header is None:
            raise FileUnfit("the file is empty")
        names = [name.strip() for name in header]
        if fault := header_fault(names):
            raise FileUnfit(f"line 1: {fault}")
        seen: set[str] = set()
        begins = reader.line_num + 1
        while (cells := self._next(reader)) is not None:
            if cells:
                yield begins, self._judged(names, cells, seen)
            begins = reader.line_num + 1

    def _judged(self, names: list[str], cells: list[str], seen: set[str]) -> CustomerRow | tuple[RowFault, ...]:
        if len(cells) != len(names):
            return (RowFault("", f"has {len(cells)} cells, not {len(names)}"),)
        read = read_customer_row(dict(zip(names, cells, strict=True)), masked=self._masked)
        if isinstance(read, CustomerRow):
            if read.number in seen:
                return (RowFault("number", "comes twice in this file"),)
            seen.add(read.number)
        return read

    def _next(self, reader: "Iterator[list[str]]") -> list[str] | None:
        try:
            return next(reader, None)
        except csv.Error as error:
            raise FileUnfit(f"line {self._line}: {_said(error)}; nothing of the file is imported") from None

    def _lines(self) -> Iterator[str]:
        while line := self._file.readline(LONGEST_LINE + 1):
            self._line += 1
            if len(line) > LONGEST_LINE:
                raise FileUnfit(f"line {self._line}: is longer than {LONGEST_LINE} bytes")
            self._hash.update(line)
            self._on_bytes(len(line))
            yield line.removeprefix(BOM if self._line == 1 else b"").decode("utf-8", "surrogateescape")


def _with_first(first: str, rest: Iterator[str]) -> Iterator[str]:
    if first:
        yield first
        yield from rest


def _delimiter(header: str) -> str:
    return ";" if ";" in header else ","


def _said(error: csv.Error) -> str:
    """In our words: those of the library may repeat a character of the file."""
    too_long = "field larger" in str(error)
    return "a cell is too long" if too_long else "a quotation mark stands where it must not, or is never closed"

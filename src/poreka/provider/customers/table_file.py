"""Reading a table from a CSV file as spreadsheets write it: its encoding, its separator, then row by row.

The file says what it is, or is looked through: a mark at the start (BOM) means UTF-8 or UTF-16; without one it is
UTF-8, or else Windows-1250, which Excel in Polish writes. Other encodings, which would be read as other letters, are
recognised and refused. `FileUnfit` names what was met; nothing that stands in the file is repeated.
"""

import codecs
import csv
import hashlib
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import BinaryIO

LONGEST_LINE = 64 * 1024
CHUNK = 1024 * 1024
SEPARATORS = {";": "semicolons", ",": "commas", "\t": "tabs"}
NAMES = {"utf-8-sig": "UTF-8", "utf-16": "UTF-16", "cp1250": "Windows-1250"}
SAVE = "; in the spreadsheet choose: save as, CSV UTF-8"
NO_TEXT = {
    b"PK\x03\x04": "is a workbook (.xlsx or .ods), and no CSV file",
    b"\xd0\xcf\x11\xe0": "is a workbook (.xls), and no CSV file",
    b"\xff\xfe\0\0": "is UTF-32",
    b"\0\0\xfe\xff": "is UTF-32",
}
POLISH_IN_UTF_8 = re.compile(rb"\xc3[\x93\xb3]|\xc4[\x84-\x87\x98\x99]|\xc5[\x81-\x84\x9a\x9b\xb9-\xbc]")
# Ą Ś Ź ą ś, and ź after a small letter: in Windows-1250 these bytes are signs, and a letter that stands nowhere so.
POLISH_IN_ISO_8859_2 = re.compile(rb"[\xa1\xa6\xac\xb1\xb6]|[a-z\xb3\xbf\xe0-\xfe]\xbc")
NAMED_SEPARATOR = re.compile(r'"?sep=(.)"?\r?\n?', re.IGNORECASE | re.DOTALL)


class FileUnfit(Exception):
    """The file cannot be read as a table; the message says which of the known troubles it is."""


@dataclass(frozen=True, slots=True)
class TableForm:
    """How a file is written; `named`: its first line names the separator and is no row."""

    encoding: str
    separator: str
    named: bool

    def __str__(self) -> str:
        return f"{NAMES[self.encoding]}, separated by {SEPARATORS[self.separator]}"


def form_of(file: BinaryIO) -> TableForm:
    """Look the whole file through; raises `FileUnfit`. The file is at its start afterwards."""
    file.seek(0)
    encoding = _encoding(file)
    file.seek(0)
    lines = Lines(file, encoding)
    first = next(iter(lines), "")
    file.seek(0)
    if named := NAMED_SEPARATOR.fullmatch(first):
        if named[1] not in SEPARATORS:
            raise FileUnfit("line 1: sep= names a separator that is none of ; , and tab")
        return TableForm(encoding, named[1], named=True)
    return TableForm(encoding, _separator(first), named=False)


def rows_of(lines: "Lines", form: TableForm) -> Iterator[list[str]]:
    """The rows, the header among them; empty lines are empty rows. Raises `FileUnfit`."""
    texts = iter(lines)
    if form.named:
        next(texts, None)
    reader = csv.reader(texts, delimiter=form.separator, strict=True)
    while True:
        try:
            row = next(reader, None)
        except csv.Error as error:
            raise FileUnfit(f"line {lines.number}: {_said(error)}; nothing of the file is imported") from None
        if row is None:
            return
        yield row


class Lines:
    """The lines of a file from where it stands; `digest` is of what was read so far, `number` the last line's."""

    def __init__(self, file: BinaryIO, encoding: str, on_bytes: Callable[[int], object] = lambda _: None) -> None:
        self._hash, self.number = hashlib.sha256(), 0
        self._on_bytes = on_bytes
        raw = io.BufferedReader(_Heard(file, self._hear), CHUNK)
        self._text = io.TextIOWrapper(raw, encoding=encoding, newline="")

    @property
    def digest(self) -> str:
        """SHA-256 of what was read, in hexadecimal."""
        return self._hash.hexdigest()

    def _hear(self, piece: bytes) -> None:
        self._hash.update(piece)
        self._on_bytes(len(piece))

    def __iter__(self) -> Iterator[str]:
        try:
            while line := self._text.readline(LONGEST_LINE + 1):
                self.number += 1
                if len(line) > LONGEST_LINE:
                    raise FileUnfit(f"line {self.number}: is longer than {LONGEST_LINE} characters")
                yield line
        except UnicodeError:
            raise FileUnfit("was changed while it was read; import it again") from None


class _Heard(io.RawIOBase):
    """A file whose every piece is heard; it does not close the file."""

    def __init__(self, file: BinaryIO, hear: Callable[[bytes], None]) -> None:
        self._file, self._hear = file, hear

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "memoryview") -> int:  # type: ignore[override]
        piece = self._file.read(len(buffer))
        buffer[: len(piece)] = piece
        self._hear(piece)
        return len(piece)


def _encoding(file: BinaryIO) -> str:
    first = file.read(CHUNK)
    for start, what in NO_TEXT.items():
        if first.startswith(start):
            raise FileUnfit(what + SAVE)
    pieces = chain([first], iter(lambda: file.read(CHUNK), b""))
    if first.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        if _first_fault(pieces, "utf-16") is not None:
            raise FileUnfit("begins as UTF-16, and is not UTF-16 to its end" + SAVE)
        return "utf-16"
    if b"\0" in first:
        utf_16 = not first[::2].strip(b"\0") or not first[1::2].strip(b"\0") or first.count(b"\0") > len(first) // 4
        raise FileUnfit(("is UTF-16 without the mark at its start (BOM)" if utf_16 else "is no text") + SAVE)
    bad = _first_fault(pieces, "utf-8-sig")
    if bad is None:
        return "utf-8-sig"
    if first.startswith(codecs.BOM_UTF8):
        raise FileUnfit(f"line {bad}: is not UTF-8, though the file begins as UTF-8" + SAVE)
    file.seek(0)
    return _central_european(iter(lambda: file.read(CHUNK), b""), bad)


def _first_fault(pieces: Iterator[bytes], encoding: str) -> int | None:
    """The line in which the bytes are not of this encoding."""
    decoder, line = codecs.getincrementaldecoder(encoding)(), 1
    for piece in chain(pieces, [b""]):
        try:
            line += decoder.decode(piece, final=not piece).count("\n")
        except UnicodeDecodeError as fault:
            return line + fault.object[: fault.start].count(b"\n")
    return None


def _central_european(pieces: Iterator[bytes], bad: int) -> str:
    """Windows-1250, unless its letters would be other letters; `bad` is the first line that is not UTF-8."""
    last = b""
    for read in pieces:
        piece = last + read
        last = read[-1:]
        if POLISH_IN_UTF_8.search(piece):
            raise FileUnfit(f"line {bad}: is not UTF-8, though other lines are: the file mixes encodings" + SAVE)
        if POLISH_IN_ISO_8859_2.search(piece):
            raise FileUnfit("is ISO-8859-2" + SAVE)
        try:
            piece.decode("cp1250")
        except UnicodeDecodeError:
            raise FileUnfit("is neither UTF-8 nor UTF-16 nor Windows-1250" + SAVE) from None
    return "cp1250"


def _separator(header: str) -> str:
    """By which the header has the most cells."""
    cells = {separator: _cells(header, separator) for separator in SEPARATORS}
    separator = max(cells, key=lambda one: cells[one])
    if cells[separator] == 1 and "|" in header:
        raise FileUnfit("line 1: the separator is |; columns must be separated by ; , or tabs")
    return separator


def _cells(header: str, separator: str) -> int:
    try:
        return len(next(csv.reader([header], delimiter=separator, strict=True), ""))
    except csv.Error:
        return 1


def _said(error: csv.Error) -> str:
    """In our words: those of the library may repeat a character of the file."""
    too_long = "field larger" in str(error)
    return "a cell is too long" if too_long else "a quotation mark stands where it must not, or is never closed"

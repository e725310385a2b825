"""`poreka customers`: a bank's own table of customers, filled from a file.

The file is read twice: first all of it is judged and the refused rows are reported, then the good ones are
saved, some at a time, while the bank goes on answering. A number that is there already is brought up to
date and keeps its id, so a file may be imported again, also after it was broken off. The audit event is
saved together with the first rows.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Annotated, BinaryIO, Literal

import cyclopts
import msgspec
from rich.console import Console
from rich.progress import Progress, TaskID

from poreka.audit.events import CustomersImported
from poreka.audit.record import AuditLog
from poreka.cli.customers.file import CustomerFile
from poreka.cli.customers.report import Tell, customer_report, words_of
from poreka.cli.customers.table_file import FileUnfit, TableForm, form_of
from poreka.cli.ending import FAILED
from poreka.cli.faults import explained
from poreka.cli.opened import with_system
from poreka.provider.rules.customer_row import CustomerRow, RowFault
from poreka.provider.settings.vouching import VouchingSettings
from poreka.provider.store.customers import MOST_NUMBERS, Customers, NewCustomer
from poreka.running.failed import Failed
from poreka.running.foundation import Foundation, of_kind
from poreka.web.texts import load_texts

SHOWN = 10  # refused rows told where no report is asked for


@dataclass(slots=True)
class Judgement:
    """What the first reading came to."""

    accepted: int = 0
    refused: int = 0
    mended: int = 0
    digest: str = ""
    shown: list[tuple[int, RowFault]] = field(default_factory=list)


def import_customers(
    file: Path,
    table: Path,
    /,
    *,
    dry_run: Annotated[bool, cyclopts.Parameter(negative=())] = False,
    report: Path | None = None,
    report_language: Literal["pl", "en"] = "pl",
) -> None:
    """Add customers from a CSV file, or bring them up to date.

    Parameters
    ----------
    file
        The bank's settings file.
    table
        CSV file with a header row, as spreadsheets write it; docs/operating.md names its columns.
    dry_run
        Say what would be done, and save nothing.
    report
        Write refused and mended rows to this CSV file, for whoever made the other: row, column, what is wrong,
        never a value.
    report_language
        The language of that report.
    """
    found = Judgement()

    async def work(base: Foundation) -> None:
        if of_kind(base, VouchingSettings).settings.customers.source != "own":
            raise Failed("customers.source: this bank's customers are in another system; nothing is imported here")
        with explained(table), table.open("rb") as opened, _progress(opened) as bars:
            reading = _Reading(opened, _form(opened), bars, base)
            with customer_report(report, load_texts()[report_language]) as tell:
                _judge(reading, found, tell)
            added, changed = await _save(base, reading, found, dry_run=dry_run)
        print(f"read as {reading.form}")
        _tell(found, added, changed, report, dry_run=dry_run)

    if report is not None and report.exists() and table.exists() and report.samefile(table):
        with explained(report):
            raise Failed("is the file to be imported; the report needs another name")
    with_system(file, work, "bank")
    if found.refused:
        raise SystemExit(FAILED)


class _Bars:
    """How far each reading is, on the terminal."""

    def __init__(self, progress: Progress, total: int) -> None:
        self._progress, self._total = progress, total
        self._bar: TaskID | None = None

    def begin(self, what: str) -> None:
        self._bar = self._progress.add_task(what, total=self._total)

    def advance(self, read: int) -> None:
        if self._bar is not None:
            self._progress.advance(self._bar, read)


@contextmanager
def _progress(opened: BinaryIO) -> Iterator[_Bars]:
    with Progress(console=Console(stderr=True)) as progress:
        yield _Bars(progress, os.fstat(opened.fileno()).st_size)


class _Reading:
    """The file to be read, twice, under the settings of this bank."""

    def __init__(self, opened: BinaryIO, form: TableForm, bars: _Bars, base: Foundation) -> None:
        self._opened, self.form, self._bars = opened, form, bars
        self._masked, self._taken = base.settings.sign_in == "masked", base.settings.sms.numbers

    def once(self, what: str) -> CustomerFile:
        """A pass from the beginning."""
        self._bars.begin(what)
        return CustomerFile(
            self._opened, self.form, masked=self._masked, taken=self._taken, on_bytes=self._bars.advance
        )


def _form(opened: BinaryIO) -> TableForm:
    try:
        return form_of(opened)
    except FileUnfit as fault:
        raise Failed(str(fault)) from None


def _rows(reading: CustomerFile) -> Iterator[tuple[int, CustomerRow | tuple[RowFault, ...]]]:
    try:
        yield from reading.rows()
    except FileUnfit as fault:
        raise Failed(str(fault)) from None


def _judge(reading: _Reading, found: Judgement, tell: Tell) -> None:
    """Read all of it, save nothing, and write down what is refused or mended."""
    file = reading.once("checking")
    for number, row in _rows(file):
        if isinstance(row, CustomerRow):
            found.accepted += 1
            found.mended += bool(row.mended)
            for mended in row.mended:
                tell(number, mended, "mended", file.header)
            continue
        found.refused += 1
        for fault in row:
            tell(number, fault, "refused", file.header)
            if len(found.shown) < SHOWN:
                found.shown.append((number, fault))
    found.digest = file.digest


async def _save(base: Foundation, reading: _Reading, found: Judgement, *, dry_run: bool) -> tuple[int, int]:
    """Read it again and save the good rows; how many were added and how many were there."""
    file = reading.once("comparing" if dry_run else "saving")
    good = (row for _, row in _rows(file) if isinstance(row, CustomerRow))
    customers = Customers(base.database, base.seal, base.fresh)
    audit = AuditLog(base.database, base.audit_key, base.clock, base.fresh.id)
    event = CustomersImported(person_id=None, file=found.digest, accepted=found.accepted, refused=found.refused)
    changed = saved = 0
    while some := list(islice(good, MOST_NUMBERS)):
        ids = await customers.ids_of([row.number for row in some])
        if not dry_run:
            async with audit.transaction() as (transaction, record):
                if not saved:
                    await record(event)
                for row in some:
                    await customers.put(transaction, _customer(row, ids.get(row.number) or base.fresh.id()))
        saved, changed = saved + len(some), changed + len(ids)
    if file.digest != found.digest:
        raise Failed("the file was changed while it was read; import it again")
    return saved - changed, changed


def _customer(row: CustomerRow, customer_id: str) -> NewCustomer:
    fields = msgspec.structs.asdict(row)
    del fields["mended"]
    return NewCustomer(id=customer_id, **fields)


def _tell(found: Judgement, added: int, changed: int, report: Path | None, *, dry_run: bool) -> None:
    would = "would be " if dry_run else ""
    print(f"{would}added  {added}\n{would}brought up to date  {changed}\nrefused  {found.refused}")
    if found.mended:
        print(f"mended  {found.mended}")
    if report is None:
        english = load_texts()["en"]
        for number, fault in found.shown:
            print(f"row {number}: {f'{fault.column}: ' if fault.column else ''}{words_of(fault, english)}")
        if found.refused or found.mended:
            print("All refused and mended rows, with --report FILE: row, column and what is wrong.")

"""`poreka customers`: a bank's own table of customers, filled from a file.

The file is read twice: first all of it is judged and the refused rows are reported, then the good ones are
saved, some at a time, while the bank goes on answering. A number that is there already is brought up to
date and keeps its id, so a file may be imported again, also after it was broken off. The audit event is
saved together with the first rows.
"""

import csv
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Annotated, BinaryIO

import cyclopts
import msgspec
from rich.console import Console
from rich.progress import Progress, TaskID

from poreka.audit.events import CustomersImported
from poreka.audit.record import AuditLog
from poreka.cli.customer_file import CustomerFile, FileUnfit
from poreka.cli.ending import FAILED
from poreka.cli.faults import Failed, explained
from poreka.cli.opened import with_system
from poreka.rules.customer_row import CustomerRow, RowFault
from poreka.store.customers import MOST_NUMBERS, Customers, NewCustomer
from poreka.wiring.foundation import Foundation

Refuse = Callable[[int, RowFault], object]
SHOWN = 10  # refused rows told where no report is asked for


@dataclass(slots=True)
class Judgement:
    """What the first reading came to."""

    accepted: int = 0
    refused: int = 0
    digest: str = ""
    shown: list[tuple[int, RowFault]] = field(default_factory=list)


def import_customers(
    file: Path,
    table: Path,
    /,
    *,
    dry_run: Annotated[bool, cyclopts.Parameter(negative=())] = False,
    report: Path | None = None,
) -> None:
    """Add customers from a CSV file, or bring them up to date.

    Parameters
    ----------
    file
        The bank's settings file.
    table
        CSV file in UTF-8 with a header row; docs/operating.md names its columns.
    dry_run
        Say what would be done, and save nothing.
    report
        Write the refused rows to this CSV file: line, column and what is wrong, never a value.
    """
    found = Judgement()

    async def work(base: Foundation) -> None:
        if base.settings.customers.source != "own":
            raise Failed("customers.source: this bank's customers are in another system; nothing is imported here")
        masked = base.settings.bank is not None and base.settings.bank.sign_in == "masked"
        with explained(table), table.open("rb") as opened, _progress(opened) as bars:
            _judge(opened, found, bars, report, masked=masked)
            added, changed = await _save(base, opened, found, bars, masked=masked, dry_run=dry_run)
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


def _rows(reading: CustomerFile) -> Iterator[tuple[int, CustomerRow | tuple[RowFault, ...]]]:
    try:
        yield from reading.rows()
    except FileUnfit as fault:
        raise Failed(str(fault)) from None


def _judge(opened: BinaryIO, found: Judgement, bars: _Bars, report: Path | None, *, masked: bool) -> None:
    """Read all of it, save nothing, and write down what is refused."""
    bars.begin("checking")
    reading = CustomerFile(opened, masked=masked, on_bytes=bars.advance)
    with _report(report) as refuse:
        for line, row in _rows(reading):
            if isinstance(row, CustomerRow):
                found.accepted += 1
                continue
            found.refused += 1
            for fault in row:
                refuse(line, fault)
                if len(found.shown) < SHOWN:
                    found.shown.append((line, fault))
    found.digest = reading.digest


@contextmanager
def _report(file: Path | None) -> Iterator[Refuse]:
    """Where refused rows are written down; every text of it is ours, so no program takes one for a formula."""
    if file is None:
        yield _nowhere
        return
    with explained(file):
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as opened:
        writer = csv.writer(opened)
        writer.writerow(("line", "column", "fault"))
        yield lambda line, fault: writer.writerow((line, fault.column, fault.fault))


def _nowhere(*_: object) -> None:
    """No report was asked for."""


async def _save(
    base: Foundation, opened: BinaryIO, found: Judgement, bars: _Bars, *, masked: bool, dry_run: bool
) -> tuple[int, int]:
    """Read it again and save the good rows; how many were added and how many were there."""
    opened.seek(0)
    bars.begin("comparing" if dry_run else "saving")
    reading = CustomerFile(opened, masked=masked, on_bytes=bars.advance)
    good = (row for _, row in _rows(reading) if isinstance(row, CustomerRow))
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
    if reading.digest != found.digest:
        raise Failed("the file was changed while it was read; import it again")
    return saved - changed, changed


def _customer(row: CustomerRow, customer_id: str) -> NewCustomer:
    return NewCustomer(id=customer_id, **msgspec.structs.asdict(row))


def _tell(found: Judgement, added: int, changed: int, report: Path | None, *, dry_run: bool) -> None:
    would = "would be " if dry_run else ""
    print(f"{would}added  {added}\n{would}brought up to date  {changed}\nrefused  {found.refused}")
    if report is None:
        for line, fault in found.shown:
            print(f"line {line}: {f'{fault.column} ' if fault.column else ''}{fault.fault}")
        if found.refused:
            print("All refused rows, with --report FILE: line, column and what is wrong.")

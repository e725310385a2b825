"""`poreka customers`: a bank's own table of customers, filled from a file.

All of the file is judged and the refused rows are reported before anything is saved. What a file brings about is
`provider/customers/importing.py`; here are the progress bars, the report and what is told at the end.
"""

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Annotated, BinaryIO, Literal

import cyclopts
from rich.console import Console
from rich.progress import Progress

from poreka.cli.customers.report import customer_report, words_of
from poreka.cli.ending import FAILED
from poreka.cli.faults import explained
from poreka.cli.opened import with_system
from poreka.provider.customers.importing import (
    CustomerImport,
    CustomersElsewhere,
    Judgement,
    OnBytes,
    Saved,
    Tell,
    customer_import,
)
from poreka.provider.customers.table_file import FileUnfit, form_of
from poreka.provider.rules.customer_row import RowFault
from poreka.provider.settings.vouching import VouchingSettings
from poreka.running.failed import Failed
from poreka.running.foundation import Foundation, FoundationOf, of_kind
from poreka.web.texts import load_texts

_Shown = tuple[int, RowFault]
SHOWN = 10  # refused rows told where no report is asked for


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
    refused: list[int] = []

    async def work(base: Foundation) -> None:
        into, shown = _import(of_kind(base, VouchingSettings)), list[_Shown]()
        with explained(table), table.open("rb") as opened, _progress(opened) as begin, _unfit_told():
            form = form_of(opened)
            with customer_report(report, load_texts()[report_language]) as tell:
                judged = into.judge(opened, form, _also_kept(tell, shown), begin("checking"))
            reading = begin("comparing" if dry_run else "saving")
            saved = await into.save(opened, form, judged, reading, dry_run=dry_run)
        print(f"read as {form}")
        _tell(judged, saved, shown, reported=report is not None, dry_run=dry_run)
        refused.append(judged.refused)

    if report is not None and report.exists() and table.exists() and report.samefile(table):
        with explained(report):
            raise Failed("is the file to be imported; the report needs another name")
    with_system(file, work, "bank")
    if any(refused):
        raise SystemExit(FAILED)


def _import(base: FoundationOf[VouchingSettings]) -> CustomerImport:
    try:
        return customer_import(base)
    except CustomersElsewhere:
        raise Failed(
            "customers.source: this bank's customers are in another system; nothing is imported here"
        ) from None


@contextmanager
def _progress(opened: BinaryIO) -> Iterator[Callable[[str], OnBytes]]:
    """How far each reading is, on the terminal: a bar is begun by its name, and advanced by bytes."""
    total = os.fstat(opened.fileno()).st_size
    with Progress(console=Console(stderr=True)) as progress:
        yield lambda what: partial(progress.advance, progress.add_task(what, total=total))


@contextmanager
def _unfit_told() -> Iterator[None]:
    try:
        yield
    except FileUnfit as fault:
        raise Failed(str(fault)) from None


def _also_kept(tell: Tell, shown: list[_Shown]) -> Tell:
    """`tell`, and the first refused rows are kept for the terminal."""

    def both(row: int, fault: RowFault, outcome: str, header: Mapping[str, str]) -> None:
        tell(row, fault, outcome, header)
        if outcome == "refused" and len(shown) < SHOWN:
            shown.append((row, fault))

    return both


def _tell(judged: Judgement, saved: Saved, shown: list[_Shown], *, reported: bool, dry_run: bool) -> None:
    would = "would be " if dry_run else ""
    print(f"{would}added  {saved.added}\n{would}brought up to date  {saved.changed}\nrefused  {judged.refused}")
    if judged.mended:
        print(f"mended  {judged.mended}")
    if reported:
        return
    english = load_texts()["en"]
    for number, fault in shown:
        print(f"row {number}: {f'{fault.column}: ' if fault.column else ''}{words_of(fault, english)}")
    if judged.refused or judged.mended:
        print("All refused and mended rows, with --report FILE: row, column and what is wrong.")

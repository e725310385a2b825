"""Filling a bank's own table of customers from a file: read once and judged, then read again and saved.

Nothing is saved before all of the file is judged, and the bank goes on answering while rows are saved, some at a time.
A number that is there already is brought up to date and keeps its id, so a file may be imported again, also after it
was broken off. The audit event is saved together with the first rows.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import BinaryIO

import msgspec

from poreka.audit.events import CustomersImported
from poreka.audit.record import AuditLog
from poreka.provider.customers.customer_file import CustomerFile
from poreka.provider.customers.table_file import FileUnfit, TableForm
from poreka.provider.rules.customer_row import CustomerRow, RowFault
from poreka.provider.settings.vouching import VouchingSettings
from poreka.provider.store.customers import MOST_NUMBERS, Customers, NewCustomer
from poreka.rules.people.phone_number import TakenNumbers
from poreka.running.foundation import FoundationOf

Tell = Callable[[int, RowFault, str, Mapping[str, str]], object]
"""Row, what is wrong, `refused` or `mended`, and what the file calls our columns."""
OnBytes = Callable[[int], None]


class CustomersElsewhere(Exception):
    """The bank's customers are in another system, which alone says who they are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What the first reading came to; `digest` is of the whole file."""

    accepted: int
    refused: int
    mended: int
    digest: str


@dataclass(frozen=True, slots=True)
class Saved:
    """How many customers were added, and how many were there before."""

    added: int
    changed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerImport:
    """The table of one bank, to be filled; `masked` and `taken` say what the bank asks of a row."""

    customers: Customers
    audit: AuditLog
    fresh_id: Callable[[], str]
    masked: bool
    taken: TakenNumbers

    def judge(self, file: BinaryIO, form: TableForm, tell: Tell, on_bytes: OnBytes) -> Judgement:
        """Read all of it, save nothing, and tell of each row that is refused or mended. Raises `FileUnfit`."""
        reading, accepted, refused, mended = self._pass(file, form, on_bytes), 0, 0, 0
        for number, row in reading.rows():
            if isinstance(row, CustomerRow):
                accepted, mended = accepted + 1, mended + bool(row.mended)
                faults, outcome = row.mended, "mended"
            else:
                refused, faults, outcome = refused + 1, row, "refused"
            for fault in faults:
                tell(number, fault, outcome, reading.header)
        return Judgement(accepted=accepted, refused=refused, mended=mended, digest=reading.digest)

    async def save(
        self, file: BinaryIO, form: TableForm, judged: Judgement, on_bytes: OnBytes, *, dry_run: bool = False
    ) -> Saved:
        """Read the file again and save the rows that were accepted; a dry run only counts them. Raises `FileUnfit`."""
        reading, changed, saved = self._pass(file, form, on_bytes), 0, 0
        good = _accepted(reading)
        while some := list(islice(good, MOST_NUMBERS)):
            ids = await self.customers.ids_of([row.number for row in some])
            if not dry_run:
                await self._put(some, ids, None if saved else judged)
            saved, changed = saved + len(some), changed + len(ids)
        if reading.digest != judged.digest:
            raise FileUnfit("the file was changed while it was read; import it again")
        return Saved(saved - changed, changed)

    def _pass(self, file: BinaryIO, form: TableForm, on_bytes: OnBytes) -> CustomerFile:
        return CustomerFile(file, form, masked=self.masked, taken=self.taken, on_bytes=on_bytes)

    async def _put(self, rows: list[CustomerRow], ids: Mapping[str, str], first: Judgement | None) -> None:
        async with self.audit.transaction() as (transaction, record):
            if first is not None:
                await record(
                    CustomersImported(person_id=None, file=first.digest, accepted=first.accepted, refused=first.refused)
                )
            for row in rows:
                await self.customers.put(transaction, _customer(row, ids.get(row.number) or self.fresh_id()))


def customer_import(base: FoundationOf[VouchingSettings]) -> CustomerImport:
    """The table of a bank that was opened; raises `CustomersElsewhere`."""
    if base.settings.customers.source != "own":
        raise CustomersElsewhere
    return CustomerImport(
        customers=Customers(base.database, base.seal, base.fresh),
        audit=AuditLog(base.database, base.audit_key, base.clock, base.fresh.id),
        fresh_id=base.fresh.id,
        masked=base.settings.sign_in == "masked",
        taken=base.settings.sms.numbers,
    )


def _accepted(reading: CustomerFile) -> Iterator[CustomerRow]:
    return (row for _, row in reading.rows() if isinstance(row, CustomerRow))


def _customer(row: CustomerRow, customer_id: str) -> NewCustomer:
    fields = msgspec.structs.asdict(row)
    del fields["mended"]
    return NewCustomer(id=customer_id, **fields)

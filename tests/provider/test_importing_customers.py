"""A bank's own table of customers is filled from a file: what it does, without the command line."""

import io
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest
import pytest_asyncio

from poreka.demo.presets import Address, preset
from poreka.provider.customers.importing import CustomerImport, CustomersElsewhere, Saved, customer_import
from poreka.provider.customers.table_file import FileUnfit, form_of
from poreka.provider.rules.customer_row import RowFault
from poreka.provider.settings.vouching import VouchingSettings
from poreka.running.foundation import FoundationOf, lay, of_kind
from poreka.running.real_clock import real_clock

HASH = "$argon2id$v=19$m=19456,t=2,p=1$YWJjZGVmZ2hpamtsbW5vcA$kFXb3Lzq0K2Yq1nT0mS1bYQ9P2u0oH0V5Zl4WmZc0pE"
HEADER = "number,password_hash,first_name,surname,pesel,phone,identity_verified,account_role,sms_active"
JAN = f'21570133,"{HASH}",Jan,Kowalski,83041741039,600201011,true,owner,true'
ANNA = f'21571404,"{HASH}",Anna,Nowak,79090344729,600201018,true,co_owner,true'
WRONG = f'21572675,"{HASH}",Piotr,Lis,83041741030,600201025,true,owner,true'

Told = list[tuple[int, str, str]]


@pytest_asyncio.fixture
async def base(tmp_path: Path) -> AsyncIterator[FoundationOf[VouchingSettings]]:
    opened = await lay(preset("millenet", Address(8000)), tmp_path, real_clock)
    yield of_kind(opened, VouchingSettings)
    await opened.database.close()


def file_of(*rows: str) -> io.BytesIO:
    return io.BytesIO("\n".join((HEADER, *rows, "")).encode())


async def imported(into: CustomerImport, file: io.BytesIO, told: Told | None = None, *, dry_run: bool = False) -> Saved:
    """Judge a file and save what is good."""
    form = form_of(file)

    def tell(row: int, fault: RowFault, outcome: str, _: Mapping[str, str]) -> None:
        if told is not None:
            told.append((row, fault.column, outcome))

    judged = into.judge(file, form, tell, lambda _: None)
    return await into.save(file, form, judged, lambda _: None, dry_run=dry_run)


async def count(base: FoundationOf[VouchingSettings], table: str) -> int:
    return len(await base.database.all(f"SELECT 1 FROM {table}"))


async def test_good_rows_are_saved_and_refused_ones_told_by_row_and_column(
    base: FoundationOf[VouchingSettings],
) -> None:
    told: Told = []
    assert await imported(customer_import(base), file_of(JAN, WRONG, ANNA), told) == Saved(added=2, changed=0)
    assert told == [(3, "pesel", "refused")]
    assert await count(base, "customers") == 2
    (event,) = await base.database.all("SELECT details FROM audit_entries WHERE event = 'CustomersImported'")
    details = msgspec.json.decode(event["details"])
    assert (details["accepted"], details["refused"]) == (2, 1)


async def test_a_customer_who_is_there_keeps_the_id(base: FoundationOf[VouchingSettings]) -> None:
    into = customer_import(base)
    await imported(into, file_of(JAN))
    before = await into.customers.ids_of(["21570133"])
    assert await imported(into, file_of(JAN, ANNA)) == Saved(added=1, changed=1)
    assert await into.customers.ids_of(["21570133"]) == before


async def test_a_dry_run_counts_and_saves_nothing(base: FoundationOf[VouchingSettings]) -> None:
    assert await imported(customer_import(base), file_of(JAN, ANNA), dry_run=True) == Saved(added=2, changed=0)
    assert await count(base, "customers") == 0
    assert await count(base, "audit_entries") == 0


async def test_a_file_that_was_changed_between_the_two_readings_is_refused(
    base: FoundationOf[VouchingSettings],
) -> None:
    into, file, other = customer_import(base), file_of(JAN), file_of(ANNA)
    judged = into.judge(file, form_of(file), lambda *_: None, lambda _: None)
    with pytest.raises(FileUnfit, match="changed while it was read"):
        await into.save(other, form_of(other), judged, lambda _: None, dry_run=True)


async def test_a_bank_whose_customers_are_elsewhere_takes_no_file(base: FoundationOf[VouchingSettings]) -> None:
    elsewhere = msgspec.structs.replace(base.settings.customers, source="http", url="https://core.example")
    with pytest.raises(CustomersElsewhere):
        customer_import(replace(base, settings=msgspec.structs.replace(base.settings, customers=elsewhere)))

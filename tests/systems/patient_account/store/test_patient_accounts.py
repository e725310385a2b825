"""Patient accounts and health records, on both engines: one account a person, records by PESEL, nobody else's."""

import asyncio

import pytest

from poreka.rules.people.guardianship import of_age_on
from poreka.rules.people.person import PersonFacts
from poreka.store.database import AlreadyThere, Database
from poreka.store.fresh import Fresh
from poreka.store.seal import Seal
from poreka.systems.patient_account.store.health_records import HealthRecord, HealthRecords
from poreka.systems.patient_account.store.patient_accounts import PatientAccount, PatientAccounts
from tests.support import samples
from tests.support.engines import NOW


def account(account_id: str = "k1", serial: int = 1) -> PatientAccount:
    return PatientAccount(id=account_id, facts=samples.facts(serial), created_at=NOW)


async def test_a_person_has_one_account_under_the_names_of_today(database: Database, seal: Seal, fresh: Fresh) -> None:
    accounts, made = PatientAccounts(database, seal, fresh), account()
    await database.insert(accounts.adding(made))
    assert await accounts.load("k1") == made
    assert await accounts.by_pesel(samples.pesel()) == made
    assert await accounts.by_pesel(samples.pesel(2)) is None
    with pytest.raises(AlreadyThere):
        await database.insert(accounts.adding(account("k2")))
    married = PersonFacts(first_name="Żaneta", surname="Nowa", pesel=made.facts.pesel)
    async with database.transaction() as transaction:
        renamed = await accounts.rename(transaction, made, married)
    assert await accounts.load("k1") == renamed
    assert renamed.facts == married


async def test_of_many_first_entries_one_makes_the_account(database: Database, seal: Seal, fresh: Fresh) -> None:
    accounts = PatientAccounts(database, seal, fresh)
    rows = (accounts.adding(account(f"k{number}")) for number in range(6))
    outcomes = await asyncio.gather(*(database.insert(row) for row in rows), return_exceptions=True)
    assert sum(outcome is None for outcome in outcomes) == 1


async def test_records_are_their_persons_newest_first(database: Database, seal: Seal, fresh: Fresh) -> None:
    health = HealthRecords(database, seal, fresh)
    old = HealthRecord(kind="prescription", at=NOW - 10, what="Syrop", by="Przychodnia", code="1234")
    new = HealthRecord(kind="prescription", at=NOW, what="Krople", by="Przychodnia", code="5678")
    visit = HealthRecord(kind="visit", at=NOW, what="Okulista", by="Szpital")
    await database.insert(*(health.adding(samples.pesel(), one) for one in (old, new, visit)))
    assert await health.of(samples.pesel(), "prescription") == [new, old]
    assert await health.of(samples.pesel(), "visit") == [visit]
    assert await health.of(samples.pesel(2), "visit") == []


async def test_a_guardian_looks_for_their_own_children_only(database: Database, seal: Seal, fresh: Fresh) -> None:
    health = HealthRecords(database, seal, fresh)
    await database.insert(health.adding_ward(samples.pesel(1), samples.facts(7)))
    born = samples.facts(7).pesel.birth_date
    ((ward_id, found),) = (await health.wards_of(samples.pesel(1), born)).items()
    assert found == samples.facts(7)
    assert await health.wards_of(samples.pesel(2), born) == {}
    assert await health.wards_of(samples.pesel(1), of_age_on(samples.facts(7).pesel)) == {}
    assert await health.as_ward(samples.facts(7).pesel) == [ward_id]
    assert await health.as_ward(samples.pesel(1)) == []

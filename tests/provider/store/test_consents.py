import asyncio

import msgspec
import pytest

from poreka.provider.store.consents import Consents
from poreka.store.database import AlreadyThere, Database, Stale
from tests.support import samples
from tests.support.engines import NOW


async def test_one_is_in_force_and_a_new_one_takes_its_place(database: Database) -> None:
    consents, first, second = (
        Consents(database),
        samples.consent("c1"),
        samples.consent("c2", given_at=NOW + 5),
    )
    assert await consents.all_of("p1") == []
    for record in (first, second):
        async with database.transaction() as transaction:
            await consents.give(transaction, record)
    assert await consents.in_force("p1", "portal") == second
    newest, oldest = await consents.all_of("p1")
    assert newest == second
    ended = msgspec.structs.replace(first.consent, withdrawn_at=NOW + 5)
    assert (oldest.replaced_by, oldest.consent) == ("c2", ended)


async def test_of_many_tabs_one_consent_comes_into_force(database: Database) -> None:
    consents = Consents(database)

    async def give(number: int) -> None:
        async with database.transaction() as transaction:
            await consents.give(transaction, samples.consent(f"c{number}"))

    outcomes = await asyncio.gather(*(give(number) for number in range(10)), return_exceptions=True)
    assert all(outcome is None or isinstance(outcome, AlreadyThere) for outcome in outcomes)
    rows = await database.all("SELECT id FROM consents WHERE withdrawn_at IS NULL")
    assert len(rows) == 1


async def test_withdrawing_is_for_the_owner_and_once(database: Database) -> None:
    consents = Consents(database)
    await database.insert(consents.adding(samples.consent()))
    with pytest.raises(Stale):
        await consents.withdraw(database, "c1", "p2", NOW + 1)
    assert await consents.by_id("c1", "p2") is None
    await consents.withdraw(database, "c1", "p1", NOW + 1)
    with pytest.raises(Stale):
        await consents.withdraw(database, "c1", "p1", NOW + 2)
    (kept,) = await consents.all_of("p1")
    assert kept == await consents.by_id("c1", "p1")
    assert (kept.consent.withdrawn_at, kept.replaced_by) == (NOW + 1, None)
    assert await consents.in_force("p1", "portal") is None


async def test_people_and_services_are_apart(database: Database) -> None:
    consents = Consents(database)
    await database.insert(
        consents.adding(samples.consent("c1")),
        consents.adding(samples.consent("c2", person="p2")),
        consents.adding(samples.consent("c3", service="other")),
    )
    with pytest.raises(AlreadyThere) as caught:
        await database.insert(consents.adding(samples.consent("c4")))
    assert caught.value.table == "consents"
    assert [record.id for record in await consents.all_of("p1")] == ["c3", "c1"]


async def test_the_services_of_a_person_are_those_whose_consent_holds(database: Database) -> None:
    consents = Consents(database)
    rows = [samples.consent("c1"), samples.consent("c2", service="other"), samples.consent("c3", person="p2")]
    await database.insert(*(consents.adding(row) for row in rows))
    async with database.transaction() as transaction:
        assert set(await consents.services_of(transaction, "p1")) == {"portal", "other"}
        await consents.withdraw(transaction, "c2", "p1", NOW + 1)
        assert await consents.services_of(transaction, "p1") == ["portal"]

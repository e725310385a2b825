import asyncio

import pytest

from poreka.provider.rules.eligibility import AccountRole
from poreka.provider.store.customers import Customers
from poreka.provider.store.right_answers import RightAnswers
from poreka.rules.people.pesel import PeselFault
from poreka.store.database import AlreadyThere, Database
from poreka.store.fresh import Fresh
from poreka.store.seal import CannotUnseal, Seal
from tests.support import samples


@pytest.fixture
def customers(database: Database, seal: Seal, fresh: Fresh) -> Customers:
    return Customers(database, seal, fresh)


async def test_a_customer_is_found_by_number_and_by_id(database: Database, customers: Customers) -> None:
    await database.insert(customers.adding(samples.customer(pesel_text=samples.pesel().digits)))
    signing_in = await customers.to_sign_in("10000001")
    assert signing_in is not None
    found, kept = signing_in
    assert found == await customers.by_id("p1")
    assert found.valid_pesel == found.pesel == samples.pesel()
    assert (kept.identifier_kind, kept.identifier, kept.password_hash) == ("document", "XYZ778899", "$argon2id$")
    assert found.record.account_role is AccountRole.OWNER
    assert found.record.sms_active is True
    assert await customers.to_sign_in("1") is None
    assert samples.pesel().digits not in repr(found)
    assert samples.pesel().digits not in repr(samples.customer(pesel_text=samples.pesel().digits))
    assert "XYZ778899" not in repr(kept)
    assert await customers.ids_of(("10000001", "1")) == {"10000001": "p1"}


async def test_any_hash_shows_what_comparing_costs(database: Database, customers: Customers) -> None:
    assert await customers.some_password_hash() is None
    await database.insert(customers.adding(samples.customer()))
    assert await customers.some_password_hash() == "$argon2id$"


async def test_a_customer_put_again_has_new_values_and_the_same_id(database: Database, customers: Customers) -> None:
    for new in (samples.customer(pesel_text=samples.pesel().digits), samples.customer(number="10000009")):
        async with database.transaction() as transaction:
            await customers.put(transaction, new)
    found = await customers.by_id("p1")
    assert found is not None
    assert (found.number, found.pesel) == ("10000009", None)
    assert len(await database.all("SELECT id FROM customers")) == 1


@pytest.mark.parametrize(("text", "read"), [(None, None), ("851212569836", PeselFault.LENGTH)])
async def test_a_bank_may_hold_no_pesel_or_a_wrong_one(
    database: Database, customers: Customers, text: str | None, read: PeselFault | None
) -> None:
    await database.insert(customers.adding(samples.customer(pesel_text=text)))
    found = await customers.by_id("p1")
    assert found is not None
    assert found.pesel is read
    assert found.record.pesel is read
    assert found.valid_pesel is None


async def test_right_answers_are_counted(database: Database) -> None:
    answers = RightAnswers(database)
    assert await answers.of("p1") == 0
    for before in (0, 1):
        await asyncio.gather(*(answers.count(database, "p1", before) for _ in range(5)))
        assert await answers.of("p1") == before + 1
    await answers.count(database, "p1", 0)
    assert await answers.of("p1") == 2
    assert await answers.of("p2") == 0


async def test_numbers_are_unique(database: Database, customers: Customers) -> None:
    await database.insert(customers.adding(samples.customer()))
    with pytest.raises(AlreadyThere) as caught:
        await database.insert(customers.adding(samples.customer("p2")))
    assert caught.value.table == "customers"


async def test_a_pesel_moved_to_another_customer_is_refused(database: Database, customers: Customers) -> None:
    await database.insert(customers.adding(samples.customer(pesel_text=samples.pesel().digits)))
    await database.insert(customers.adding(samples.customer("p2", "10000002")))
    await database.run("UPDATE customers SET pesel = (SELECT pesel FROM customers WHERE id = 'p1')")
    assert await customers.by_id("p1") is not None
    with pytest.raises(CannotUnseal):
        await customers.by_id("p2")

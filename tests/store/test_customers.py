import asyncio

import pytest

from poreka.rules.eligibility import AccountRole
from poreka.rules.pesel import PeselFault
from poreka.store.customers import CustomerDirectory, Customers
from poreka.store.database import AlreadyThere, Database
from poreka.store.fresh import Fresh
from poreka.store.seal import CannotUnseal, Seal
from tests.store import samples


@pytest.fixture
def customers(database: Database, seal: Seal, fresh: Fresh) -> Customers:
    return Customers(database, seal, fresh)


async def test_a_customer_is_found_by_number_and_by_id(database: Database, customers: Customers) -> None:
    await database.insert(customers.adding(samples.customer(pesel_text=samples.pesel().digits)))
    directory: CustomerDirectory = customers
    found = await directory.by_number("10000001")
    assert found is not None
    assert found == await directory.by_id("p1")
    assert found.valid_pesel == found.pesel == samples.pesel()
    assert await directory.identifier_of(found) == "XYZ778899"
    assert found.record.account_role is AccountRole.OWNER
    assert found.record.sms_active is True
    assert await directory.by_number("1") is None
    assert samples.pesel().digits not in repr(found)
    assert samples.pesel().digits not in repr(samples.customer(pesel_text=samples.pesel().digits))


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


async def test_right_answers_are_counted(database: Database, customers: Customers) -> None:
    await database.insert(customers.adding(samples.customer()))
    before = await customers.by_id("p1")
    assert before is not None
    await asyncio.gather(*(customers.answered_rightly(database, before) for _ in range(5)))
    after = await customers.by_id("p1")
    assert after is not None
    assert after.right_answers == 1


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

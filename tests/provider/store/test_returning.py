import dataclasses

import pytest

from poreka.provider.store.access_tokens import AccessTokens
from poreka.provider.store.consents import Consents
from poreka.provider.store.customers import Customers
from poreka.provider.store.pushed_requests import PushedRequests
from poreka.provider.store.returning import Returning, ReturningEntry
from poreka.store.database import Database
from poreka.store.fresh import Fresh
from poreka.store.seal import Seal
from poreka.store.sessions import Sessions
from tests.support import samples
from tests.support.engines import NOW

NOTHING = ReturningEntry(pushed=None, session=None, consent=None, customer=None)


@pytest.fixture
async def returning(database: Database, seal: Seal, fresh: Fresh) -> Returning:
    sessions, customers = Sessions(database, seal, fresh), Customers(database, seal, fresh)
    await database.insert(
        PushedRequests(database).adding(samples.pushed(), "reference"),
        sessions.opening(samples.session(), "cookie"),
        Consents(database).adding(samples.consent()),
        Consents(database).adding(samples.consent("c2", person="p2")),
        customers.adding(samples.customer(pesel_text=samples.pesel().digits)),
    )
    return Returning(database, sessions, customers)


async def test_everything_in_one_read_is_what_four_reads_give(
    returning: Returning, database: Database, seal: Seal, fresh: Fresh
) -> None:
    entry = await returning.load(reference="reference", client_id="portal", cookie="cookie", now=NOW)
    assert entry == ReturningEntry(
        pushed=samples.pushed(),
        session=samples.session(),
        consent=samples.consent(),
        customer=await Customers(database, seal, fresh).by_id("p1"),
    )
    assert entry.customer is not None
    assert entry.customer.valid_pesel == samples.pesel()


async def test_each_part_may_be_missing_by_itself(returning: Returning, database: Database) -> None:
    async def load(reference: str | None, cookie: str | None, client_id: str = "portal") -> ReturningEntry:
        return await returning.load(reference=reference, client_id=client_id, cookie=cookie, now=NOW)

    assert await load(None, None) == NOTHING
    assert await load("unknown", "unknown") == NOTHING
    assert (await load("reference", None)).pushed is not None
    only_session = await load(None, "cookie")
    assert only_session.pushed is None
    assert only_session.consent is not None
    foreign = await load("reference", "cookie", "other")
    assert (foreign.pushed, foreign.consent) == (None, None)
    await Consents(database).withdraw(database, "c1", "p1", NOW)
    withdrawn = await load("reference", "cookie")
    assert withdrawn.consent is None
    assert withdrawn.customer is not None


async def test_an_expired_request_is_not_found(returning: Returning) -> None:
    entry = await returning.load(reference="reference", client_id="portal", cookie="cookie", now=NOW + 60)
    assert entry.pushed is None
    assert entry.session is not None


async def test_customers_elsewhere_are_not_looked_for_here(
    returning: Returning, database: Database, seal: Seal, fresh: Fresh
) -> None:
    here = await returning.load(reference="reference", client_id="portal", cookie="cookie", now=NOW)
    elsewhere = Returning(database, Sessions(database, seal, fresh), None)
    found = await elsewhere.load(reference="reference", client_id="portal", cookie="cookie", now=NOW)
    assert found == dataclasses.replace(here, customer=None)
    await database.insert(AccessTokens(database).adding(samples.token("secret", consented=False)))
    with_customer, without = await returning.release("secret"), await elsewhere.release("secret")
    assert with_customer is not None
    assert without == (with_customer[0], None)
    assert with_customer[1] == here.customer
    assert await elsewhere.release("unknown") is None

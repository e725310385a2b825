"""Orders: one end each, one statement each, whoever is quickest."""

import asyncio
from dataclasses import replace

import pytest_asyncio

from poreka.store.database import AlreadyThere, Database, Stale
from poreka.store.fresh import Fresh
from poreka.store.seal import Seal
from poreka.systems.portal.rules.order import Order, OrderState, as_of, authorise, new_order, reject
from poreka.systems.portal.store.orders import Document, Orders, OwnedOrder

NOW = 1_800_000_000
OWNED = OwnedOrder(
    id="o",
    profile_id="p",
    number="1",
    order=new_order(NOW, 30),
    document=Document(summary="s", name="n.txt", content=b"\x00content"),
)


@pytest_asyncio.fixture
async def orders(database: Database, seal: Seal, fresh: Fresh) -> Orders:
    made = Orders(database, seal, fresh)
    await database.insert(made.adding(OWNED))
    return made


async def end(orders: Orders, how: str, order_id: str = "o", statement_id: str = "s1") -> bool:
    try:
        async with orders.database.transaction() as transaction:
            after = (authorise if how == "sign" else reject)(OWNED.order, NOW)
            assert isinstance(after, Order)
            if how == "sign":
                await orders.sign(transaction, order_id, after, "a.b.c", statement_id)
            else:
                await orders.end(transaction, order_id, after)
    except (Stale, AlreadyThere):
        return False
    return True


async def test_what_was_written_is_read(orders: Orders) -> None:
    assert await orders.load("o") == OWNED
    assert await orders.of_profile("p") == [OWNED]
    assert await orders.of_profile("q") == []
    assert await orders.waiting("p", NOW) == 1
    assert await orders.waiting("p", OWNED.order.lapses_at) == 0


async def test_of_many_ends_at_once_one_counts(orders: Orders) -> None:
    hows = ["sign", "reject"] * 4
    ended = await asyncio.gather(*(end(orders, how) for how in hows))
    assert sum(ended) == 1
    found = await orders.load("o")
    assert found is not None
    signed = hows[ended.index(True)] == "sign"
    assert found.order.state is (OrderState.AUTHORISED if signed else OrderState.REJECTED)
    assert found.statement == ("a.b.c" if signed else None)


async def test_what_waits_past_its_time_is_found_once_it_is_written_down_no_more(orders: Orders) -> None:
    await orders.database.insert(orders.adding(replace(OWNED, id="o2", number="2", order=new_order(NOW, 31))))
    late = OWNED.order.lapses_at
    assert await orders.overdue(late - 1, 10) == []
    assert [one.id for one in await orders.overdue(late, 10)] == ["o"]
    async with orders.database.transaction() as transaction:
        await orders.end(transaction, "o", as_of(OWNED.order, late))
    assert await orders.overdue(late, 10) == []
    row = await orders.database.one("SELECT state, ended_at FROM orders WHERE id = 'o'")
    assert row is not None
    assert (row["state"], row["ended_at"]) == ("lapsed", late)


async def test_a_statement_serves_one_order(orders: Orders) -> None:
    await orders.database.insert(orders.adding(replace(OWNED, id="o2", number="2")))
    assert await end(orders, "sign")
    assert not await end(orders, "sign", "o2")
    assert await end(orders, "sign", "o2", "s2")

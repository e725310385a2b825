"""Clerks of a desk and their keys: a link once, a key as long as it is theirs, one person one clerk."""

import asyncio

import pytest

from poreka.store.database import AlreadyThere, Database, Stale
from poreka.store.fresh import Fresh
from poreka.store.seal import Seal
from poreka.systems.desk.store.clerk_keys import ClerkKey, ClerkKeys
from poreka.systems.desk.store.clerks import Clerks, DeskClerk
from tests.support import samples
from tests.support.engines import NOW, Engine

CODE, HOUR = "ABCDEFGHJKMN", 3600


@pytest.fixture
def clerks(database: Database, seal: Seal, fresh: Fresh) -> Clerks:
    return Clerks(database, seal, fresh, b"k" * 32)


def clerk(clerk_id: str = "c1", login: str = "zaneta", serial: int = 1) -> DeskClerk:
    return DeskClerk(
        id=clerk_id, login=login, name="Żaneta G.", office="Urząd", pesel=samples.pesel(serial), added_at=NOW
    )


def key(key_id: str = "k1", row: str = "r1") -> ClerkKey:
    return ClerkKey(id=row, clerk_id="c1", key_id=key_id, public_key=b"cose", uses=0, added_at=NOW)


async def test_a_clerk_is_found_and_is_one_person(database: Database, clerks: Clerks) -> None:
    await database.insert(clerks.adding(clerk()))
    assert await clerks.load("c1") == clerk()
    assert await clerks.by_login("zaneta") == clerk()
    assert await clerks.by_login("nobody") is None
    assert await clerks.every() == [clerk()]
    for other in (clerk("c2", "zaneta", 2), clerk("c2", "other", 1)):
        with pytest.raises(AlreadyThere):
            await database.insert(clerks.adding(other))
    assert samples.pesel().digits not in repr(clerk())


async def test_a_link_is_used_once_however_many_try(database: Database, clerks: Clerks) -> None:
    await database.insert(clerks.adding(clerk()))
    await clerks.offer_link(database, "c1", CODE, NOW + HOUR)
    found = await clerks.of_link(CODE, NOW)
    assert found is not None
    assert found.link_until == NOW + HOUR
    assert await clerks.of_link("OTHER", NOW) is None
    assert await clerks.of_link(CODE, NOW + HOUR) is None

    async def use() -> None:
        async with database.transaction() as transaction:
            await clerks.use_link(transaction, CODE, NOW)

    outcomes = await asyncio.gather(*(use() for _ in range(5)), return_exceptions=True)
    assert sum(outcome is None for outcome in outcomes) == 1
    assert await clerks.of_link(CODE, NOW) is None


async def test_a_new_link_takes_the_place_of_the_earlier_one(database: Database, clerks: Clerks) -> None:
    await database.insert(clerks.adding(clerk()))
    await clerks.offer_link(database, "c1", CODE, NOW + HOUR)
    await clerks.offer_link(database, "c1", CODE[::-1], NOW + HOUR)
    assert await clerks.of_link(CODE, NOW) is None
    with pytest.raises(Stale):
        await clerks.use_link(database, CODE, NOW)


async def test_a_blocked_clerk_has_no_link_and_gets_none(database: Database, clerks: Clerks) -> None:
    await database.insert(clerks.adding(clerk()))
    await clerks.offer_link(database, "c1", CODE, NOW + HOUR)
    assert await clerks.block(database, "c1", NOW)
    assert not await clerks.block(database, "c1", NOW + 1)
    assert await clerks.of_link(CODE, NOW) is None
    with pytest.raises(Stale):
        await clerks.offer_link(database, "c1", CODE, NOW + HOUR)
    found = await clerks.load("c1")
    assert found is not None
    assert found.blocked_at == NOW


async def test_a_key_counts_its_uses_and_ends(database: Database) -> None:
    keys = ClerkKeys(database)
    await database.insert(keys.adding(key()))
    with pytest.raises(AlreadyThere):
        await database.insert(keys.adding(key(row="r2")))
    found = await keys.by_key("k1")
    assert found == key()
    await keys.use(database, key(), 1, NOW + 5)
    with pytest.raises(Stale):
        await keys.use(database, key(), 1, NOW + 5)
    assert [one.used_at for one in await keys.of_clerk("c1")] == [NOW + 5]
    assert await keys.end_all(database, "c1", NOW + 9) == 1
    assert await keys.end_all(database, "c1", NOW + 9) == 0
    assert await keys.by_key("k1") is None
    assert await keys.of_clerk("c1") == []
    row = await database.one("SELECT public_key, ended_at FROM clerk_keys")
    assert row is not None
    assert (row["public_key"], row["ended_at"]) == (None, NOW + 9)
    await database.insert(keys.adding(key(row="r2")))


async def test_neither_pesel_nor_link_stands_in_the_database(
    engine: Engine, database: Database, clerks: Clerks
) -> None:
    if engine.name != "sqlite":
        pytest.skip("the files of PostgreSQL are its own")
    await database.insert(clerks.adding(clerk()))
    await clerks.offer_link(database, "c1", CODE, NOW + HOUR)
    at_rest = engine.bytes_at_rest()
    assert samples.pesel().digits.encode() not in at_rest
    assert CODE.encode() not in at_rest

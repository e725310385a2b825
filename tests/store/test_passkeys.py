"""Passkeys as both engines keep them: one row a key, a count that only grows, and an end that takes what opens."""

import asyncio
from dataclasses import replace

import pytest

from poreka.store.database import AlreadyThere, Database, Stale
from poreka.store.passkeys import Passkey, Passkeys
from tests.support.engines import NOW

KEY = Passkey(
    id="p1", person_id="jan", key_id="k1", name="Telefon", public_key=b"cose", uses=0,
    may_sync=True, synced=False, added_at=NOW,
)  # fmt: skip


@pytest.fixture
def passkeys(database: Database) -> Passkeys:
    return Passkeys(database)


async def test_a_key_is_found_by_its_name_its_row_and_its_owner(database: Database, passkeys: Passkeys) -> None:
    other = replace(KEY, id="p2", key_id="k2", may_sync=False)
    await database.insert(passkeys.adding(other), passkeys.adding(KEY))
    assert await passkeys.by_key("k1") == KEY
    assert await passkeys.by_id("p2") == other
    assert await passkeys.of_person("jan") == [KEY, other]
    assert await passkeys.of_person("anna") == []
    with pytest.raises(AlreadyThere):
        await database.insert(passkeys.adding(replace(KEY, id="p3", person_id="anna")))
    assert "cose" not in repr(KEY)


async def test_a_use_writes_count_time_and_whether_it_is_synced(database: Database, passkeys: Passkeys) -> None:
    await database.insert(passkeys.adding(KEY))
    await passkeys.use(database, KEY, 3, NOW + 5, synced=True)
    assert await passkeys.by_id("p1") == replace(KEY, uses=3, used_at=NOW + 5, synced=True)
    with pytest.raises(Stale):
        await passkeys.use(database, KEY, 3, NOW + 5, synced=True)


async def test_of_two_uses_with_the_same_count_one_is_stale(database: Database, passkeys: Passkeys) -> None:
    await database.insert(passkeys.adding(KEY))
    uses = (passkeys.use(database, KEY, 1, NOW, synced=False) for _ in range(4))
    outcomes = await asyncio.gather(*uses, return_exceptions=True)
    assert sum(outcome is None for outcome in outcomes) == 1


async def test_an_ended_key_is_found_by_nothing_and_keeps_its_row(database: Database, passkeys: Passkeys) -> None:
    await database.insert(passkeys.adding(KEY))
    await passkeys.end(database, KEY, NOW + 9)
    with pytest.raises(Stale):
        await passkeys.end(database, KEY, NOW + 9)
    with pytest.raises(Stale):
        await passkeys.use(database, KEY, 1, NOW + 9, synced=False)
    assert [await passkeys.by_key("k1"), await passkeys.by_id("p1"), await passkeys.of_person("jan")] == [
        None,
        None,
        [],
    ]
    row = await database.one("SELECT name, public_key, ended_at FROM passkeys")
    assert row is not None
    assert (row["name"], row["public_key"], row["ended_at"]) == ("", None, NOW + 9)
    await database.insert(passkeys.adding(replace(KEY, id="p2")))


async def test_all_keys_of_one_person_end_and_nobody_elses(database: Database, passkeys: Passkeys) -> None:
    people = (("p1", "k1", "jan"), ("p2", "k2", "jan"), ("p3", "k3", "anna"))
    await database.insert(
        *(passkeys.adding(replace(KEY, id=row, key_id=key, person_id=who)) for row, key, who in people)
    )
    assert await passkeys.end_all(database, "jan", NOW) == 2
    assert await passkeys.end_all(database, "jan", NOW) == 0
    assert [one.id for one in await passkeys.of_person("anna")] == ["p3"]

"""Bound devices on both engines: found by their secret, counted one by one, ended for good."""

import asyncio
from dataclasses import replace

import pytest

from poreka.contracts.binding import MOST_TRIES, Binding, BindingEnd, CameWith, Tool, end_of, tried
from poreka.store.database import Database, Stale
from poreka.store.fresh import Fresh
from poreka.store.seal import Seal
from poreka.store.sweep import DAY, sweep
from poreka.systems.mojeikp.store.bindings import Bindings, BoundKey, KeptBinding
from tests.support.engines import NOW, PARTS

FIRST, SECOND, THIRD = "a" * 43, "b" * 43, "c" * 43


@pytest.fixture
def bindings(database: Database, seal: Seal, fresh: Fresh) -> Bindings:
    return Bindings(database, seal, fresh)


def binding(binding_id: str = "d1", account: str = "k1", subject: str = "s1", tool: Tool = Tool.PIN) -> KeptBinding:
    return KeptBinding(
        id=binding_id,
        account=account,
        owner="Żaneta Kowalska",
        name="Telefon",
        issuer="https://pz.example",
        subject=subject,
        rule=Binding(tool=tool, used_at=NOW),
        added_at=NOW,
        pin_hash="first" if tool is Tool.PIN else None,
        key=BoundKey(key_id="key", public_key=b"public", uses=3) if tool is Tool.PASSKEY else None,
    )


async def kept(bindings: Bindings, secret: str = FIRST) -> KeptBinding:
    found = await bindings.by_secret(secret)
    assert found is not None
    return found


async def opened(
    bindings: Bindings, seen: KeptBinding, secret: str, pin_hash: str | None = None, uses: int = 0
) -> None:
    async with bindings.database.transaction() as transaction:
        await bindings.open(transaction, seen, uses=uses, secret=secret, pin_hash=pin_hash, now=NOW + 5)


async def came_with(bindings: Bindings, secret: str) -> CameWith:
    return (await kept(bindings, secret)).came_with


async def test_those_before_the_present_secret_open_until_it_was_seen(bindings: Bindings) -> None:
    made = binding()
    await bindings.database.insert(bindings.adding(made, FIRST))
    assert await kept(bindings) == made == await bindings.load("d1")
    assert await bindings.by_secret(SECOND) is None
    await opened(bindings, await kept(bindings), SECOND, "second")
    now = await kept(bindings, SECOND)
    assert (now.pin_hash, now.came_with, now.unseen, now.rule.used_at) == ("second", CameWith.PRESENT, True, NOW + 5)
    before = await kept(bindings, FIRST)
    assert (before.pin_hash, before.came_with) == ("first", CameWith.FORMER)
    await opened(bindings, before, THIRD, "third")
    assert (await kept(bindings, FIRST)).pin_hash == "first"
    crossed = await kept(bindings, SECOND)
    assert (crossed.pin_hash, crossed.came_with) == ("second", CameWith.FORMER), "two answers may cross"
    await bindings.seen(await kept(bindings, THIRD))
    assert not (await kept(bindings, THIRD)).unseen
    assert [await came_with(bindings, one) for one in (FIRST, SECOND)] == [CameWith.SPENT] * 2
    assert (await kept(bindings, FIRST)).pin_hash is None


async def test_an_opening_with_the_present_secret_spends_those_before_its_own(bindings: Bindings) -> None:
    await bindings.database.insert(bindings.adding(binding(), FIRST))
    await opened(bindings, await kept(bindings), SECOND, "second")
    await opened(bindings, await kept(bindings, SECOND), THIRD, "third")
    assert [await came_with(bindings, one) for one in (FIRST, SECOND, THIRD)] == [
        CameWith.SPENT,
        CameWith.FORMER,
        CameWith.PRESENT,
    ]


async def test_of_openings_with_one_secret_at_the_same_moment_one_counts(bindings: Bindings) -> None:
    await bindings.database.insert(bindings.adding(binding(), FIRST))
    seen = await kept(bindings)
    outcomes = await asyncio.gather(
        *(opened(bindings, seen, letter * 43, letter) for letter in "uvwxyz"), return_exceptions=True
    )
    assert [one for one in outcomes if one is None] == [None]
    assert all(isinstance(one, Stale) for one in outcomes if one is not None)
    assert await came_with(bindings, FIRST) is CameWith.FORMER


async def test_a_former_secret_opens_nothing_at_the_moment_the_present_one_is_seen(bindings: Bindings) -> None:
    await bindings.database.insert(bindings.adding(binding(), FIRST))
    await opened(bindings, await kept(bindings), SECOND, "second")
    former, present = await kept(bindings), await kept(bindings, SECOND)
    outcome, _ = await asyncio.gather(
        opened(bindings, former, THIRD, "third"), bindings.seen(present), return_exceptions=True
    )
    if isinstance(outcome, Stale):
        assert await came_with(bindings, FIRST) is CameWith.SPENT
    else:
        assert await came_with(bindings, THIRD) is CameWith.PRESENT
    await bindings.seen(await kept(bindings, THIRD if outcome is None else SECOND))
    with pytest.raises(Stale):
        await opened(bindings, former, "d" * 43, "fourth")


async def test_the_owners_name_is_sealed(bindings: Bindings) -> None:
    await bindings.database.insert(bindings.adding(binding(), FIRST))
    row = await bindings.database.one("SELECT owner FROM bindings")
    assert row is not None
    assert b"Kowalska" not in bytes(row["owner"])


async def test_tries_at_once_are_counted_one_by_one(bindings: Bindings) -> None:
    await bindings.database.insert(bindings.adding(binding(), FIRST))
    for round_number in range(MOST_TRIES):
        seen = await kept(bindings)
        tries = (bindings.count(bindings.database, seen, tried(seen.rule)) for _ in range(6))
        outcomes = await asyncio.gather(*tries, return_exceptions=True)
        assert [outcome for outcome in outcomes if outcome is None] == [None]
        assert all(isinstance(outcome, Stale) for outcome in outcomes if outcome is not None)
        assert (await kept(bindings)).rule.tries == round_number + 1
    assert end_of((await kept(bindings)).rule, NOW, 90) is BindingEnd.TRIES


async def test_a_right_try_that_could_not_be_used_is_taken_back(bindings: Bindings) -> None:
    await bindings.database.insert(bindings.adding(binding(), FIRST))
    seen = await kept(bindings)
    await bindings.count(bindings.database, seen, tried(seen.rule))
    await bindings.uncount(bindings.database, seen)
    assert (await kept(bindings)).rule.tries == 0
    await bindings.uncount(bindings.database, seen)
    assert (await kept(bindings)).rule.tries == 0


async def test_of_two_uses_of_a_key_one_is_stale(bindings: Bindings) -> None:
    await bindings.database.insert(bindings.adding(binding(tool=Tool.PASSKEY), FIRST))
    seen = await kept(bindings)
    await opened(bindings, seen, SECOND, uses=4)
    with pytest.raises(Stale):
        await opened(bindings, seen, THIRD, uses=4)


async def test_an_ended_one_keeps_neither_key_nor_pin_and_is_found_for_a_while(bindings: Bindings) -> None:
    await bindings.database.insert(
        bindings.adding(binding(), FIRST), bindings.adding(binding("d2", tool=Tool.PASSKEY), SECOND)
    )
    seen = await kept(bindings)
    for one in ("d1", "d2"):
        assert await bindings.end(bindings.database, one, BindingEnd.TRIES, NOW)
        assert not await bindings.end(bindings.database, one, BindingEnd.OWNER, NOW)
    ended = await kept(bindings)
    assert (ended.rule.ended_by, ended.pin_hash) == (BindingEnd.TRIES, None)
    assert (await kept(bindings, SECOND)).key is None
    for refused in (
        bindings.count(bindings.database, seen, tried(seen.rule)),
        opened(bindings, seen, THIRD, "x"),
    ):
        with pytest.raises(Stale):
            await refused
    assert await bindings.of_account("k1") == []
    await sweep(bindings.database, PARTS, NOW + 399 * DAY)
    assert await bindings.by_secret(FIRST) is not None
    await sweep(bindings.database, PARTS, NOW + 401 * DAY)
    assert await bindings.by_secret(FIRST) is None


async def test_those_of_an_account_and_those_of_a_providers_word(bindings: Bindings) -> None:
    made = [binding(), binding("d2", subject="s2"), binding("d3", account="k2")]
    rows = [bindings.adding(one, letter * 43) for one, letter in zip(made, "xyz", strict=True)]
    await bindings.database.insert(*rows)
    assert [one.id for one in await bindings.of_account("k1")] == ["d1", "d2"]
    async with bindings.database.transaction() as transaction:
        assert [one.id for one in await bindings.of_subject("https://pz.example", "s1", transaction)] == ["d1", "d3"]
        assert await bindings.of_subject("https://other.example", "s1", transaction) == []
        await bindings.end(transaction, "d1", BindingEnd.PROVIDER, NOW)
    assert replace(made[2]) in await bindings.of_account("k2")

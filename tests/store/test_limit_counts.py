"""Counters in both databases do what the rules say, and hold when many come at once."""

import asyncio
from collections import Counter

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from poreka.rules.limits.limits import Limit, Limits, window_end
from poreka.store.database import Database
from poreka.store.limit_counts import LimitCounts
from poreka.store.sweep import sweep
from tests.support.engines import NOW

LIMIT = Limit(3, 100)


async def add(counts: LimitCounts, counter: bytes, item: bytes, now: int = NOW, limit: Limit = LIMIT) -> bool:
    async with counts.database.transaction() as transaction:
        return await counts.add(transaction, counter, item, limit, now)


async def add_once(counts: LimitCounts, counter: bytes, item: bytes, now: int = NOW) -> None:
    async with counts.database.transaction() as transaction:
        await counts.add_once(transaction, counter, item, LIMIT, now)


async def give_back(counts: LimitCounts, item: bytes, now: int = NOW, counters: list[bytes] | None = None) -> None:
    async with counts.database.transaction() as transaction:
        await counts.give_back(transaction, item, now, counters)


@settings(deadline=None, max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 40), st.sampled_from([b"x", b"y"])), max_size=25), st.binary(min_size=8))
async def test_a_counter_counts_as_the_rule_says(
    database: Database, steps: list[tuple[int, bytes]], counter: bytes
) -> None:
    counts, now, allowed = LimitCounts(database, Limits()), NOW, list[int]()
    for gap, item in steps:
        now += gap
        used = sum(window_end(LIMIT, one) == window_end(LIMIT, now) for one in allowed)
        assert await add(counts, counter, item, now) == (used < LIMIT.most)
        allowed += [now] * (used < LIMIT.most)
        assert await counts.used(counter, now) == min(used + 1, LIMIT.most)
    assert all(sum(at <= one < at + LIMIT.seconds for one in allowed) <= 2 * LIMIT.most for at in allowed)
    async with database.transaction() as transaction:
        await transaction.run("DELETE FROM limit_counts")


async def test_of_many_at_once_no_more_are_allowed_than_the_limit_says(database: Database) -> None:
    counts = LimitCounts(database, Limits())
    allowed = await asyncio.gather(*(add(counts, b"network", b"item %d" % number) for number in range(20)))
    assert Counter(allowed) == {True: LIMIT.most, False: 20 - LIMIT.most}
    assert await counts.used(b"network", NOW) == LIMIT.most


async def test_a_name_is_counted_once_however_often_it_was_wrong(database: Database) -> None:
    counts = LimitCounts(database, Limits())
    await asyncio.gather(*(add_once(counts, b"network", b"jan") for _ in range(10)))
    await add_once(counts, b"network", b"anna")
    await add_once(counts, b"browser", b"jan")
    assert [await counts.used(counter, NOW) for counter in (b"network", b"browser", b"other")] == [2, 1, 0]


async def test_what_was_right_is_given_back_wherever_it_was_counted(database: Database) -> None:
    counts = LimitCounts(database, Limits())
    for item in (b"operation", b"operation", b"another"):
        assert await add(counts, b"network", item)
    assert await add(counts, b"number", b"operation")
    await give_back(counts, b"operation")
    assert [await counts.used(counter, NOW) for counter in (b"network", b"number")] == [1, 0]
    await give_back(counts, b"operation")
    assert await counts.used(b"network", NOW) == 1


async def test_a_right_password_gives_back_nothing_that_others_tried_elsewhere(database: Database) -> None:
    counts = LimitCounts(database, Limits())
    for network in (b"mine", b"a stranger's"):
        await add_once(counts, network, b"jan")
    await give_back(counts, b"jan", counters=[b"mine"])
    assert [await counts.used(network, NOW) for network in (b"mine", b"a stranger's")] == [0, 1]


async def test_nothing_of_a_window_that_ended_is_given_back_to_the_next(database: Database) -> None:
    counts, later = LimitCounts(database, Limits()), NOW + LIMIT.seconds
    await add_once(counts, b"network", b"jan")
    await add_once(counts, b"network", b"anna", later)
    await give_back(counts, b"jan", later)
    assert await counts.used(b"network", later) == 1


async def test_counters_are_swept_when_their_window_has_ended(database: Database) -> None:
    counts = LimitCounts(database, Limits())
    await add(counts, b"network", b"jan")
    assert "limit_counts" not in await sweep(database, ("shared",), NOW)
    assert (await sweep(database, ("shared",), NOW + 2 * LIMIT.seconds))["limit_counts"] == 2

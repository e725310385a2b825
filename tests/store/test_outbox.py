import asyncio
from dataclasses import replace

import pytest

from poreka.store.database import Database
from poreka.store.fresh import Fresh
from poreka.store.outbox import Delivery, Lease, Message, Outbox
from poreka.store.seal import Seal
from tests.support.engines import NOW

MESSAGE = Message(
    id="m1",
    channel="sms",
    recipient="500000001",
    body="Kod SMS nr 1: 246810",
    about="operation:o1:0",
    created_at=NOW,
    due_at=NOW,
    expires_at=NOW + 300,
)


@pytest.fixture
async def outbox(database: Database, seal: Seal, fresh: Fresh) -> Outbox:
    box = Outbox(database, seal, fresh)
    await database.insert(box.adding(MESSAGE))
    return box


async def claimed(outbox: Outbox, now: int) -> list[Message]:
    return await outbox.claim_due(now)


async def test_a_message_is_given_to_one_worker_under_a_lease(outbox: Outbox) -> None:
    leased = replace(MESSAGE, attempts=1)
    assert await claimed(outbox, NOW - 1) == []
    assert await outbox.leases() == []
    assert await claimed(outbox, NOW) == [leased]
    assert await claimed(outbox, NOW + 299) == []
    assert await outbox.leases() == [Lease("m1", 1, 0, to_people=True)]


async def test_a_lease_is_taken_over_by_one_and_only_as_it_was_seen(database: Database, outbox: Outbox) -> None:
    [first] = await claimed(outbox, NOW)
    seen = await outbox.leases()
    assert await outbox.renew(database, first)
    assert await outbox.take_over(seen, NOW) == []
    renewed = await outbox.leases()
    assert renewed != seen
    taken = await asyncio.gather(*(outbox.take_over(renewed, NOW) for _ in range(4)))
    assert [message for each in taken for message in each] == [replace(MESSAGE, attempts=2)]
    assert not await outbox.renew(database, first)
    assert await outbox.take_over(await outbox.leases(), NOW + 300) == []  # it is not worth sending any more


async def test_who_tries_again_later_or_gives_back_holds_no_lease(database: Database, outbox: Outbox) -> None:
    [first] = await claimed(outbox, NOW)
    assert await outbox.retry(database, first, NOW + 60, "no answer", in_doubt=False)
    assert await outbox.leases() == []
    assert not await outbox.renew(database, first)
    [second] = await claimed(outbox, NOW + 60)
    assert await outbox.give_back(database, second, NOW + 61)
    assert await outbox.leases() == []
    assert [message.attempts for message in await claimed(outbox, NOW + 61)] == [3]


async def test_of_many_workers_each_message_goes_to_one(database: Database, outbox: Outbox) -> None:
    await database.insert(*(outbox.adding(replace(MESSAGE, id=f"n{i:02}")) for i in range(29)))
    batches = await asyncio.gather(*(outbox.claim_due(NOW, limit=4) for _ in range(12)))
    ids = [message.id for batch in batches for message in batch]
    assert len(ids) == len(set(ids))
    while more := await outbox.claim_due(NOW, limit=4):
        ids += [message.id for message in more]
    assert sorted(ids) == ["m1", *(f"n{i:02}" for i in range(29))]


async def test_what_was_sent_is_not_sent_again_and_its_text_is_gone(database: Database, outbox: Outbox) -> None:
    [message] = await claimed(outbox, NOW)
    assert await outbox.dispatched(database, message, NOW + 1)
    assert not await outbox.dispatched(database, message, NOW + 2)
    assert await claimed(outbox, NOW + 200) == []
    row = await database.one("SELECT recipient, body FROM outbox")
    assert row is not None
    assert (bytes(row["recipient"]), bytes(row["body"])) == (b"", b"")
    told = Delivery(attempts=1, dispatched_at=NOW + 1, failed_at=None, failure=None)
    assert await outbox.status_of(MESSAGE.about) == told
    assert await outbox.status_of("operation:o2:0") is None


async def test_a_retry_waits_and_a_late_worker_does_not_decide(database: Database, outbox: Outbox) -> None:
    [first] = await claimed(outbox, NOW)
    assert await outbox.retry(database, first, NOW + 60, "no answer", in_doubt=False)
    assert await claimed(outbox, NOW + 59) == []
    [second] = await claimed(outbox, NOW + 60)
    assert not await outbox.failed(database, first, NOW + 61, "late")
    assert not await outbox.retry(database, first, NOW + 61, "late", in_doubt=False)
    assert await outbox.failed(database, second, NOW + 61, "refused")
    assert await claimed(outbox, NOW + 200) == []
    told = Delivery(attempts=2, dispatched_at=None, failed_at=NOW + 61, failure="refused")
    assert await outbox.status_of(MESSAGE.about) == told


async def test_what_is_no_longer_worth_sending_is_given_up(database: Database, outbox: Outbox) -> None:
    assert await claimed(outbox, NOW + 300) == []
    assert await outbox.give_up_expired(database, NOW + 299) == 0
    assert await outbox.give_up_expired(database, NOW + 300) == 1
    status = await outbox.status_of(MESSAGE.about)
    assert status is not None
    assert (status.failure, status.failed_at) == ("expired", NOW + 300)


def test_printing_a_message_shows_neither_address_nor_text() -> None:
    assert "246810" not in repr(MESSAGE)
    assert "500000001" not in repr(MESSAGE)

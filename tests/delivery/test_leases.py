"""A message's lease: renewed while it is under way, given back when surely nothing left, and never in doubt."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest

from poreka.delivery import worker as worker_module
from poreka.delivery.hand_over import PAUSES_SECONDS
from poreka.delivery.sender import SendingFailed
from poreka.delivery.worker import LEASE_SECONDS, DeliveryWorker
from poreka.store.database import DatabaseUnavailable
from poreka.store.outbox import Message, Outbox
from tests.delivery.test_hand_over import Gateway, code_waits, status, worker_of
from tests.support.in_process import BankInProcess


@dataclass
class Away:
    """How many calls of each name fail; those outside a transaction were carried out and could not say so."""

    handing_over: int = 0
    dispatched: int = 0
    retry: int = 0
    give_back: int = 0
    renew: int = 0


class UnsureOutbox(Outbox):
    """An outbox whose database answers too late at times."""

    away: Away

    def __getattribute__(self, name: str) -> Any:
        found = object.__getattribute__(self, name)
        away: Away = object.__getattribute__(self, "away")
        return _too_late(found, away, name) if hasattr(away, name) else found


def _too_late(done: Callable[..., Any], away: Away, name: str) -> Callable[..., Any]:
    async def call(*args: Any, **more: Any) -> Any:
        said = await done(*args, **more)
        if getattr(away, name):
            setattr(away, name, getattr(away, name) - 1)
            raise DatabaseUnavailable("away")
        return said

    return call


def with_database(worker: DeliveryWorker, away: Away) -> DeliveryWorker:
    """The worker, on a database that fails at times."""
    plain = worker._outbox
    outbox = UnsureOutbox(plain.database, plain.seal, plain.fresh)
    object.__setattr__(outbox, "away", away)
    return DeliveryWorker(replace(worker._hand_over, outbox=outbox))


async def due_at(bank: BankInProcess) -> int:
    row = await bank.bank.database.one("SELECT due_at FROM outbox")
    assert row is not None
    return int(row["due_at"])


@pytest.mark.parametrize("failing", ["handing_over", "retry"])
async def test_a_code_of_which_nothing_left_waits_a_pause_and_no_lease(
    bank_on_each: BankInProcess, failing: str
) -> None:
    gateway = Gateway(answers=[SendingFailed("away")] if failing == "retry" else [])
    worker = with_database(worker_of(bank_on_each, gateway), Away(**{failing: 1}))
    about = await code_waits(bank_on_each)
    assert await worker.send_due() == 0
    bank_on_each.clock.advance(PAUSES_SECONDS[0])
    assert await worker.send_due() == 1
    assert len(gateway.got) == (2 if failing == "retry" else 1)
    assert not (await status(bank_on_each, about)).unsure


async def test_a_code_is_given_back_once_the_database_is_there_again(
    bank: BankInProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker_module, "LOOK_EVERY_SECONDS", 0.01)
    gateway = Gateway()
    worker = with_database(worker_of(bank, gateway), Away(handing_over=1, give_back=3))
    about = await code_waits(bank)
    assert await worker.send_due() == 0
    bank.clock.advance(PAUSES_SECONDS[0])
    assert await worker.send_due() == 1
    assert not (await status(bank, about)).unsure


async def test_a_code_in_doubt_is_not_given_back_and_never_sent_again(bank_on_each: BankInProcess) -> None:
    """The gateway took it, and the database could not be told: nobody can say any more."""
    first, second = Gateway(), Gateway("second")
    about = await code_waits(bank_on_each)
    worker = with_database(worker_of(bank_on_each, first, second), Away(dispatched=1))
    assert await worker.send_due() == 0
    bank_on_each.clock.advance(PAUSES_SECONDS[0])
    assert await worker.send_due() == 0
    bank_on_each.clock.advance(LEASE_SECONDS)
    assert await worker.send_due() == 0
    assert (len(first.got), second.got) == (1, [])
    assert (await status(bank_on_each, about)).unsure


async def test_a_message_under_way_keeps_its_lease_however_long_its_gateway_takes(
    bank_on_each: BankInProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker_module, "RENEW_SECONDS", 0.01)
    bank, begun, go = bank_on_each, asyncio.Event(), asyncio.Event()

    class Slow(Gateway):
        async def send(self, message: Message) -> str | None:
            begun.set()
            await go.wait()
            return await super().send(message)

    slow, other = Slow(recognises=True), Gateway(recognises=True)
    await code_waits(bank)
    worker = with_database(worker_of(bank, slow), Away(renew=1))
    sending = asyncio.create_task(worker.send_due())
    await begun.wait()
    for _ in range(3):
        bank.clock.advance(LEASE_SECONDS - 1)
        async with asyncio.timeout(20):
            while await due_at(bank) != bank.clock() + LEASE_SECONDS:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        assert await worker_of(bank, other).send_due() == 0
    go.set()
    assert await sending == 1
    assert (len(slow.got), other.got) == (1, [])


async def test_a_renewal_moves_no_time_of_another_try_and_no_lease_of_a_later_worker(
    bank_on_each: BankInProcess,
) -> None:
    bank, outbox, database = bank_on_each, bank_on_each.bank.outbox, bank_on_each.bank.database
    await code_waits(bank)
    [first] = await outbox.claim_due(bank.clock(), lease_seconds=LEASE_SECONDS)
    lease = (first.due_at, first.due_at + 4)
    assert await outbox.renew(database, first, lease)
    assert await outbox.renew(database, first, lease)  # the answer to the first one was lost
    assert await outbox.retry(database, first, bank.clock() + 60, "away", in_doubt=False)
    assert not await outbox.renew(database, first, (lease[1], lease[1] + 4))
    bank.clock.advance(60)
    [second] = await outbox.claim_due(bank.clock(), lease_seconds=LEASE_SECONDS)
    assert second.attempts == first.attempts + 1
    assert not await outbox.renew(database, first, (second.due_at, second.due_at + 4))
    assert not await outbox.give_back(database, first, bank.clock())
    assert await due_at(bank) == second.due_at


async def test_giving_back_leaves_an_earlier_doubt_as_it_was(bank_on_each: BankInProcess) -> None:
    """One that may have left in an earlier attempt stays in doubt at that gateway, whatever this attempt marked."""
    bank, outbox, database = bank_on_each, bank_on_each.bank.outbox, bank_on_each.bank.database
    await code_waits(bank)
    [first] = await outbox.claim_due(bank.clock(), lease_seconds=LEASE_SECONDS)
    assert await outbox.handing_over(database, first, "first", bank.clock())
    marked_at = bank.clock()
    bank.clock.advance(LEASE_SECONDS)
    [second] = await outbox.claim_due(bank.clock(), lease_seconds=LEASE_SECONDS)
    assert await outbox.handing_over(database, second, "second", bank.clock())
    assert await outbox.give_back(database, second, bank.clock())
    [third] = await outbox.claim_due(bank.clock(), lease_seconds=LEASE_SECONDS)
    assert (third.handed_to, third.handed_at) == ("first", marked_at)

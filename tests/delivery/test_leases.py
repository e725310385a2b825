"""A message's lease: renewed while it is under way, given back when surely nothing left, and never in doubt."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest

from poreka.delivery import worker as worker_module
from poreka.delivery.hand_over import PAUSES_SECONDS
from poreka.delivery.leases import LEASE_SECONDS, RENEW_SECONDS, LeasesSeen
from poreka.delivery.sender import SendingFailed
from poreka.delivery.worker import DeliveryWorker
from poreka.store.database import DatabaseUnavailable
from poreka.store.outbox import Lease, Message, Outbox
from tests.delivery.test_hand_over import Gateway, code_waits, dies_while_sending, lease_passes, status, worker_of
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
    return DeliveryWorker(replace(worker._hand_over, outbox=outbox), worker._monotonic)


async def lease_of(bank: BankInProcess) -> Lease:
    [lease] = await bank.bank.outbox.leases()
    return lease


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
    await lease_passes(bank_on_each, worker)
    assert await worker.send_due() == 0
    assert (len(first.got), second.got) == (1, [])
    assert (await status(bank_on_each, about)).unsure


@pytest.mark.parametrize("ahead_seconds", [0, 60, -60])
async def test_a_message_under_way_is_left_alone_by_a_machine_whose_clock_differs_by_a_minute(
    bank_on_each: BankInProcess, monkeypatch: pytest.MonkeyPatch, ahead_seconds: int
) -> None:
    monkeypatch.setattr(worker_module, "RENEW_SECONDS", 0.01)
    bank, begun, go = bank_on_each, asyncio.Event(), asyncio.Event()

    class Slow(Gateway):
        async def send(self, message: Message) -> str | None:
            begun.set()
            await go.wait()
            return await super().send(message)

    slow, other = Slow(recognises=True), Gateway(recognises=True)
    about = await code_waits(bank)
    elsewhere = on_a_machine_ahead(bank, worker_of(bank, other), ahead_seconds)
    sending = asyncio.create_task(with_database(worker_of(bank, slow), Away(renew=1)).send_due())
    await begun.wait()
    for _ in range(2 * LEASE_SECONDS // 3):
        assert await elsewhere.send_due() == 0
        before = await lease_of(bank)
        bank.clock.advance(3)
        async with asyncio.timeout(20):
            while await lease_of(bank) == before:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
    go.set()
    assert await sending == 1
    assert await elsewhere.send_due() == 0
    assert (len(slow.got), other.got) == (1, [])
    assert not (await status(bank, about)).unsure


@pytest.mark.parametrize("ahead_seconds", [60, -60])
async def test_what_a_dead_worker_had_is_taken_after_the_lease_by_a_machine_whose_clock_differs_by_a_minute(
    bank_on_each: BankInProcess, ahead_seconds: int
) -> None:
    bank, gateway = bank_on_each, Gateway(recognises=True)
    await code_waits(bank)
    await dies_while_sending(bank, gateway)
    elsewhere = on_a_machine_ahead(bank, worker_of(bank, gateway), ahead_seconds)
    await lease_passes(bank, elsewhere)
    assert await elsewhere.send_due() == 1


def on_a_machine_ahead(bank: BankInProcess, worker: DeliveryWorker, seconds: int) -> DeliveryWorker:
    """The worker, on a machine whose clock is ahead by so much."""
    return DeliveryWorker(replace(worker._hand_over, clock=lambda: bank.clock() + seconds), bank.clock)


def test_a_lease_runs_out_when_it_was_seen_unchanged_for_its_whole_length() -> None:
    lease, now = Lease("m1", 1, 0, to_people=True), 0.0
    seen = LeasesSeen(lambda: now)
    while now < LEASE_SECONDS:
        assert seen.run_out([lease]) == []
        now += 2.5
    assert seen.run_out([lease]) == [lease]
    assert seen.run_out([replace(lease, number=1)]) == []


def test_a_worker_that_could_not_look_for_a_while_begins_to_count_anew() -> None:
    """The database was away for everyone: nobody could renew."""
    lease, now = Lease("m1", 1, 0, to_people=True), 0.0
    seen = LeasesSeen(lambda: now)
    assert seen.run_out([lease]) == []
    now = 2.0 * LEASE_SECONDS
    for _ in range(LEASE_SECONDS // 3):
        assert seen.run_out([lease]) == []
        now += 3
    assert seen.run_out([lease]) == [lease]


def test_a_renewal_may_fail_twice_before_its_lease_runs_out() -> None:
    assert 3 * RENEW_SECONDS + worker_module.LOOK_EVERY_SECONDS < LEASE_SECONDS


async def test_giving_back_leaves_an_earlier_doubt_as_it_was(bank_on_each: BankInProcess) -> None:
    """One that may have left in an earlier attempt stays in doubt at that gateway, whatever this attempt marked."""
    bank, outbox, database = bank_on_each, bank_on_each.bank.outbox, bank_on_each.bank.database
    await code_waits(bank)
    [first] = await outbox.claim_due(bank.clock())
    assert await outbox.handing_over(database, first, "first", bank.clock())
    marked_at = bank.clock()
    bank.clock.advance(LEASE_SECONDS)
    [second] = await outbox.take_over(await outbox.leases(), bank.clock())
    assert await outbox.handing_over(database, second, "second", bank.clock())
    assert await outbox.give_back(database, second, bank.clock())
    [third] = await outbox.claim_due(bank.clock())
    assert (third.handed_to, third.handed_at) == ("first", marked_at)

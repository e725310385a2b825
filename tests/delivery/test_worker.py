"""The outbox worker: sent once, tried again with growing pauses, given up; nobody waits for another."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from poreka.delivery import worker as worker_module
from poreka.delivery.hand_over import PAUSES_SECONDS, HandOver
from poreka.delivery.sender import Sender, SendingFailed
from poreka.delivery.worker import DeliveryWorker
from poreka.rules.authorising.operation import OperationLimits
from poreka.store.outbox import Message
from tests.delivery.test_hand_over import lease_passes
from tests.protocol.test_release import at_consent
from tests.support.in_process import BankInProcess
from tests.support.waiting import PATIENCE


@dataclass
class Receiver:
    """Takes messages, or does what `how` does instead."""

    how: Callable[[Message], object] = lambda message: None
    taken: list[str] = field(default_factory=list)
    tries: int = 0
    name: str = "receiver"
    recognises: bool = False

    async def send(self, message: Message) -> None:
        self.tries += 1
        done = self.how(message)
        if asyncio.iscoroutine(done):
            await done
        self.taken.append(message.id)


def failing(*, for_good: bool = False) -> Callable[[Message], object]:
    def fail(message: Message) -> None:
        raise SendingFailed("the other side is away", for_good=for_good)

    return fail


def broken(message: Message) -> None:
    raise ZeroDivisionError


def worker_of(bank: BankInProcess, **senders: Sender) -> DeliveryWorker:
    system = bank.bank
    ways = {channel: (sender,) for channel, sender in senders.items()}
    hand_over = HandOver(system.database, system.outbox, system.operations, ways, bank.clock, OperationLimits())
    return DeliveryWorker(hand_over, bank.clock)


async def put(
    bank: BankInProcess, channel: str = "sms", about: str = "x", life: int = 3600, to: str = "600201011"
) -> str:
    """A message into the outbox; its id."""
    now, message_id = bank.clock(), bank.bank.fresh.id()
    message = Message(
        id=message_id, channel=channel, recipient=to, body="Kod SMS nr 1: 123456", about=about,
        created_at=now, due_at=now, expires_at=now + life,
    )  # fmt: skip
    await bank.bank.database.insert(bank.bank.outbox.adding(message))
    return message_id


async def test_a_message_is_sent_once_and_its_text_forgotten(bank_on_each: BankInProcess) -> None:
    receiver = Receiver()
    worker, sent = worker_of(bank_on_each, sms=receiver), await put(bank_on_each)
    assert (await worker.send_due(), await worker.send_due()) == (1, 0)
    assert receiver.taken == [sent]
    row = await bank_on_each.bank.database.one("SELECT recipient, body, dispatched_at FROM outbox")
    assert row is not None
    assert (bytes(row["recipient"]), bytes(row["body"])) == (b"", b"")
    assert row["dispatched_at"] == bank_on_each.clock()


async def test_two_workers_do_not_send_the_same(bank_on_each: BankInProcess) -> None:
    first, second = Receiver(), Receiver()
    sent = {await put(bank_on_each, to=f"6002010{number:02}") for number in range(30)}
    workers = [worker_of(bank_on_each, sms=first), worker_of(bank_on_each, sms=second)]
    await asyncio.gather(*(worker.send_due() for worker in workers))
    assert len(first.taken + second.taken) == 30
    assert set(first.taken + second.taken) == sent


async def test_what_is_not_taken_is_tried_again_with_growing_pauses(bank: BankInProcess) -> None:
    receiver = Receiver(failing())
    worker = worker_of(bank, sms=receiver)
    await put(bank)
    for tries, pause in enumerate(PAUSES_SECONDS, start=1):
        await worker.send_due()
        assert receiver.tries == tries
        bank.clock.advance(pause - 1)
        await worker.send_due()
        assert receiver.tries == tries
        bank.clock.advance(1)
    receiver.how = lambda message: None
    assert await worker.send_due() == 1


async def test_what_cannot_arrive_in_time_is_given_up(bank: BankInProcess) -> None:
    receiver = Receiver(failing())
    worker = worker_of(bank, sms=receiver)
    await put(bank, about="late", life=3)
    await worker.send_due()
    bank.clock.advance(1)
    await worker.send_due()
    bank.clock.advance(1000)
    await worker.send_due()
    assert receiver.tries == 2
    delivery = await bank.bank.outbox.status_of("late")
    assert delivery is not None
    assert delivery.failed_at is not None
    assert delivery.failure == "the other side is away"


async def test_what_is_refused_for_good_is_not_tried_again(bank: BankInProcess) -> None:
    receiver = Receiver(failing(for_good=True))
    worker = worker_of(bank, sms=receiver)
    await put(bank, about="no")
    await put(bank, channel="pigeon", about="pigeon")
    await worker.send_due()
    bank.clock.advance(1000)
    await worker.send_due()
    assert receiver.tries == 1
    for about in ("no", "pigeon"):
        delivery = await bank.bank.outbox.status_of(about)
        assert delivery is not None
        assert delivery.failed_at is not None


async def test_a_worker_that_dies_leaves_its_messages_to_the_next(bank: BankInProcess) -> None:
    await put(bank)
    assert len(await bank.bank.outbox.claim_due(bank.clock())) == 1
    receiver = Receiver()
    worker = worker_of(bank, sms=receiver)
    await lease_passes(bank, worker)
    assert await worker.send_due() == 1


async def test_a_bug_in_one_sender_keeps_no_other_message(bank: BankInProcess) -> None:
    """It stays in the outbox and is tried again when its lease has run out."""
    bad, good = Receiver(broken), Receiver()
    worker = worker_of(bank, email=bad, sms=good)
    await put(bank, channel="email")
    sent = await put(bank)
    assert await worker.send_due() == 1
    assert good.taken == [sent]
    bad.how = lambda message: None
    await lease_passes(bank, worker)
    assert await worker.send_due() == 1


async def test_a_receiver_that_does_not_answer_keeps_no_code_waiting(
    bank: BankInProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker_module, "SECONDS_TO_ARRIVE", 0.01)
    forever, phone = asyncio.Event(), Receiver()
    dead = Receiver(lambda message: forever.wait())
    worker = worker_of(bank, logout=dead, sms=phone)
    for _ in range(5):
        await put(bank, channel="logout")
    worker.start()
    worker.wake()
    async with asyncio.timeout(PATIENCE):
        while dead.tries < 5:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        await put(bank)
        worker.wake()
        while not phone.taken:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    await worker.stop()
    assert dead.taken == []


async def test_stopping_ends_what_does_not_arrive(bank: BankInProcess, monkeypatch: pytest.MonkeyPatch) -> None:
    forever = asyncio.Event()
    receiver = Receiver(lambda message: forever.wait())
    worker = worker_of(bank, sms=receiver)
    await put(bank)
    monkeypatch.setattr(worker_module, "SECONDS_TO_ARRIVE", 0.01)
    worker.start()
    worker.wake()
    async with asyncio.timeout(PATIENCE):
        while not receiver.tries:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    await worker.stop()
    assert receiver.taken == []


async def test_stopping_lets_what_is_under_way_arrive(bank: BankInProcess) -> None:
    begun, go = asyncio.Event(), asyncio.Event()

    async def slowly() -> None:
        begun.set()
        await go.wait()

    receiver = Receiver(lambda message: slowly())
    worker = worker_of(bank, sms=receiver)
    sent = await put(bank, about="slow")
    worker.start()
    worker.wake()
    await begun.wait()
    stopping = asyncio.create_task(worker.stop())
    await asyncio.sleep(0)
    go.set()
    await stopping
    assert receiver.taken == [sent]
    delivery = await bank.bank.outbox.status_of("slow")
    assert delivery is not None
    assert delivery.dispatched_at == bank.clock()


async def test_a_full_worker_goes_on_as_soon_as_there_is_room(bank: BankInProcess) -> None:
    receiver = Receiver()
    worker = worker_of(bank, sms=receiver)
    for number in range(3 * worker_module.AT_A_TIME):
        await put(bank, to=f"6002010{number:02}")
    begun = await worker.begin_due()
    assert len(begun) == worker_module.AT_A_TIME
    worker.start()  # nobody wakes it but the messages that have left
    async with asyncio.timeout(PATIENCE):
        while len(receiver.taken) < 3 * worker_module.AT_A_TIME:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    await worker.stop()


@pytest.mark.parametrize("seconds", [0, 200])
async def test_the_life_of_a_code_begins_when_its_message_has_left(bank: BankInProcess, seconds: int) -> None:
    page = await (await at_consent(bank)).submit("/consent", consent="yes")
    assert page.status == 200
    bank.clock.advance(seconds)
    await bank.worker.send_due()
    row = await bank.bank.database.one("SELECT dispatched_at, expires_at FROM operations")
    assert row is not None
    assert (row["dispatched_at"], row["expires_at"]) == (bank.clock(), bank.clock() + 300)


async def test_a_message_that_never_leaves_begins_no_life(bank: BankInProcess) -> None:
    await (await at_consent(bank)).submit("/consent", consent="yes")
    await worker_of(bank, sms=Receiver(failing())).send_due()
    row = await bank.bank.database.one("SELECT dispatched_at, expires_at FROM operations")
    assert row is not None
    assert row["dispatched_at"] is None
    assert row["expires_at"] > bank.clock() + 300

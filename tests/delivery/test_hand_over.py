"""Never the same code twice: what happens when nobody can say whether a message left, and which gateway is asked."""

from dataclasses import dataclass, field
from typing import Any

import pytest

from poreka.delivery.hand_over import REPLACED, HandOver
from poreka.delivery.leases import LEASE_SECONDS
from poreka.delivery.sender import MayHaveLeft, SendingFailed
from poreka.delivery.worker import DeliveryWorker
from poreka.rules.authorising.operation import OperationLimits
from poreka.rules.limits.sending import TOO_MANY, RecipientLimits
from poreka.store.outbox import Delivery, Message
from tests.protocol.test_release import at_consent
from tests.support.in_process import BankInProcess

AWAY = SendingFailed("away")
NEVER = SendingFailed("no such number", for_good=True)
DOUBT = MayHaveLeft("no answer")


@dataclass
class Gateway:
    """Takes messages; `answers` are what it does instead, one after the other."""

    name: str = "first"
    recognises: bool = False
    answers: list[BaseException | None] = field(default_factory=list)
    got: list[str] = field(default_factory=list)

    async def send(self, message: Message) -> str | None:
        self.got.append(message.id)
        answer = self.answers.pop(0) if self.answers else None
        if answer is not None:
            raise answer
        return f"{self.name}-{len(self.got)}"


def worker_of(bank: BankInProcess, *ways: Gateway, limits: RecipientLimits | None = None) -> DeliveryWorker:
    system = bank.bank
    more: dict[str, Any] = {"recipient_limits": limits} if limits else {}
    senders = {"sms": ways}
    return DeliveryWorker(
        HandOver(system.database, system.outbox, system.operations, senders, bank.clock, OperationLimits(), **more),
        bank.clock,
    )


async def code_waits(bank: BankInProcess) -> str:
    """A release stands at its code, whose message waits; what the message is about."""
    await (await at_consent(bank)).submit("/consent", consent="yes")
    row = await bank.bank.database.one("SELECT about FROM outbox")
    assert row is not None
    about: str = row["about"]
    return about


async def notice_waits(bank: BankInProcess, to: str = "600201011", about: str = "notice") -> str:
    now = bank.clock()
    message = Message(
        id=bank.bank.fresh.id(), channel="sms", recipient=to, body="Zmieniono telefon.", about=about,
        created_at=now, due_at=now, expires_at=now + 3600,
    )  # fmt: skip
    await bank.bank.database.insert(bank.bank.outbox.adding(message))
    return about


async def status(bank: BankInProcess, about: str) -> Delivery:
    delivery = await bank.bank.outbox.status_of(about)
    assert delivery is not None
    return delivery


async def life(bank: BankInProcess) -> tuple[int | None, int]:
    row = await bank.bank.database.one("SELECT dispatched_at, expires_at FROM operations")
    assert row is not None
    return row["dispatched_at"], row["expires_at"]


async def dies_while_sending(bank: BankInProcess, gateway: Gateway) -> None:
    """A worker that ends between the hand-over and its record: the marks stay."""
    [message] = await bank.bank.outbox.claim_due(bank.clock())
    assert await bank.bank.outbox.handing_over(bank.bank.database, message, gateway.name, bank.clock())
    gateway.got.append(message.id)


async def lease_passes(bank: BankInProcess, worker: DeliveryWorker) -> None:
    """The worker looks all the time; what it sees unchanged has run out when it looks again."""
    bank.clock.advance(3)
    for _ in range(LEASE_SECONDS // 3):
        assert await worker.send_due() == 0
        bank.clock.advance(3)


async def test_a_second_gateway_takes_what_the_first_surely_did_not(bank_on_each: BankInProcess) -> None:
    first, second = Gateway(answers=[AWAY]), Gateway("second")
    about = await code_waits(bank_on_each)
    assert await worker_of(bank_on_each, first, second).send_due() == 1
    assert (len(first.got), len(second.got)) == (1, 1)
    row = await bank_on_each.bank.database.one("SELECT handed_to, reference FROM outbox")
    assert row is not None
    assert (row["handed_to"], row["reference"]) == ("second", "second-1")
    assert not (await status(bank_on_each, about)).unsure


async def test_a_gateway_s_no_for_good_is_not_the_other_s(bank: BankInProcess) -> None:
    about = await code_waits(bank)
    worker = worker_of(bank, Gateway(answers=[NEVER, NEVER]), Gateway("second", answers=[AWAY, NEVER]))
    await worker.send_due()
    assert (await status(bank, about)).failed_at is None
    bank.clock.advance(1)
    await worker.send_due()
    assert (await status(bank, about)).failure == "no such number"


async def test_in_doubt_no_other_gateway_gets_the_code_and_it_is_not_sent_again(bank_on_each: BankInProcess) -> None:
    first, second = Gateway(answers=[DOUBT]), Gateway("second")
    about = await code_waits(bank_on_each)
    worker = worker_of(bank_on_each, first, second)
    for _ in range(5):
        await worker.send_due()
        bank_on_each.clock.advance(60)
    assert (len(first.got), len(second.got)) == (1, 0)
    delivery = await status(bank_on_each, about)
    assert (delivery.unsure, delivery.failed_at) == (True, None)
    row = await bank_on_each.bank.database.one("SELECT recipient, body FROM outbox")
    assert row is not None
    assert (bytes(row["recipient"]), bytes(row["body"])) == (b"", b"")


async def test_a_code_that_may_have_left_lives_from_that_moment(bank: BankInProcess) -> None:
    await code_waits(bank)
    left_at = bank.clock()
    await worker_of(bank, Gateway(answers=[DOUBT])).send_due()
    assert await life(bank) == (left_at, left_at + 300)


async def test_after_a_crash_the_code_is_not_sent_again(bank_on_each: BankInProcess) -> None:
    gateway, about = Gateway(), await code_waits(bank_on_each)
    left_at = bank_on_each.clock()
    await dies_while_sending(bank_on_each, gateway)
    worker = worker_of(bank_on_each, gateway, Gateway("second"))
    await lease_passes(bank_on_each, worker)
    assert await worker.send_due() == 0
    assert len(gateway.got) == 1
    delivery = await status(bank_on_each, about)
    assert (delivery.unsure, delivery.dispatched_at) == (True, left_at)
    assert await life(bank_on_each) == (left_at, left_at + 300)


async def test_a_gateway_that_recognises_is_asked_again_and_no_other(bank_on_each: BankInProcess) -> None:
    gateway, second = Gateway(recognises=True), Gateway("second", recognises=True)
    about = await code_waits(bank_on_each)
    left_at = bank_on_each.clock()
    await dies_while_sending(bank_on_each, gateway)
    gateway.answers = [AWAY, DOUBT, None]
    worker = worker_of(bank_on_each, second, gateway)
    await lease_passes(bank_on_each, worker)
    for _ in range(3):
        assert not (await status(bank_on_each, about)).dispatched_at
        await worker.send_due()
        bank_on_each.clock.advance(5)
    assert (len(gateway.got), len(set(gateway.got)), second.got) == (4, 1, [])
    assert not (await status(bank_on_each, about)).unsure
    assert await life(bank_on_each) == (left_at, left_at + 300)


async def test_a_gateway_that_recognises_but_stays_away_leaves_it_in_doubt(bank: BankInProcess) -> None:
    gateway, about = Gateway(recognises=True), await code_waits(bank)
    await dies_while_sending(bank, gateway)
    gateway.answers = [AWAY] * 50
    worker = worker_of(bank, gateway)
    await lease_passes(bank, worker)
    for _ in range(20):
        await worker.send_due()
        bank.clock.advance(60)
    delivery = await status(bank, about)
    assert (delivery.unsure, delivery.failed_at) == (True, None)


async def test_a_gateway_that_was_taken_out_of_the_settings_is_not_replaced_in_doubt(bank: BankInProcess) -> None:
    about = await code_waits(bank)
    await dies_while_sending(bank, Gateway("gone", recognises=True))
    other = Gateway("other", recognises=True)
    worker = worker_of(bank, other)
    await lease_passes(bank, worker)
    await worker.send_due()
    assert not other.got
    assert (await status(bank, about)).unsure


async def test_what_is_no_code_is_rather_sent_twice_than_never(bank: BankInProcess) -> None:
    gateway, about = Gateway(), await notice_waits(bank)
    await dies_while_sending(bank, gateway)
    gateway.answers = [DOUBT]
    worker = worker_of(bank, gateway)
    await lease_passes(bank, worker)
    await worker.send_due()
    bank.clock.advance(2)
    assert await worker.send_due() == 1
    assert len(gateway.got) == 3
    assert not (await status(bank, about)).unsure


async def test_a_worker_that_slept_through_its_lease_hands_nothing_over(bank_on_each: BankInProcess) -> None:
    await code_waits(bank_on_each)
    outbox, clock = bank_on_each.bank.outbox, bank_on_each.clock
    [message] = await outbox.claim_due(clock())
    gateway = Gateway()
    worker = worker_of(bank_on_each, gateway)
    await lease_passes(bank_on_each, worker)
    await worker.send_due()
    slept = Gateway("slept")
    assert await worker_of(bank_on_each, slept)._hand_over(message) == 0
    assert (len(gateway.got), slept.got) == (1, [])


async def test_a_code_that_was_replaced_while_it_waited_is_not_sent(bank: BankInProcess) -> None:
    page = await (await at_consent(bank)).submit("/consent", consent="yes")
    gateway = Gateway(answers=[AWAY])
    worker = worker_of(bank, gateway)
    await worker.send_due()
    bank.clock.advance(31)
    await page.submit("/new-code")
    assert await worker.send_due() == 1
    assert len(set(gateway.got)) == 2
    rows = await bank.bank.database.all("SELECT failure FROM outbox WHERE failed_at IS NOT NULL")
    assert [row["failure"] for row in rows] == [REPLACED]


async def test_one_number_gets_only_so_many_messages_whoever_asks(bank_on_each: BankInProcess) -> None:
    gateway, limits = Gateway(), RecipientLimits(an_hour=2, a_day=3)
    worker = worker_of(bank_on_each, gateway, limits=limits)
    for number in range(4):
        await notice_waits(bank_on_each, about=f"a{number}")
    await notice_waits(bank_on_each, to="600201018", about="other")
    assert await worker.send_due() == 3
    failures = [(await status(bank_on_each, f"a{number}")).failure for number in range(4)]
    assert sorted(failures, key=str) == [None, None, TOO_MANY, TOO_MANY]  # written in one moment: any two of them
    bank_on_each.clock.advance(3601)
    for number in range(2):
        await notice_waits(bank_on_each, about=f"b{number}")
    assert await worker.send_due() == 1
    bank_on_each.clock.advance(24 * 3600)
    await notice_waits(bank_on_each, about="c")
    assert await worker.send_due() == 1


async def test_the_number_limit_holds_with_several_workers(bank_on_each: BankInProcess) -> None:
    import asyncio

    first, second = Gateway(), Gateway("second")
    limits = RecipientLimits(an_hour=5, a_day=5)
    for number in range(20):
        await notice_waits(bank_on_each, about=f"n{number}")
    workers = [worker_of(bank_on_each, way, limits=limits) for way in (first, second)]
    await asyncio.gather(*(worker.send_due() for worker in workers))
    assert len(first.got) + len(second.got) == 5


class TestReports:
    async def test_a_report_ends_the_doubt(self, bank_on_each: BankInProcess) -> None:
        about, outbox = await code_waits(bank_on_each), bank_on_each.bank.outbox
        gateway = Gateway(answers=[DOUBT])
        await worker_of(bank_on_each, gateway).send_due()
        assert not await outbox.report("other", gateway.got[0], "delivered", bank_on_each.clock())
        assert await outbox.report("first", gateway.got[0], "delivered", bank_on_each.clock() + 4)
        delivery = await status(bank_on_each, about)
        assert (delivery.unsure, delivery.report, delivery.reported_at) == (
            False,
            "delivered",
            bank_on_each.clock() + 4,
        )

    async def test_what_arrived_did_arrive(self, bank: BankInProcess) -> None:
        about, gateway, outbox = await code_waits(bank), Gateway(), bank.bank.outbox
        await worker_of(bank, gateway).send_due()
        message = await outbox.id_by_reference("first", "first-1")
        assert message == gateway.got[0]
        assert await outbox.report("first", message, "undelivered", bank.clock())
        assert await outbox.report("first", message, "delivered", bank.clock())
        assert not await outbox.report("first", message, "undelivered", bank.clock())
        assert (await status(bank, about)).report == "delivered"

    async def test_a_report_that_comes_before_the_answer_is_kept(self, bank_on_each: BankInProcess) -> None:
        """The worker dies after the gateway took it, and the gateway reports: nothing is in doubt."""
        about, gateway = await code_waits(bank_on_each), Gateway()
        await dies_while_sending(bank_on_each, gateway)
        assert await bank_on_each.bank.outbox.report("first", gateway.got[0], "delivered", bank_on_each.clock())
        worker = worker_of(bank_on_each, gateway)
        await lease_passes(bank_on_each, worker)
        await worker.send_due()
        delivery = await status(bank_on_each, about)
        assert (delivery.unsure, delivery.report) == (False, "delivered")
        assert len(gateway.got) == 1


@pytest.mark.parametrize(("in_doubt", "unsure"), [(False, False), (True, True)])
async def test_what_was_not_sent_in_time_is_closed_truthfully(
    bank_on_each: BankInProcess, in_doubt: bool, unsure: bool
) -> None:
    about, gateway = await notice_waits(bank_on_each), Gateway()
    if in_doubt:
        await dies_while_sending(bank_on_each, gateway)
    bank_on_each.clock.advance(3600)
    outbox = bank_on_each.bank.outbox
    assert await outbox.give_up_expired(bank_on_each.bank.database, bank_on_each.clock()) == 1
    delivery = await status(bank_on_each, about)
    assert (delivery.unsure, delivery.failed_at is None) == (unsure, unsure)


async def test_in_doubt_the_page_says_so_and_a_new_code_ends_it(bank: BankInProcess) -> None:
    page = await (await at_consent(bank)).submit("/consent", consent="yes")
    assert "wysyłamy" in page.text
    doubtful = Gateway(answers=[DOUBT])
    worker = worker_of(bank, doubtful)
    await worker.send_due()
    page = await page.browser.open(page.path)
    assert "prawdopodobnie wysłano" in page.text
    assert "Nie mamy pewności, czy SMS wyszedł" in page.text
    bank.clock.advance(31)
    page = await page.submit("/new-code")
    assert await worker.send_due() == 1
    page = await page.browser.open(page.path)
    assert "Nie mamy pewności" not in page.text
    assert len(set(doubtful.got)) == 2

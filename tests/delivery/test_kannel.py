"""Through a real Kannel to a real SMS centre, and the delivery report all the way back to the bank's own address."""

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace

import msgspec
import pytest
import uvicorn

from poreka.delivery.hand_over import HandOver
from poreka.delivery.http_sms import HttpSms
from poreka.delivery.sms_settings import HttpGateway
from poreka.delivery.worker import DeliveryWorker
from poreka.outgoing.back_channel import BackChannel, Reach
from poreka.rules.authorising.operation import OperationLimits
from poreka.store.outbox import Delivery, Message
from poreka.systems.bank import routes as app
from poreka.web.application import Application
from tests.support.in_process import BankInProcess
from tests.support.kannel import SECRET, USERNAME, running_kannel
from tests.support.sms_centre import SmsCentre, running_sms_centre
from tests.support.waiting import PATIENCE


@pytest.fixture(scope="module")
def running_centre() -> Iterator[SmsCentre]:
    with running_sms_centre() as centre:
        yield centre


@pytest.fixture(scope="module")
def kannel(running_centre: SmsCentre, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with running_kannel(tmp_path_factory.mktemp("kannel"), running_centre) as url:
        yield url


@pytest.fixture
def centre(running_centre: SmsCentre, kannel: str) -> SmsCentre:
    running_centre.behave()
    running_centre.seen.clear()
    return running_centre


def gateway(url: str) -> HttpGateway:
    """As in docs/operating.md."""
    return HttpGateway(
        name="kannel",
        url=url,
        body="text",
        headers={
            "X-Kannel-Username": USERNAME,
            "X-Kannel-Password": "{secret}",
            "X-Kannel-From": "{from}",
            "X-Kannel-To": "+{to}",
            "X-Kannel-Coding": "{coding}",
            "X-Kannel-DLR-Mask": "19",
            "X-Kannel-DLR-Url": "{report}?status=%d",
        },
        secret_file="kannel.secret",
        delivered=("1",),
        undelivered=("2", "16"),
    )


@asynccontextmanager
async def sending(bank: BankInProcess, url: str, secret: str = SECRET) -> AsyncIterator[DeliveryWorker]:
    """A bank that sends through Kannel, and listens to what it reports."""
    settings = bank.bank.settings
    sms = msgspec.structs.replace(settings.sms, sender="gateways", gateways=(gateway(url),))
    system = replace(bank.bank, settings=msgspec.structs.replace(settings, sms=sms))
    listening = socket.create_server(("127.0.0.1", 0))
    origin = f"http://127.0.0.1:{listening.getsockname()[1]}"
    application = Application(system, app.ROUTES, app.turn_away)
    server = uvicorn.Server(uvicorn.Config(application, log_config=None, lifespan="off"))
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    channel = BackChannel(Reach(allow_http=True, private_hosts=frozenset({"127.0.0.1"})))
    sender = HttpSms(
        channel.send,
        gateway(url),
        shown_name="BANK",
        secret=secret,
        report_url=lambda name, message: f"{origin}/message-report/{name}/{message}/{system.outbox.proof_of(message)}",
    )
    hand_over = HandOver(
        system.database, system.outbox, system.operations, {"sms": (sender,)}, bank.clock, OperationLimits()
    )
    try:
        yield DeliveryWorker(hand_over)
    finally:
        server.should_exit = True
        await serving
        await channel.aclose()


async def put(bank: BankInProcess, text: str) -> None:
    now = bank.clock()
    message = Message(
        id="m1", channel="sms", recipient="600201011", body=text, about="operation:o:0",
        created_at=now, due_at=now, expires_at=now + 300,
    )  # fmt: skip
    await bank.bank.database.insert(bank.bank.outbox.adding(message))


async def reported(bank: BankInProcess) -> Delivery:
    """How the message stands when something was reported about it."""
    async with asyncio.timeout(PATIENCE):
        while True:
            delivery = await bank.bank.outbox.status_of("operation:o:0")
            assert delivery is not None
            if delivery.report is not None:
                return delivery
            await asyncio.sleep(0.02)


@pytest.mark.parametrize(
    ("text", "coding", "parts"),
    [
        ("15-08-2026 12:01; Logowanie do PUE ZUS; Kod SMS nr 1: 123456 [€]", 0, 1),
        ("Zażółć gęślą jaźń: 123456", 8, 1),
        ("Zażółć gęślą jaźń! " * 5, 8, 2),
    ],
)
async def test_a_message_arrives_and_its_report_comes_back(
    bank: BankInProcess, kannel: str, centre: SmsCentre, text: str, coding: int, parts: int
) -> None:
    centre.behave(receipt="DELIVRD")
    async with sending(bank, kannel) as worker:
        await put(bank, text)
        assert await worker.send_due() == 1
        assert (await reported(bank)).report == "delivered"
    for _ in range(parts - len([one for one in centre.seen if one["event"] == "submit"])):
        await asyncio.to_thread(centre.wait_for, "submit")
    got = [one for one in centre.seen if one["event"] == "submit"]
    assert "".join(one["text"] for one in got) == text
    assert {one["coding"] for one in got} == {coding}
    assert (got[0]["to"], got[0]["from"]) == ("48600201011", "BANK")


async def test_what_did_not_arrive_is_reported_so(bank: BankInProcess, kannel: str, centre: SmsCentre) -> None:
    centre.behave(receipt="UNDELIV")
    async with sending(bank, kannel) as worker:
        await put(bank, "Kod: 123456")
        await worker.send_due()
        assert (await reported(bank)).report == "undelivered"


async def test_a_wrong_password_at_kannel_is_no_doubt(bank: BankInProcess, kannel: str, centre: SmsCentre) -> None:
    async with sending(bank, kannel, secret="wrong") as worker:
        await put(bank, "Kod: 123456")
        assert await worker.send_due() == 0
    delivery = await bank.bank.outbox.status_of("operation:o:0")
    assert delivery is not None
    assert (delivery.failure, delivery.unsure) == ("the gateway answered 403", False)
    assert not centre.submitted()

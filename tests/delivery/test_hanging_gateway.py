"""A gateway that takes a connection and says nothing: bounded waits, who is asked next, and what people are told."""

import asyncio
import ssl
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from poreka.codes.message_state import LATE_SECONDS
from poreka.delivery import smpp_connection
from poreka.delivery.email_settings import Email
from poreka.delivery.hand_over import MOST_SECONDS, HandOver
from poreka.delivery.http_sms import HttpSms
from poreka.delivery.sender import SECONDS_TO_ANSWER, Sender
from poreka.delivery.smpp import SmppSms
from poreka.delivery.sms_settings import HttpGateway, SmppGateway
from poreka.delivery.smtp import SECONDS_IN_ALL, SmtpEmail
from poreka.delivery.worker import DeliveryWorker
from poreka.outgoing.back_channel import BackChannel, Reach
from poreka.rules.authorising.operation import OperationLimits
from poreka.store.outbox import Message
from tests.delivery.test_hand_over import Gateway, code_waits, status
from tests.protocol.test_release import at_consent
from tests.support.asgi import AsgiPage
from tests.support.in_process import NOBODY_TRUSTED, BankInProcess


class Hanging:
    """A socket that accepts and says nothing; `come` is set once somebody has sent something."""

    def __init__(self) -> None:
        self.come, self.port = asyncio.Event(), 0
        self._writers: list[asyncio.StreamWriter] = []

    async def take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.append(writer)
        while await reader.read(4096):
            self.come.set()

    def end(self) -> None:
        for writer in self._writers:
            writer.close()


@pytest_asyncio.fixture
async def hanging() -> AsyncIterator[Hanging]:
    place = Hanging()
    server = await asyncio.start_server(place.take, "127.0.0.1", 0)
    place.port = server.sockets[0].getsockname()[1]
    yield place
    place.end()
    server.close()
    await server.wait_closed()


def http(hanging: Hanging, scheme: str = "http", **limits: float) -> HttpSms:
    reach = Reach(allow_http=True, private_hosts=frozenset({"127.0.0.1"}))
    channel = BackChannel(reach, tls=NOBODY_TRUSTED, **limits)
    url = f"{scheme}://127.0.0.1:{hanging.port}/"
    return HttpSms(channel.send, HttpGateway(name="first", url=url, fields={"to": "{to}"}), shown_name="BANK")


async def no_report(*_: object) -> bool:
    raise AssertionError("nothing was sent that could be reported")


def smpp(hanging: Hanging) -> SmppSms:
    gateway = SmppGateway(
        name="first", host="127.0.0.1", port=hanging.port, system_id="b", password_file="x", security="none"
    )
    return SmppSms(gateway, password="p", shown_name="BANK", told=no_report)


def worker_of(bank: BankInProcess, *ways: Sender, most_seconds: float = 25) -> DeliveryWorker:
    system = bank.bank
    limits = OperationLimits()
    hand_over = HandOver(
        system.database,
        system.outbox,
        system.operations,
        {"sms": ways},
        bank.clock,
        limits,
        most_seconds=most_seconds,
    )
    return DeliveryWorker(hand_over)


async def at_code(bank: BankInProcess) -> AsgiPage:
    """A release that waits for its code."""
    page = await (await at_consent(bank)).submit("/consent", consent="yes")
    return await page.browser.open(page.path)


def test_every_gateway_has_a_limit_of_its_own_within_that_of_the_message() -> None:
    connecting = smpp_connection.SECONDS_TO_CONNECT + smpp_connection.SECONDS_FOR_AN_ANSWER
    assert max(SECONDS_TO_ANSWER, SECONDS_IN_ALL, connecting) < MOST_SECONDS


@pytest.mark.parametrize("kind", ["https", "smpp"])
async def test_where_nothing_can_have_left_the_next_gateway_is_asked(
    bank: BankInProcess, hanging: Hanging, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    monkeypatch.setattr(smpp_connection, "SECONDS_FOR_AN_ANSWER", 0.2)
    first: Sender = smpp(hanging) if kind == "smpp" else http(hanging, "https", connect_seconds=0.2)
    second, about = Gateway("second"), await code_waits(bank)
    assert await worker_of(bank, first, second).send_due() == 1
    assert hanging.come.is_set(), "the handshake began, and was not answered"
    assert len(second.got) == 1
    assert not (await status(bank, about)).unsure


async def test_where_it_may_have_left_the_wait_ends_nobody_else_is_asked_and_a_new_code_may_be_asked_for_at_once(
    bank: BankInProcess, hanging: Hanging
) -> None:
    second, page = Gateway("second"), await at_code(bank)
    await worker_of(bank, http(hanging, total_seconds=0.3), second).send_due()
    assert second.got == []
    page = await page.browser.open(page.path)
    assert "Nie mamy pewności, czy SMS wyszedł" in page.text
    assert "możesz od razu poprosić o nowy kod" in page.text
    page = await page.submit("/new-code")
    assert page.status == 200, page.text
    assert "Nie mamy pewności" not in page.text
    assert await worker_of(bank, second).send_due() == 1


async def test_while_a_gateway_hangs_the_page_says_that_a_new_code_may_be_asked_for(
    bank: BankInProcess, hanging: Hanging
) -> None:
    second, page = Gateway("second"), await at_code(bank)
    assert "Jeśli w pół minuty nic nie przyjdzie, poproś o nowy kod." in page.text
    [sending] = await worker_of(bank, http(hanging, total_seconds=60)).begin_due()
    await hanging.come.wait()
    bank.clock.advance(LATE_SECONDS)
    page = await page.browser.open(page.path)
    assert "SMS-a na razie nie udaje się wysłać" in page.text
    page = await page.submit("/new-code")
    assert page.status == 200, page.text
    assert await worker_of(bank, second).send_due() == 1
    page = await page.browser.open(page.path)
    assert "wysłano" in page.text
    hanging.end()
    assert await sending == 0
    assert "wysłano" in (await page.browser.open(page.path)).text, "a late word about the old code changes nothing"


async def test_without_a_difficulty_another_code_waits_half_a_minute(bank: BankInProcess) -> None:
    page = await at_code(bank)
    await worker_of(bank, Gateway()).send_due()
    page = await (await page.browser.open(page.path)).submit("/new-code")
    assert page.status == 429


async def test_a_gateway_without_a_limit_of_its_own_is_bounded_and_in_doubt(bank: BankInProcess) -> None:
    class Endless(Gateway):
        async def send(self, message: Message) -> str | None:
            await asyncio.Event().wait()
            return None

    second, about = Gateway("second"), await code_waits(bank)
    await worker_of(bank, Endless(), second, most_seconds=0.1).send_due()
    assert (await status(bank, about)).unsure
    assert second.got == []


async def test_a_mail_server_that_does_not_greet_took_nothing(bank: BankInProcess, hanging: Hanging) -> None:
    server = Email(sender="smtp", host="127.0.0.1", port=hanging.port, security="none", from_address="a@bank.example")
    mail = SmtpEmail(server, "", "Bank", bank.clock, tls=ssl.create_default_context(), seconds=0.2)
    now = bank.clock()
    letter = Message(
        id="m", channel="email", recipient="jan@example.pl", body="Kod\n\nx", about="notice",
        created_at=now, due_at=now, expires_at=now + 600,
    )  # fmt: skip
    await bank.bank.database.insert(bank.bank.outbox.adding(letter))
    system = bank.bank
    senders = {"email": (mail,)}
    await DeliveryWorker(
        HandOver(system.database, system.outbox, system.operations, senders, bank.clock, OperationLimits())
    ).send_due()
    told = await status(bank, "notice")
    assert (told.failed_at, told.dispatched_at, told.unsure) == (None, None, False)
    assert told.failure is not None

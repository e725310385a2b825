"""SMS through a real SMS centre (npm `smpp`): what arrives, what every refusal means, and what is in doubt."""

import asyncio
import ssl
import struct
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from structlog.testing import capture_logs

from poreka.delivery import smpp_connection
from poreka.delivery.report_ids import ENOUGH_REPORTS
from poreka.delivery.sender import MayHaveLeft, SendingFailed
from poreka.delivery.smpp import SmppSms
from poreka.delivery.smpp_connection import Receipt, read_receipt
from poreka.delivery.sms_settings import SmppGateway
from poreka.delivery.sms_text import SmsText
from poreka.demo.tls_certificates import certify, trusting
from poreka.store.outbox import Message, Report
from tests.support.sms_centre import PASSWORD, SYSTEM_ID, SmsCentre, running_sms_centre

MESSAGE = Message(
    id="m1", channel="sms", recipient="600201011", body="15-08-2026 12:01; Logowanie do PUE ZUS; Kod SMS nr 1: 123456",
    about="x", created_at=0, due_at=0, expires_at=9,
)  # fmt: skip


@dataclass
class Ears:
    """Hears delivery reports."""

    heard: asyncio.Queue[tuple[str, str, Report]] = field(default_factory=asyncio.Queue)

    async def __call__(self, reference: str, ours: str, report: Report) -> bool:
        await self.heard.put((reference, ours, report))
        return bool(ours)


def to_centre(
    port: int, ears: Ears | None = None, *, name: str = "BANK", password: str = PASSWORD, **more: Any
) -> SmppSms:
    tls = more.pop("tls", None)
    gateway = SmppGateway(
        **{"name": "centre", "host": "localhost", "port": port, "security": "none", "system_id": SYSTEM_ID,
           "password_file": "unused", **more}
    )  # fmt: skip
    return SmppSms(gateway, password=password, shown_name=name, told=ears or Ears(), tls=tls)


@pytest.fixture(scope="module")
def running() -> Iterator[SmsCentre]:
    with running_sms_centre() as centre:
        yield centre


@pytest.fixture
def centre(running: SmsCentre) -> SmsCentre:
    running.behave()
    running.seen.clear()
    return running


@pytest_asyncio.fixture
async def sms(centre: SmsCentre) -> AsyncIterator[SmppSms]:
    sender = to_centre(centre.port)
    yield sender
    await sender.aclose()


async def test_a_message_arrives_as_it_was_written(centre: SmsCentre, sms: SmppSms) -> None:
    reference = await sms.send(MESSAGE)
    [got] = centre.submitted()
    assert (got["id"], got["text"], got["to"]) == (reference, MESSAGE.body, "48600201011")
    assert (got["from"], got["from_ton"], got["to_ton"]) == ("BANK", 5, 1)
    assert (got["coding"], got["udh"], got["registered"]) == (0, "", 1)


@pytest.mark.parametrize(
    ("body", "coding", "parts"),
    [
        ("x" * 160, 0, 1),
        ("x" * 161, 0, 2),
        ("[€]" * 26, 0, 1),  # 5 septets each
        ("[€]" * 33, 0, 2),
        ("ż" * 70, 8, 1),
        ("Zażółć gęślą jaźń! " * 8, 8, 3),
        ("😀" * 40, 8, 2),  # two code units each
    ],
)
async def test_long_texts_come_in_parts_that_cut_no_character(
    centre: SmsCentre, sms: SmppSms, body: str, coding: int, parts: int
) -> None:
    await sms.send(replace(MESSAGE, body=body))
    got = centre.submitted()
    assert [one["coding"] for one in got] == [coding] * parts
    assert "".join(one["text"] for one in got) == body
    if parts > 1:
        headers = [bytes.fromhex(one["udh"])[-3:] for one in got]
        assert [(header[1], header[2]) for header in headers] == [(parts, number + 1) for number in range(parts)]
        assert len({header[0] for header in headers}) == 1


async def test_what_no_phone_would_take_is_not_sent(centre: SmsCentre, sms: SmppSms) -> None:
    for message in (replace(MESSAGE, body="ż" * 1000), replace(MESSAGE, recipient="12")):
        with pytest.raises(SendingFailed) as failed:
            await sms.send(message)
        assert failed.value.for_good
    assert not centre.submitted()


@pytest.mark.parametrize(
    ("status", "for_good", "said"),
    [
        (0x0B, True, "ESME_RINVDSTADR"),
        (0x58, False, "ESME_RTHROTTLED"),
        (0x14, False, "ESME_RMSGQFUL"),
        (0x08, False, "ESME_RSYSERR"),
        (0x0423, False, "status 0x423"),  # a code of the operator's own
    ],
)
async def test_what_a_centre_refuses_it_has_not_taken(
    centre: SmsCentre, sms: SmppSms, status: int, for_good: bool, said: str
) -> None:
    centre.behave(status=status)
    with pytest.raises(SendingFailed, match=said) as failed:
        await sms.send(MESSAGE)
    assert failed.value.for_good is for_good
    centre.behave()
    await sms.send(MESSAGE)  # the connection has outlived it
    assert len([one for one in centre.seen if one["event"] == "bound"]) == 1


async def test_many_messages_share_one_connection(centre: SmsCentre, sms: SmppSms) -> None:
    references = await asyncio.gather(*(sms.send(replace(MESSAGE, id=f"m{number}")) for number in range(50)))
    assert len(set(references)) == 50
    assert len(centre.submitted()) == 50
    assert len([one for one in centre.seen if one["event"] == "bound"]) == 1


async def test_whoever_comes_when_the_connection_was_just_opened_uses_it(
    centre: SmsCentre, sms: SmppSms, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened, later = sms._open, []

    async def then_another_comes() -> Any:
        connection = await opened()
        later.append(asyncio.create_task(sms.send(replace(MESSAGE, id="m2"))))  # before those who wait go on
        return connection

    monkeypatch.setattr(sms, "_open", then_another_comes)
    await sms.send(MESSAGE)
    await asyncio.gather(*later)
    assert len(centre.submitted()) == 2
    assert len([one for one in centre.seen if one["event"] == "bound"]) == 1


class TestInDoubt:
    async def test_a_line_that_breaks_after_the_message(self, centre: SmsCentre, sms: SmppSms) -> None:
        centre.behave(hang_up=True)
        with pytest.raises(MayHaveLeft) as doubt:
            await sms.send(MESSAGE)
        assert "123456" not in str(doubt.value)

    async def test_a_centre_that_does_not_answer(
        self, centre: SmsCentre, sms: SmppSms, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        await sms.send(MESSAGE)
        centre.behave(silent=True)
        monkeypatch.setattr(smpp_connection, "SECONDS_FOR_AN_ANSWER", 0.2)
        with pytest.raises(MayHaveLeft):
            await sms.send(MESSAGE)

    async def test_a_centre_that_took_one_part_of_two(self, centre: SmsCentre, monkeypatch: pytest.MonkeyPatch) -> None:
        sms = to_centre(centre.port)
        submit, tries = sms._submit, 0

        async def then_refuses(*args: Any, **more: Any) -> str:
            nonlocal tries
            tries += 1
            if tries == 2:
                await asyncio.to_thread(centre.behave, status=0x14)
            return await submit(*args, **more)

        monkeypatch.setattr(sms, "_submit", then_refuses)
        with pytest.raises(MayHaveLeft):
            await sms.send(replace(MESSAGE, body="x" * 200))
        await sms.aclose()


class TestTheConnection:
    async def test_is_opened_again_after_it_broke(self, centre: SmsCentre, sms: SmppSms) -> None:
        await sms.send(MESSAGE)
        connection = sms._connection
        assert connection is not None
        centre.drop_connections()
        await asyncio.gather(*connection._tasks, return_exceptions=True)
        await sms.send(MESSAGE)
        assert len(centre.submitted()) == 2

    async def test_nothing_has_left_when_it_had_ended_before(self, centre: SmsCentre, sms: SmppSms) -> None:
        await sms.send(MESSAGE)
        ended = sms._connection
        assert ended is not None
        await ended.close()
        with pytest.raises(SendingFailed):
            await sms._submit(ended, sms._pdu("48600201011", SmsText(0, (b"x",)), b"x"), first=True)

    async def test_a_wrong_password_is_told_and_tried_again(self, centre: SmsCentre) -> None:
        sms = to_centre(centre.port, password="wrong")
        with pytest.raises(SendingFailed, match="ESME_RINVPASWD") as failed:
            await sms.send(MESSAGE)
        assert not failed.value.for_good
        assert "wrong" not in str(failed.value)

    async def test_nobody_listens(self) -> None:
        with pytest.raises(SendingFailed, match="cannot be reached"):
            await to_centre(1).send(MESSAGE)

    async def test_an_idle_one_shows_signs_of_life(self, centre: SmsCentre, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(smpp_connection, "SECONDS_BETWEEN_SIGNS", 0.01)
        asked = asyncio.Event()
        ask = smpp_connection.SmppConnection.ask

        async def noted(self: Any, message: Any) -> bytes:
            answer = await ask(self, message)
            if type(message).__name__ == "EnquireLink":
                asked.set()
            return answer

        monkeypatch.setattr(smpp_connection.SmppConnection, "ask", noted)
        sms = to_centre(centre.port)
        await sms.send(MESSAGE)
        await asyncio.wait_for(asked.wait(), 10)
        await sms.aclose()

    async def test_goes_through_tls_and_to_nobody_else(self, centre: SmsCentre, tmp_path: Path) -> None:
        made = certify(tmp_path, ["localhost"])
        inside = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        inside.load_cert_chain(made.certificate, made.key)
        tunnel = await asyncio.start_server(tunnel_to(centre.port), "127.0.0.1", 0, ssl=inside)
        port = tunnel.sockets[0].getsockname()[1]
        sms = to_centre(port, security="tls", tls=trusting(tmp_path))
        await sms.send(MESSAGE)
        await sms.aclose()
        with pytest.raises(SendingFailed, match="SSLCertVerificationError"):
            await to_centre(port, security="tls").send(MESSAGE)
        tunnel.close()
        assert len(centre.submitted()) == 1


def tunnel_to(port: int) -> Any:
    """What a TLS tunnel in front of an SMS centre does."""

    async def carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        inner_reader, inner_writer = await asyncio.open_connection("127.0.0.1", port)

        async def pump(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
            while data := await source.read(4096):
                sink.write(data)
            sink.close()

        await asyncio.gather(pump(reader, inner_writer), pump(inner_reader, writer), return_exceptions=True)

    return carry


class TestReports:
    @pytest.mark.parametrize(
        ("receipt", "report"),
        [("DELIVRD", "delivered"), ("UNDELIV", "undelivered"), ("EXPIRED", "undelivered"), ("tlv:2", "delivered"),
         ("tlv:8", "undelivered")],
    )  # fmt: skip
    async def test_say_what_became_of_a_message(self, centre: SmsCentre, receipt: str, report: str) -> None:
        centre.behave(receipt=receipt)
        ears = Ears()
        sms = to_centre(centre.port, ears)
        reference = await sms.send(MESSAGE)
        assert await asyncio.wait_for(ears.heard.get(), 10) == (reference, "m1", report)
        taken = await asyncio.to_thread(centre.wait_for, "report_taken")
        assert taken["status"] == 0
        await sms.aclose()

    async def test_that_cannot_be_stored_are_kept_by_the_centre(self, centre: SmsCentre) -> None:
        centre.behave(receipt="DELIVRD")

        async def broken(reference: str, ours: str, report: Report) -> bool:
            raise ZeroDivisionError

        sms = to_centre(centre.port)
        sms._told = broken
        await sms.send(MESSAGE)
        taken = await asyncio.to_thread(centre.wait_for, "report_taken")
        assert taken["status"] == 0x64
        await sms.aclose()

    @pytest.mark.parametrize(
        ("in_answers", "in_reports", "setting"), [("decimal", "hex", "hex"), ("hex", "decimal", "decimal")]
    )
    async def test_fit_their_message_in_another_base(
        self, centre: SmsCentre, in_answers: str, in_reports: str, setting: str
    ) -> None:
        centre.behave(receipt="DELIVRD", answer_ids=in_answers, report_ids=in_reports)
        ears = Ears()
        sms = to_centre(centre.port, ears, report_ids=setting)
        reference = await sms.send(MESSAGE)
        assert await asyncio.wait_for(ears.heard.get(), 10) == (reference, "m1", "delivered")
        await sms.aclose()

    async def test_that_fit_nothing_are_told_of_once_with_the_setting_that_would_fit(self, centre: SmsCentre) -> None:
        centre.behave(receipt="DELIVRD", answer_ids="hex", report_ids="decimal")
        ears = Ears()
        sms = to_centre(centre.port, ears)
        with capture_logs() as logs:
            for _ in range(ENOUGH_REPORTS + 2):
                await sms.send(MESSAGE)
                assert (await asyncio.wait_for(ears.heard.get(), 10))[1] == ""
                await asyncio.to_thread(centre.wait_for, "report_taken")
        [told] = [one for one in logs if "report_ids" in one["event"]]
        assert (told["gateway"], told["reports"], told["fitting"]) == ("centre", ENOUGH_REPORTS, "decimal")
        assert not any(name in str(told) for name in sms._ids)
        await sms.aclose()

    async def test_are_not_asked_for_when_nobody_wants_them(self, centre: SmsCentre) -> None:
        sms = to_centre(centre.port, reports=False)
        await sms.send(MESSAGE)
        assert centre.submitted()[0]["registered"] == 0
        await sms.aclose()


@pytest.mark.parametrize("name", ["48600201000", "8055"])
async def test_a_number_as_the_sender(centre: SmsCentre, name: str) -> None:
    sms = to_centre(centre.port, name=name)
    await sms.send(MESSAGE)
    [got] = centre.submitted()
    assert (got["from"], got["from_ton"]) == (name, 1 if len(name) > 8 else 0)
    await sms.aclose()


def deliver_sm(kind: int, text: bytes, *extra: tuple[int, bytes]) -> bytes:
    body = b"\0" + b"\1\1" + b"48600201011\0" + b"\5\0" + b"BANK\0" + bytes((kind, 0, 0)) + b"\0\0" + bytes(4)
    body += bytes((len(text),)) + text
    return body + b"".join(struct.pack("!HH", tag, len(value)) + value for tag, value in extra)


@pytest.mark.parametrize(
    ("body", "receipt"),
    [
        (
            deliver_sm(4, b"id:7 sub:001 dlvrd:001 submit date:261121120000 stat:DELIVRD err:0FF text:x"),
            ("7", "DELIVRD"),
        ),
        (deliver_sm(4, b"", (0x1E, b"a9\0"), (0x427, b"\5")), ("a9", "UNDELIV")),
        (deliver_sm(4, b"", (0x1401, b"vendor"), (0x1E, b"a9\0"), (0x427, b"\1")), None),  # still on its way
        (deliver_sm(0, b"id:7 stat:DELIVRD"), None),  # somebody's SMS that looks like a report
        (deliver_sm(4, b"stat:DELIVRD"), None),
        (b"", None),
        (b"\0\1\1no end", None),
        (deliver_sm(4, b"id:7 stat:DELIVRD")[:-5], None),  # cut off
    ],
)
def test_a_report_is_read_whatever_its_centre_makes_of_the_standard(
    body: bytes, receipt: tuple[str, str] | None
) -> None:
    assert read_receipt(body) == (Receipt(*receipt) if receipt else None)

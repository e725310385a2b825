"""Senders: an SMS gateway by HTTP, and the demonstration's inboxes."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
import pytest
import pytest_asyncio

from poreka.delivery.http_sms import HttpSms
from poreka.delivery.senders import DemoInbox
from poreka.delivery.worker import SendingFailed
from poreka.oidc.relying_party.exchange import Answer, Outgoing
from poreka.store.demo_messages import DemoMessages
from poreka.store.fresh import Fresh
from poreka.store.migrate import upgrade
from poreka.store.outbox import Message
from poreka.store.sqlite import open_sqlite
from poreka.web.back_channel import PeerUnreachable

MESSAGE = Message(
    id="m-1", channel="sms", recipient="600201011", body="Kod SMS nr 1: 123456", about="operation:o:0",
    created_at=1, due_at=1, expires_at=100,
)  # fmt: skip


@dataclass
class Gateway:
    """Stands in for the back channel."""

    status: int | None = 200
    got: list[Outgoing] = field(default_factory=list)

    async def send(self, request: Outgoing) -> Answer:
        if self.status is None:
            raise PeerUnreachable("time")
        self.got.append(request)
        return Answer(status=self.status, headers={}, body=b"")


def sms_through(gateway: Gateway) -> HttpSms:
    return HttpSms(gateway.send, "https://sms.example/send", "MILLENET")


async def test_a_gateway_is_given_the_message_and_a_key_to_recognise_it_by() -> None:
    gateway = Gateway()
    await sms_through(gateway).send(MESSAGE)
    [request] = gateway.got
    assert (request.method, request.url) == ("POST", "https://sms.example/send")
    assert request.headers["idempotency-key"] == "m-1"
    assert msgspec.json.decode(request.body) == {
        "id": "m-1", "from": "MILLENET", "to": "600201011", "text": "Kod SMS nr 1: 123456",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("status", "for_good"),
    [
        (None, False),
        (500, False),
        (503, False),
        (302, False),
        (400, True),
        (422, True),
        (408, False),
        (429, False),
    ],
)
async def test_what_a_gateway_s_answers_mean(status: int | None, for_good: bool) -> None:
    with pytest.raises(SendingFailed) as failed:
        await sms_through(Gateway(status)).send(MESSAGE)
    assert failed.value.for_good is for_good
    assert "123456" not in str(failed.value)
    assert "600201011" not in str(failed.value)


@pytest_asyncio.fixture
async def messages(tmp_path: Path) -> AsyncIterator[DemoMessages]:
    database = open_sqlite(tmp_path / "phone.db")
    await upgrade(database, ("shared", "demo"), 1)
    yield DemoMessages(database)
    await database.close()


async def test_a_message_that_comes_twice_is_in_the_inbox_once(messages: DemoMessages) -> None:
    inbox = DemoInbox(messages, "MILLENET", Fresh(), lambda: 7)
    await inbox.send(MESSAGE)
    await inbox.send(MESSAGE)
    rows = await messages.database.all("SELECT * FROM messages")
    assert len(rows) == 1

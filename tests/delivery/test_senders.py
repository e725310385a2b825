"""The demonstration's inboxes."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from poreka.delivery.demo_messages import DemoMessages
from poreka.delivery.senders import DemoInbox
from poreka.store.fresh import Fresh
from poreka.store.migrate import upgrade
from poreka.store.outbox import Message
from poreka.store.sqlite.engine import open_sqlite

MESSAGE = Message(
    id="m-1", channel="sms", recipient="600201011", body="Kod SMS nr 1: 123456", about="operation:o:0",
    created_at=1, due_at=1, expires_at=100,
)  # fmt: skip


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

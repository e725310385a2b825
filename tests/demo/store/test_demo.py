import asyncio

import pytest

from poreka.delivery.demo_messages import DemoMessage, DemoMessages
from poreka.demo.store.demo_clock import DemoClock
from poreka.store.database import Database
from tests.support.engines import NOW


def message(number: int, recipient: str = "500000001", key: str | None = None) -> DemoMessage:
    return DemoMessage(
        id=f"m{number}",
        idempotency_key=key or f"k{number}",
        channel="sms",
        recipient=recipient,
        sender="BANK",
        text="Kod",
        sent_at=NOW + number,
    )


async def test_an_inbox_shows_each_message_once_newest_first(database: Database) -> None:
    inbox = DemoMessages(database)
    for one in (
        message(1),
        message(2, "a@example.pl"),
        message(3),
        message(4, key="k3"),
        message(5, "other"),
    ):
        await inbox.deliver(one)
    assert await inbox.of_recipients(("500000001", "a@example.pl")) == [
        message(3), message(2, "a@example.pl"), message(1)
    ]  # fmt: skip
    assert await inbox.of_recipients(("500000001",), limit=1) == [message(3)]
    assert await inbox.of_recipients(()) == []


async def test_the_clock_moves_forward_for_everyone(database: Database) -> None:
    clock = DemoClock(database)
    assert await clock.advanced() == 0
    await asyncio.gather(*(clock.advance(10) for _ in range(10)))
    assert await clock.advanced() == 100
    assert await clock.advance(5) == 105
    with pytest.raises(ValueError, match="forward"):
        await clock.advance(-1)

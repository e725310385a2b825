import json
from collections.abc import Awaitable, Callable

import pytest

from poreka.delivery.http_sms import HttpSms
from poreka.delivery.worker import SendingFailed
from poreka.oidc.relying_party.exchange import Answer, Outgoing
from poreka.store.outbox import Message
from poreka.web.back_channel import PeerUnreachable

MESSAGE = Message(
    id="m1", channel="sms", recipient="600201011", body="Kod SMS nr 1: 123456", about="x",
    created_at=0, due_at=0, expires_at=9,
)  # fmt: skip


def gateway(status: int, seen: list[Outgoing]) -> Callable[[Outgoing], Awaitable[Answer]]:
    async def send(request: Outgoing) -> Answer:
        seen.append(request)
        return Answer(status=status, headers={}, body=b"")

    return send


async def test_a_message_is_one_json_document_that_can_be_recognised_again() -> None:
    seen: list[Outgoing] = []
    await HttpSms(gateway(202, seen), "https://sms.example/out", "BANK").send(MESSAGE)
    (request,) = seen
    assert (request.method, request.url, request.headers["idempotency-key"]) == (
        "POST",
        "https://sms.example/out",
        "m1",
    )
    assert json.loads(request.body) == {
        "id": "m1",
        "from": "BANK",
        "to": "600201011",
        "text": "Kod SMS nr 1: 123456",
    }


@pytest.mark.parametrize(
    ("status", "for_good"), [(400, True), (403, True), (408, False), (429, False), (500, False), (302, False)]
)
async def test_what_is_not_taken_is_tried_again_unless_that_cannot_help(status: int, for_good: bool) -> None:
    with pytest.raises(SendingFailed) as failed:
        await HttpSms(gateway(status, []), "https://sms.example/out", "BANK").send(MESSAGE)
    assert failed.value.for_good is for_good


async def test_a_gateway_that_is_away_is_tried_again_and_no_text_is_told() -> None:
    async def away(_: Outgoing) -> Answer:
        raise PeerUnreachable("connect")

    with pytest.raises(SendingFailed) as failed:
        await HttpSms(away, "https://sms.example/out", "BANK").send(MESSAGE)
    assert not failed.value.for_good
    assert "123456" not in str(failed.value)

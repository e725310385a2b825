"""The back end of the bank's own app: what it is sent, and what its answers mean."""

import pytest

from poreka.delivery.http_push import HttpPush
from poreka.delivery.sender import MayHaveLeft, SendingFailed
from poreka.oidc.relying_party.exchange import Outgoing
from poreka.outgoing.back_channel import PeerAnswerRefused, PeerFault, PeerUnreachable
from poreka.store.outbox import Message
from tests.delivery.test_http_sms import answering

URL = "https://app.bank.example/requests"
MESSAGE = Message(
    id="m1", channel="push", recipient="21570133", body='{"id":"r1"}', about="operation:o1:0",
    created_at=0, due_at=0, expires_at=9,
)  # fmt: skip


async def sent(status: int = 202, fault: PeerFault | None = None) -> Outgoing:
    """The request that carries the message."""
    seen: list[Outgoing] = []
    await HttpPush(answering(status, seen, fault=fault), URL, "hush").send(MESSAGE)
    [request] = seen
    return request


async def test_a_request_is_one_json_document_with_the_message_s_id_as_its_key() -> None:
    request = await sent()
    assert (request.method, request.url, request.body) == ("POST", URL, b'{"id":"r1"}')
    assert request.headers["content-type"] == "application/json"
    assert request.headers["idempotency-key"] == "m1"
    assert request.headers["authorization"] == "Bearer hush"
    assert "hush" not in repr(request)


@pytest.mark.parametrize("status", [200, 201, 202, 204, 409])
async def test_taken_now_or_before(status: int) -> None:
    await sent(status)


@pytest.mark.parametrize(("status", "for_good"), [(400, True), (404, True), (408, False), (429, False), (503, False)])
async def test_not_taken(status: int, for_good: bool) -> None:
    with pytest.raises(SendingFailed) as failed:
        await sent(status)
    assert failed.value.for_good is for_good


@pytest.mark.parametrize("status", [500, 502, 504])
async def test_a_server_that_failed_in_the_middle_leaves_it_in_doubt(status: int) -> None:
    with pytest.raises(MayHaveLeft):
        await sent(status)


async def test_nobody_there_is_a_failure_and_no_answer_a_doubt() -> None:
    with pytest.raises(SendingFailed):
        await sent(fault=PeerUnreachable("connect"))
    for fault in (PeerUnreachable("time"), PeerUnreachable("broken"), PeerAnswerRefused("size")):
        with pytest.raises(MayHaveLeft):
            await sent(fault=fault)

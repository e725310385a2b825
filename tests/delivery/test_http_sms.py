"""An SMS gateway by HTTP: the request that its settings shape, and what its answers mean."""

import json
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from poreka.delivery.http_sms import HttpSms
from poreka.delivery.sender import MayHaveLeft, SendingFailed
from poreka.delivery.sms_settings import HttpGateway
from poreka.oidc.relying_party.exchange import Answer, Outgoing
from poreka.outgoing.back_channel import PeerAnswerRefused, PeerFault, PeerUnreachable
from poreka.store.outbox import Message

MESSAGE = Message(
    id="m1", channel="sms", recipient="600201011", body="Zażółć {secret}: kod 123456", about="x",
    created_at=0, due_at=0, expires_at=9,
)  # fmt: skip


def answering(
    status: int, seen: list[Outgoing], body: bytes = b"", fault: PeerFault | None = None
) -> Callable[[Outgoing], Awaitable[Answer]]:
    async def exchange(request: Outgoing) -> Answer:
        seen.append(request)
        if fault is not None:
            raise fault
        return Answer(status=status, headers={}, body=body)

    return exchange


def through(exchange: Callable[[Outgoing], Awaitable[Answer]], **gateway: Any) -> HttpSms:
    return HttpSms(
        exchange,
        HttpGateway(**{"name": "operator", "url": "https://sms.example/out", **gateway}),
        shown_name="BANK",
        secret="hush",
        report_url=lambda gateway, message: f"https://bank.example/message-report/{gateway}/{message}/p",
    )


async def sent(**gateway: Any) -> Outgoing:
    """The request that carries the message."""
    seen: list[Outgoing] = []
    await through(answering(202, seen), **gateway).send(MESSAGE)
    [request] = seen
    return request


async def test_unless_told_otherwise_a_message_is_one_json_document() -> None:
    request = await sent()
    assert (request.method, request.url) == ("POST", "https://sms.example/out")
    assert json.loads(request.body) == {"id": "m1", "from": "BANK", "to": "48600201011", "text": MESSAGE.body}


async def test_a_form_as_smsapi_takes_it() -> None:
    request = await sent(
        body="form",
        headers={"Authorization": "Bearer {secret}"},
        fields={"to": "{to}", "from": "{from}", "message": "{text}", "encoding": "utf-8", "idx": "{id}",
                "check_idx": "1", "notify_url": "{report}"},
    )  # fmt: skip
    assert request.headers["authorization"] == "Bearer hush"
    assert request.headers["content-type"] == "application/x-www-form-urlencoded"
    form = {name: values[0] for name, values in parse_qs(request.body.decode()).items()}
    assert (form["message"], form["idx"], form["to"]) == (MESSAGE.body, "m1", "48600201011")
    assert form["notify_url"] == "https://bank.example/message-report/operator/m1/p"


async def test_what_is_filled_in_is_not_filled_in_again() -> None:
    assert b"hush" not in (await sent()).body


async def test_a_query_as_old_gateways_take_it() -> None:
    request = await sent(body="query", url="https://sms.example/send?v=2", fields={"p": "+{to}", "t": "{text}"})
    assert request.method == "GET"
    assert parse_qs(urlsplit(request.url).query) == {"v": ["2"], "p": ["+48600201011"], "t": [MESSAGE.body]}


async def test_the_text_alone_with_the_rest_in_headers() -> None:
    request = await sent(body="text", headers={"X-To": "{to}"})
    assert (request.body.decode(), request.headers["x-to"]) == (MESSAGE.body, "48600201011")


@pytest.mark.parametrize(
    ("status", "for_good"),
    [(400, True), (403, True), (409, True), (408, False), (429, False), (503, False), (302, False)],
)
async def test_what_was_surely_not_taken(status: int, for_good: bool) -> None:
    with pytest.raises(SendingFailed) as failed:
        await through(answering(status, [])).send(MESSAGE)
    assert failed.value.for_good is for_good


@pytest.mark.parametrize("status", [500, 502, 504])
async def test_a_server_that_failed_in_the_middle_may_have_taken_it(status: int) -> None:
    with pytest.raises(MayHaveLeft):
        await through(answering(status, [])).send(MESSAGE)


async def test_a_status_by_which_the_contract_says_that_nothing_was_taken_lets_the_next_gateway_be_asked() -> None:
    with pytest.raises(SendingFailed) as failed:
        await through(answering(500, []), not_taken=(500,)).send(MESSAGE)
    assert not failed.value.for_good
    with pytest.raises(MayHaveLeft):
        await through(answering(502, []), not_taken=(500,)).send(MESSAGE)


async def test_a_gateway_that_knows_the_id_already_has_taken_the_message() -> None:
    await through(answering(409, []), recognises=True).send(MESSAGE)
    smsapi = {"recognises": True, "known": r'"error": ?53\b', "refusal": '"error"'}
    await through(answering(200, [], b'{"error": 53}'), **smsapi).send(MESSAGE)
    with pytest.raises(SendingFailed):
        await through(answering(200, [], b'{"error": 531}'), **smsapi).send(MESSAGE)


async def test_a_refusal_that_calls_itself_a_success() -> None:
    with pytest.raises(SendingFailed) as failed:
        await through(answering(200, [], b'{"error": 101}'), refusal='"error"').send(MESSAGE)
    assert failed.value.for_good
    await through(answering(200, [], b'{"count": 1}'), refusal='"error"').send(MESSAGE)


@pytest.mark.parametrize("reason", ["address", "scheme", "name", "forbidden", "connect"])
async def test_a_gateway_that_was_never_reached_has_nothing(reason: Any) -> None:
    with pytest.raises(SendingFailed) as failed:
        await through(answering(0, [], fault=PeerUnreachable(reason))).send(MESSAGE)
    assert not failed.value.for_good


@pytest.mark.parametrize("fault", [PeerUnreachable("time"), PeerUnreachable("broken"), PeerAnswerRefused("size")])
async def test_a_gateway_that_did_not_answer_may_have_it_and_no_text_is_told(fault: PeerFault) -> None:
    with pytest.raises(MayHaveLeft) as doubt:
        await through(answering(0, [], fault=fault)).send(MESSAGE)
    assert "123456" not in str(doubt.value)
    assert "600201011" not in str(doubt.value)


@pytest.mark.parametrize(
    ("number", "to"),
    [("600201011", "48600201011"), ("+48600201011", "48600201011"), ("+4915112345678", None), ("12", None), ("", None)],
)
async def test_the_number_goes_out_with_its_country_code(number: str, to: str | None) -> None:
    seen: list[Outgoing] = []
    message = Message(
        id="m", channel="sms", recipient=number, body="x", about="x", created_at=0, due_at=0, expires_at=9
    )
    if to is None:
        with pytest.raises(SendingFailed):
            await through(answering(200, seen)).send(message)
        assert not seen
    else:
        await through(answering(200, seen)).send(message)
        assert json.loads(seen[0].body)["to"] == to

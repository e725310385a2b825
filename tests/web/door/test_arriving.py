"""A body is waited for outside the door, and handed on as it came."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from poreka.store.deadline import seconds_left
from poreka.web.application import Application
from poreka.web.door import arriving
from poreka.web.door.arriving import Arriving
from poreka.web.forms import BODY_LIMIT, BadForm
from poreka.web.routes import Access, Route
from tests.support.in_process import BankInProcess
from tests.web.door.test_door import Load


def part(body: bytes, more: bool) -> dict[str, Any]:
    return {"type": "http.request", "body": body, "more_body": more}


def sending(*messages: dict[str, Any]) -> Arriving:
    waiting = list(messages)

    async def receive() -> dict[str, Any]:
        return waiting.pop(0)

    return Arriving(receive)


async def never() -> dict[str, Any]:
    await asyncio.Event().wait()
    raise AssertionError


async def test_what_came_is_handed_on_as_it_came() -> None:
    messages = [part(b"a=", True), part(b"b", False), {"type": "http.disconnect"}]
    body = sending(*messages)
    await body.whole()
    assert [await body() for _ in messages] == messages


async def test_who_leaves_in_the_middle_is_not_waited_for() -> None:
    messages = [part(b"a=", True), {"type": "http.disconnect"}]
    body = sending(*messages)
    await body.whole()
    assert [await body() for _ in messages] == messages


async def test_no_more_is_kept_than_the_largest_form() -> None:
    large = [part(b"x" * BODY_LIMIT, True), part(b"y", True), part(b"z", False)]
    body = sending(*large)
    await body.whole()
    assert len(body._came) == 2
    assert [await body() for _ in large] == large


async def test_a_body_that_does_not_come_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arriving, "BODY_SECONDS", 0.01)
    with pytest.raises(BadForm, match="too_slow"):
        await Arriving(never).whole()


@pytest.mark.parametrize(("access", "lane"), [(Access.CLIENT, "programs"), (Access.ANYONE, "inside")])
async def test_slow_bodies_hold_no_place_that_somebody_else_needs(
    bank: BankInProcess, access: Access, lane: str
) -> None:
    left: list[float] = []

    async def taken(request: Request, system: Any) -> Response:
        left.append(seconds_left(3600))
        return PlainTextResponse((await request.body()).decode())

    async def away(request: Request, system: Any) -> Response:
        raise AssertionError

    routes = [Route("POST", "/taken/{journey}", taken, access)]
    door = Load().door(**{lane: 1})
    application = Application(replace(bank.bank, door=door), routes, away)
    sent: list[dict[str, Any]] = []

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": "POST",
        "scheme": "http",
        "path": "/taken/j",
        "query_string": b"",
        "headers": [],
    }
    slow = [asyncio.create_task(application(dict(scope), never, send)) for _ in range(5)]  # type: ignore[arg-type]
    for _ in range(10):
        await asyncio.sleep(0)
    assert set(door._under_way.values()) == {0}
    await application(dict(scope), sending(part(b"quick", False)), send)
    assert (sent[0]["status"], sent[1]["body"]) == (200, b"quick")
    assert len(left) == 1
    for one in slow:
        one.cancel()
    await asyncio.gather(*slow, return_exceptions=True)

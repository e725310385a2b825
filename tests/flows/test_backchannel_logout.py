from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
import pytest_asyncio

from tests.flows.lone_portal import LonePortal, lone_portal
from tests.flows.scripted_provider import Person, fresh_key


@pytest_asyncio.fixture
async def lone(tmp_path: Path) -> AsyncIterator[LonePortal]:
    async with lone_portal(tmp_path) as running:
        await running.has_profile(Person())
        yield running


async def entered(lone: LonePortal) -> str:
    """A person who is in; returns the session's cookie."""
    browser = await lone.browser().get("/banks")
    await browser.post("/banks/millenet")
    await browser.get(f"/callback/millenet?{lone.provider.signs_in(browser.location)}")
    await browser.follow()
    return str(browser.client.cookies.get("session", domain="pue.localhost"))


async def told(lone: LonePortal, token: str | None, **more: str) -> httpx2.Response:
    data = {**({"logout_token": token} if token is not None else {}), **more}
    return await lone.browser().client.post("/backchannel-logout", data=data)


async def is_in(lone: LonePortal, cookie: str) -> bool:
    return await lone.portal.sessions.by_cookie(cookie) is not None


@pytest.mark.parametrize("named", [{}, {"sub": None}, {"sid": None}])
async def test_the_provider_s_logout_ends_the_session_that_rests_on_it(lone: LonePortal, named: dict[str, Any]) -> None:
    cookie = await entered(lone)
    token = lone.provider.logout_token(**named)
    answer = await told(lone, token)
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
    assert not await is_in(lone, cookie)
    assert await lone.events() == ["PersonEntered", "SignedOut"]


async def test_other_sessions_go_on(lone: LonePortal) -> None:
    cookie = await entered(lone)
    assert (await told(lone, lone.provider.logout_token(sid="another"))).status_code == 200
    assert await is_in(lone, cookie)


async def test_a_subject_alone_ends_every_session_of_the_person(lone: LonePortal) -> None:
    first, second = await entered(lone), await entered(lone)
    assert (await told(lone, lone.provider.logout_token(sid=None))).status_code == 200
    assert not await is_in(lone, first)
    assert not await is_in(lone, second)


async def test_a_token_works_once(lone: LonePortal) -> None:
    token = lone.provider.logout_token()
    assert (await told(lone, token)).status_code == 200
    again = await told(lone, token)
    assert (again.status_code, again.json()["error"]) == (400, "invalid_request")


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "http://evil.localhost:8000"},
        {"aud": "another"},
        {"nonce": "n"},
        {"events": {}},
        {"exp": 1},
        {"sub": None, "sid": None},
    ],
)
async def test_a_token_that_cannot_be_believed_ends_nothing(lone: LonePortal, changes: dict[str, Any]) -> None:
    cookie = await entered(lone)
    answer = await told(lone, lone.provider.logout_token(**changes))
    assert (answer.status_code, answer.headers["content-type"]) == (400, "application/json")
    assert await is_in(lone, cookie)


async def test_a_forged_signature_ends_nothing(lone: LonePortal) -> None:
    cookie = await entered(lone)
    published, lone.provider.key = lone.provider.key, fresh_key(lone.provider.key.kid)
    lone.provider.published = published
    assert (await told(lone, lone.provider.logout_token())).status_code == 400
    lone.provider.key = fresh_key("unknown")
    assert (await told(lone, lone.provider.logout_token())).status_code == 400
    assert await is_in(lone, cookie)


@pytest.mark.parametrize("token", [None, "", "x", "a.b.c", "ż.ó.ł", "e30.e30.e30"])
async def test_what_is_no_token_is_refused(lone: LonePortal, token: str | None) -> None:
    assert (await told(lone, token, other="ignored")).status_code == 400


async def test_keys_that_cannot_be_fetched_may_be_tried_again(lone: LonePortal) -> None:
    lone.provider.down = True
    answer = await told(lone, lone.provider.logout_token())
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "30")
    lone.provider.down = False
    assert (await told(lone, lone.provider.logout_token())).status_code == 200

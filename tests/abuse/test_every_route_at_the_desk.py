"""Nonsense from a clerk who is signed in, and from a desk with its secret: clear answers, never a failure of ours."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from hypothesis import given

from poreka.systems.desk import routes as app
from poreka.systems.trusted_profile import routes as trusted_profile
from poreka.web.routes import Route
from tests.abuse.test_every_route import HOW, assert_clear, encoded, filled, pairs, values
from tests.support.asgi import FORM
from tests.support.profile_and_desk import NUMBER, ProfileAndDesk, profile_and_desk

PAGES = [one for one in app.ROUTES if one.path != "/sign-out"]
BACK_END = [one for one in trusted_profile.ROUTES if one.path.startswith("/desk/")]


@pytest_asyncio.fixture(scope="session")
async def seated(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[tuple[ProfileAndDesk, str, str, str]]:
    """Both systems, what a signed-in clerk's browser sends, and a proposal that is open."""
    async with profile_and_desk(tmp_path_factory.mktemp("desk")) as both:
        await both.apply()
        await both.make_profile()
        clerk, other = await both.clerk(), await both.clerk("robert.sowa")
        told = {"clerk": other.named(), "act": "invalidation", "reason": "misused"}
        made = (await both.call("/desk/profiles/jan/proposals", told)).json()["id"]
        browser = clerk.browser
        await browser.open("/")
        cookies = browser.cookies.header(browser.site.host, "/", cross_site=False, method="POST") or ""
        yield both, cookies, browser.token, made


@pytest.mark.parametrize("route", PAGES, ids=[f"{one.method} {one.path}" for one in PAGES])
@HOW
@given(query=pairs, body=pairs, value=values)
async def test_nonsense_from_a_clerk_gets_a_clear_answer(
    seated: tuple[ProfileAndDesk, str, str, str], route: Route, query: Any, body: Any, value: str
) -> None:
    both, cookies, token, proposal = seated
    known = ("number", "pesel", "document", "photo_fits", "data_agree", "call", "way", "reason", "note", "reference")
    named = [(name, value) for name in (*known, "first_name", "surname", "code", "token", "credential", "next")]
    there = route.path.replace("{number}", NUMBER).replace("{profile}", "jan").replace("{proposal}", proposal)
    there = there.replace("{way}", "video").replace("{act}", "change")
    for path in (filled(route.path, value), filled(there, value)):
        for fields in (body, named, named[:1], [("note", value)], [*named[6:8], ("note", value)]):
            if path.endswith(("/approve", "/reject")):
                continue  # these end what the others need
            form = [("csrf_token", token), *(pair for pair in fields if pair[0] != "csrf_token")]
            sent = [("cookie", cookies), ("content-type", FORM)]
            answer = await both.desk_site.raw(route.method, path, encoded(query), sent, [encoded(form)])
            assert_clear(answer, f"clerk {route.method} {route.path}")
            assert answer.status_code != 503, "the trusted profile answers, whatever it is asked"


@pytest.mark.parametrize("route", BACK_END, ids=[one.path for one in BACK_END])
@HOW
@given(query=pairs, body=pairs, value=values)
async def test_nonsense_from_a_desk_gets_a_clear_answer(
    seated: tuple[ProfileAndDesk, str, str, str], route: Route, query: Any, body: Any, value: str
) -> None:
    both = seated[0]
    sent = [("authorization", f"Bearer {both.pz.desks[0].token}"), ("content-type", "application/json")]
    for document in (encoded(body), b"{}", b"[]", b'{"clerk":null}', b"[" * 3000, b'{"clerk":{"id":"\\u0000"}}'):
        answer = await both.pz_site.raw(route.method, filled(route.path, value), encoded(query), sent, [document])
        assert_clear(answer, f"pz {route.method} {route.path}")

"""Nonsense from somebody who holds an enrolled, unlocked phone, at every page of the app: never a failure of ours."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from hypothesis import given

from poreka.systems.bank import routes as bank_app
from poreka.systems.mobywatel import routes as app
from poreka.web.routes import Access, Route
from tests.abuse.test_every_route import HOW, assert_clear, encoded, filled, pairs, values
from tests.support.asgi import FORM
from tests.support.profile_and_app import ProfileAndApp, profile_and_app

PAGES = [one for one in app.ROUTES if one not in bank_app.ROUTES and one.access is not Access.CLIENT]
BACK_END = [one for one in app.ROUTES if one not in bank_app.ROUTES and one.access is Access.CLIENT]
ENDS_WHAT_OTHERS_NEED = "/phones/{device}/remove"


@pytest_asyncio.fixture(scope="session")
async def held(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[tuple[ProfileAndApp, str, str]]:
    """Both systems, and what the browser of the unlocked phone sends with its forms."""
    async with profile_and_app(tmp_path_factory.mktemp("app")) as both:
        phone = await both.enrol()
        await both.unlocked(phone)
        await both.asked(await both.owner())
        browser = phone.browser
        cookies = browser.cookies.header(browser.site.host, "/", cross_site=False, method="POST") or ""
        yield both, cookies, browser.token


@pytest.mark.parametrize("route", PAGES, ids=[f"{one.method} {one.path}" for one in PAGES])
@HOW
@given(query=pairs, body=pairs, value=values)
async def test_nonsense_from_an_unlocked_phone_gets_a_clear_answer(
    held: tuple[ProfileAndApp, str, str], route: Route, query: Any, body: Any, value: str
) -> None:
    if route.path == ENDS_WHAT_OTHERS_NEED:
        return
    both, cookies, token = held
    named = [("token", value), ("credential", value), ("number", "42"), ("subscription", value), ("code", value)]
    for fields in (body, [pair for pair in named if pair[0] != "number"], named):
        form = [("csrf_token", token), *(pair for pair in fields if pair[0] != "csrf_token")]
        sent = [("cookie", cookies), ("content-type", FORM)]
        path = filled(route.path, value)
        answer = await both.app_site.raw(route.method, path, encoded(query), sent, [encoded(form)])
        if not route.path.startswith(("/app.webmanifest", "/sw.js")):
            assert_clear(answer, f"mobywatel {route.method} {route.path}")
        assert answer.status_code < 500 or answer.status_code == 503


@pytest.mark.parametrize("route", BACK_END, ids=[f"{one.method} {one.path}" for one in BACK_END])
@HOW
@given(query=pairs, body=pairs, value=values)
async def test_nonsense_from_the_profile_itself_gets_a_clear_answer(
    held: tuple[ProfileAndApp, str, str], route: Route, query: Any, body: Any, value: str
) -> None:
    both = held[0]
    sent = [("authorization", f"Bearer {both.app.askers['pz'].token}"), ("content-type", "application/json")]
    for document in (encoded(body), b"{}", b"[]", b'{"customer":"a"}', b"[" * 3000, b'{"customer":"\\u0000"}'):
        path = filled(route.path, value)
        answer = await both.app_site.raw(route.method, path, encoded(query), sent, [document])
        assert_clear(answer, f"mobywatel {route.method} {route.path}")


@pytest.mark.parametrize("name", ["a\\u0000b", "a\\nb"])
async def test_names_that_some_databases_refuse_are_refused_here(
    held: tuple[ProfileAndApp, str, str], name: str
) -> None:
    both = held[0]
    sent = [("authorization", f"Bearer {both.app.askers['pz'].token}"), ("content-type", "application/json")]
    request = (await both.pz.app_requests.recent("stanislaw"))[0]
    told = (await both.told(request.id)).decode().replace("stanislaw.golab", name)
    for path, body in (
        ("/requests", told),
        ("/devices/remove", f'{{"customer":"{name}"}}'),
        ("/enrolments/x/cancel", f'{{"customer":"{name}"}}'),
    ):
        answer = await both.app_site.call("POST", path, body=body.encode(), headers=sent)
        assert answer.status_code == 400

"""The browser's own secret, to which journeys and form tokens are bound, is another one after every sign-in and out.

Whoever used the computer before, or planted a secret, holds nothing of what the next person begins there.
"""

import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio

from poreka.rules.authorising.tools import Tool
from tests.support.asgi import AsgiBrowser, AsgiPage
from tests.support.bank_visits import signed_in
from tests.support.profile_and_app import profile_and_app
from tests.support.profile_and_desk import profile_and_desk
from tests.support.relying_systems import INSIDE, RELYING, SIGN_IN, relying_systems
from tests.support.server import Demo
from tests.support.visit import Visitor

SYSTEMS = (*RELYING, "clerk", "mobywatel")


@dataclass
class Place:
    """One system, a browser that was there before, and how its person signs in."""

    browser: AsgiBrowser
    first: str
    sign_in: Callable[[], Awaitable[object]]
    inside: str


@pytest_asyncio.fixture(params=SYSTEMS)
async def place(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Place]:
    async with AsyncExitStack() as stack:
        if request.param == "clerk":
            desk = await stack.enter_async_context(profile_and_desk(tmp_path))
            clerk = await desk.clerk(signed_in=False)
            yield Place(clerk.browser, "/sign-in", lambda: desk.sign_in(clerk), "/")
        elif request.param == "mobywatel":
            both = await stack.enter_async_context(profile_and_app(tmp_path))
            phone = await both.enrol()
            await both.pz.tools.choose(both.pz.database, "stanislaw", Tool.SMS)
            if phone.browser.cookie("session") is not None:
                await (await phone.browser.open("/")).submit("/sign-out")
            yield Place(phone.browser, "/sign-in", lambda: both.unlocked(phone), "/history")
        else:
            one = (await stack.enter_async_context(relying_systems(tmp_path)))[request.param]
            browser = AsgiBrowser(one.site)
            yield Place(browser, SIGN_IN[one.key][0], lambda: one.enters(browser), INSIDE[one.key])


async def signed_out(place: Place) -> tuple[AsgiPage, str]:
    """The page after signing out by the button, and the header of the answer that did it."""
    page = await place.browser.open(place.inside)
    form = page.form_to("/sign-out")
    answer = await place.browser.post("/sign-out", csrf_token=str(form.filled({})["csrf_token"][0]))
    assert answer.status_code == 303
    return await place.browser.open(answer.headers["location"]), answer.headers.get("clear-site-data", "")


async def test_a_sign_in_gives_the_browser_another_secret(place: Place) -> None:
    await place.browser.open(place.first)
    before = place.browser.cookie("browser")
    await place.sign_in()
    assert before is not None
    assert place.browser.cookie("browser") not in (None, before)
    assert (await place.browser.open(place.inside)).path == place.inside


async def test_a_secret_that_was_planted_is_worth_nothing_after_the_sign_in(place: Place) -> None:
    planted = secrets.token_urlsafe(32)
    place.browser.set_cookie("browser", planted)
    await place.browser.open(place.first)
    assert place.browser.cookie("browser") == planted
    await place.sign_in()
    assert place.browser.cookie("browser") not in (None, planted)


async def test_signing_out_gives_another_secret_and_clears_what_the_browser_kept(
    place: Place, request: pytest.FixtureRequest
) -> None:
    await place.sign_in()
    inside = place.browser.cookie("browser")
    page, cleared = await signed_out(place)
    assert page.status == 200
    assert place.browser.cookie("session") is None
    assert place.browser.cookie("browser") not in (None, inside)
    is_phone = request.node.callspec.params["place"] == "mobywatel"
    assert cleared == ('"cache"' if is_phone else '"cache", "storage"'), "what receives questions stays on the phone"


async def test_a_form_of_before_the_sign_in_is_told_that_it_is_stale(place: Place) -> None:
    page = await place.browser.open(place.first)
    action, form = page._button_to("")
    await place.sign_in()
    filled = {name: values[0] for name, values in form.filled({}).items()}
    answer = await place.browser.request("POST", action, filled)
    assert answer.status_code in (400, 403, 409), answer.status_code
    assert "set-cookie" not in answer.headers


def test_a_bank_too_renews_the_secret_when_a_customer_comes_and_goes(demo: Demo, visitor: Visitor) -> None:
    host = f"millenet.localhost:{demo.port}"
    seen = [visitor.open(demo.url("millenet")) and visitor.cookies.at(host)["browser"].value]
    signed_in(demo, visitor, "stanislaw")
    seen.append(visitor.cookies.at(host)["browser"].value)
    page = visitor.open(demo.url("millenet")).submit("Wyloguj")
    seen.append(visitor.cookies.at(host)["browser"].value)
    assert page.heading == "Wylogowano"
    assert len(set(seen)) == 3

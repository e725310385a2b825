from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest_asyncio

from poreka.systems.portal import routes as app
from poreka.web.application import Application
from tests.support.lone_portal import LonePortal, lone_portal


@pytest_asyncio.fixture
async def lone(tmp_path: Path) -> AsyncIterator[LonePortal]:
    """A portal with three providers: one that is open, one more that is, and one that is announced."""
    async with lone_portal(tmp_path) as running:
        first = running.portal.relied_on["millenet"]
        known = {
            "envelo": replace(first, key="envelo", name="Envelo"),
            "millenet": first,
            "bos": replace(first, key="bos", name="BOŚ", open=False),
        }
        running.portal = replace(running.portal, relied_on=known)
        running.application = Application(running.portal, app.ROUTES, app.turn_away)
        yield running


async def test_open_providers_are_buttons_and_announced_ones_are_words(lone: LonePortal) -> None:
    browser = await lone.browser().get("/banks")
    names = [node.text(strip=True) for node in browser.page.css("button.p-choice")]
    assert names == ["Envelo", "Millenet"]
    assert "Jeszcze niedostępne BOŚ" in browser.words


async def test_the_choice_is_remembered_first_and_can_be_forgotten(lone: LonePortal) -> None:
    browser = await lone.browser().get("/banks")
    await browser.post("/banks/millenet")
    assert "max-age=31536000" in browser.response.headers["set-cookie"].lower()
    await browser.get("/banks")
    assert browser.page.css("button.p-choice")[0].text(strip=True).startswith("Millenet")
    assert "Ostatnio wybrany" in browser.words
    await browser.post("/banks/forget")
    await browser.follow()
    assert "Ostatnio wybrany" not in browser.words


async def test_a_choice_that_a_stranger_made_up_changes_nothing(lone: LonePortal) -> None:
    browser = lone.browser()
    browser.client.cookies.set("provider", "'><script>", domain="pue.localhost")
    await browser.get("/banks")
    assert "script>" not in browser.words
    assert "Ostatnio wybrany" not in browser.words


async def test_unknown_and_announced_providers_begin_nothing(lone: LonePortal) -> None:
    browser = await lone.browser().get("/banks")
    token = browser.response
    for key in ("bos", "nobody"):
        browser.response = token
        await browser.post(f"/banks/{key}")
        assert browser.response.status_code == 404
    assert not lone.provider.asked


async def test_a_form_of_another_site_begins_nothing(lone: LonePortal) -> None:
    browser = await lone.browser().get("/banks")
    response = await browser.client.post("/banks/millenet", data={"csrf_token": "x"})
    assert response.status_code == 403
    assert not lone.provider.asked


async def test_an_address_alone_begins_nothing(lone: LonePortal) -> None:
    assert (await lone.browser().get("/banks/millenet?lang=en")).location == "/banks?lang=en"

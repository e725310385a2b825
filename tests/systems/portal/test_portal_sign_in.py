from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.support.lone_portal import LonePortal, lone_portal
from tests.support.scripted_provider import Person

LINKS = {"/banks", "/certificate", "/password", "/register"}
LINKS |= {"/help", "/regulations", "/site-map", "/accessibility", "/notices.rss"}


@pytest_asyncio.fixture
async def lone(tmp_path: Path) -> AsyncIterator[LonePortal]:
    async with lone_portal(tmp_path) as running:
        yield running


async def test_every_way_in_is_on_the_first_page(lone: LonePortal) -> None:
    browser = await lone.browser().get("/")
    assert {node.attributes["href"] for node in browser.page.css("main a")} >= LINKS
    form = browser.page.css_first('form[action="/sign-in"]')
    assert form is not None
    assert {node.attributes["name"] for node in form.css("input")} == {"csrf_token", "login", "password"}


async def test_the_number_of_profiles_is_counted_once_a_minute(lone: LonePortal) -> None:
    browser = await lone.browser().get("/")
    assert "Zarejestrowano 0 profili." in browser.words
    await lone.has_profile(Person())
    lone.moment[0] += 59
    assert "Zarejestrowano 0 profili." in (await browser.get("/")).words
    lone.moment[0] += 1
    assert "Zarejestrowano 1 profil." in (await browser.get("/")).words


async def test_who_is_in_goes_to_the_panel(lone: LonePortal) -> None:
    await lone.has_profile(Person())
    browser = await lone.browser().get("/banks")
    await browser.post("/banks/millenet")
    await browser.get(f"/callback/millenet?{lone.provider.signs_in(browser.location)}")
    await browser.follow()
    assert (await browser.get("/")).location == "/dashboard"


async def test_every_way_on_the_page_leads_somewhere(lone: LonePortal) -> None:
    browser = await lone.browser().get("/")
    for address in sorted(LINKS):
        assert (await browser.get(address)).response.status_code == 200, address


@pytest.mark.parametrize("notice", ["signed_out", "session_ended", "form_kept"])
async def test_what_brought_the_person_here_is_said(lone: LonePortal, notice: str) -> None:
    browser = await lone.browser().get(f"/?notice={notice}")
    assert browser.page.css_first(".govuk-notification-banner") is not None


@pytest.mark.parametrize("notice", ["", "made_up", "<b>"])
async def test_an_address_cannot_make_the_page_say_anything_else(lone: LonePortal, notice: str) -> None:
    browser = await lone.browser().get(f"/?notice={notice}")
    assert browser.page.css_first(".govuk-notification-banner") is None

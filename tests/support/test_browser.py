"""The browsers themselves.

Both go to and fro between *.localhost origins, with and without scripts, and are watched.
"""

import pytest
from playwright.async_api import Page, expect

from tests.support.axe import assert_accessible, axe
from tests.support.browser import EVERY_LOOK, WITH_AND_WITHOUT_SCRIPT, Window, Windows

pytestmark = pytest.mark.browser


async def go_round(page: Page) -> None:
    """From a.localhost through b.localhost and back, then to b.localhost by a link."""
    await page.get_by_label("Imię").fill("Łukasz")
    await page.get_by_role("button", name="Dalej").click()
    await page.wait_for_url("**/end?letters=6")
    await expect(page.locator("h1")).to_have_text("a.localhost")
    await page.get_by_role("link", name="Inna strona").click()
    await page.wait_for_url("**/else")
    await expect(page.locator("#cookie")).to_have_text("b=lax")


@pytest.mark.parametrize("window", WITH_AND_WITHOUT_SCRIPT, ids=str)
async def test_chromium_keeps_cookies_of_two_origins(window: Window, two_sites: int, chromium_windows: Windows) -> None:
    await go_round(await chromium_windows.open(f"http://a.localhost:{two_sites}/start", window))


@pytest.mark.parametrize("window", WITH_AND_WITHOUT_SCRIPT, ids=str)
async def test_firefox_does_the_same(window: Window, two_sites: int, firefox_windows: Windows) -> None:
    await go_round(await firefox_windows.open(f"http://a.localhost:{two_sites}/start", window))


@pytest.mark.parametrize("window", EVERY_LOOK, ids=str)
async def test_axe_looks_at_a_page_that_allows_no_script_at_all(
    window: Window, two_sites: int, chromium_windows: Windows
) -> None:
    page = await chromium_windows.open(f"http://a.localhost:{two_sites}/start", window)
    await assert_accessible(page)
    dark = await page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
    assert (await page.evaluate("innerWidth"), dark) == (window.width, window.scheme == "dark")


async def test_axe_and_the_watch_complain_of_a_faulty_page(two_sites: int, chromium_windows: Windows) -> None:
    page = await chromium_windows.open(f"http://a.localhost:{two_sites}/faulty")
    assert {"image-alt", "label"} <= {rule["id"] for rule in await axe(page)}
    await page.wait_for_timeout(100)
    seen = " ".join(chromium_windows.watch.faults)
    chromium_windows.watch.faults.clear()
    assert "Content Security Policy" in seen

"""A clerk at a real browser window: a key made by a link, used with an authenticator of Chromium's own (CDP)."""

import re

from playwright.async_api import Page, expect

from tests.browser.handset import Handset, handset
from tests.support.browser import Window, Windows
from tests.support.server import Demo


async def key_link(demo: Demo, page: Page, login: str) -> str:
    """The link for a clerk's key, as the start page makes it."""
    await page.goto(demo.url("start", "/clerks"))
    await page.locator(f'main button[value="{login}"]').click()
    return (await page.locator("#clerk-link").inner_text()).strip()


async def at_desk(demo: Demo, windows: Windows, login: str, window: Window) -> Handset:
    """A clerk with a new key, at the page that asks for it."""
    clerk = await handset(windows, demo.url("start"), window)
    link = await key_link(demo, clerk.page, login)
    await clerk.page.goto(link)
    await clerk.page.locator("#make").wait_for()
    await clerk.use_key("#make")
    await expect(clerk.page).to_have_url(re.compile(r"/sign-in\?done=key$"))
    return clerk


async def seated(demo: Demo, windows: Windows, login: str, window: Window) -> Handset:
    """A clerk who is signed in."""
    clerk = await at_desk(demo, windows, login, window)
    await clerk.use_key()
    await expect(clerk.page.locator("h1")).to_have_text(re.compile("Wnioski|Applications"))
    return clerk

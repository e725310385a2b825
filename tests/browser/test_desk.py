"""A clerk's day at real windows: a key, an application confirmed, four eyes; and what a page without scripts says."""

import re

import pytest
from playwright.async_api import expect

from tests.browser.citizen import Citizens
from tests.browser.desk import at_desk, key_link, seated
from tests.support.browser import Window, Windows
from tests.support.server import Demo

pytestmark = pytest.mark.browser
WIDE, EWA = Window(), "4100200301"


async def test_from_the_link_to_a_confirmed_application_and_its_end(
    fresh_demo: Demo, chromium_windows: Windows
) -> None:
    grazyna = await seated(fresh_demo, chromium_windows, "grazyna.lis", WIDE)
    page = grazyna.page
    await page.locator(f'main a[href="/applications/{EWA}"]').click()
    await expect(page.locator("main")).to_contain_text("88113052129")
    await page.get_by_role("link", name="W urzędzie").click()
    await page.get_by_label("Dowód osobisty").check()
    await page.locator("#photo_fits").check()
    await page.locator("#sign").click()
    await expect(page.locator("#data_agree-error")).to_be_visible()
    await page.locator("#data_agree").check()
    await grazyna.owner_is_there(False)
    await page.locator("#sign").click()
    await expect(page.locator("[data-key-status]")).to_contain_text("Klucz nie potwierdził")
    await grazyna.owner_is_there(True)
    await page.locator("#sign").click()
    await expect(page.locator("main")).to_contain_text("Wniosek potwierdzony")

    await page.goto(fresh_demo.url("clerk", "/profiles"))
    await page.locator("#pesel").fill("88113052129")
    await page.locator("main form button").click()
    await page.get_by_role("link", name="Unieważnienie po śmierci właściciela").click()
    await page.locator("#reference").fill("Akt zgonu 77/2027")
    await page.locator("#note").fill("Pierwszy wiersz\nDrugi wiersz")
    await page.locator("#sign").click()
    await expect(page.locator("main")).to_contain_text("To Twoja propozycja")
    proposal = page.url.partition("?")[0]

    robert = await seated(fresh_demo, chromium_windows, "robert.sowa", Window(360))
    await robert.page.goto(fresh_demo.url("clerk", "/proposals"))
    await robert.page.locator(".p-tile a").click()
    await expect(robert.page).to_have_url(proposal)
    await robert.page.locator("#approve").click()
    await expect(robert.page.locator("main")).to_contain_text("Zatwierdzona i wykonana")
    await page.goto(proposal)
    await expect(page.locator("main")).to_contain_text("Zatwierdzona i wykonana")


async def test_only_the_clerks_own_check_opens_the_desk(fresh_demo: Demo, chromium_windows: Windows) -> None:
    clerk = await at_desk(fresh_demo, chromium_windows, "grazyna.lis", WIDE)
    await clerk.owner_is_there(False)
    await clerk.use_key()
    await expect(clerk.page.locator("[data-key-status]")).to_contain_text("Klucz nie potwierdził")
    await clerk.owner_is_there(True)
    await clerk.use_key()
    await expect(clerk.page.locator("h1")).to_have_text("Wnioski")
    await clerk.page.get_by_role("button", name="Wyloguj").click()
    await expect(clerk.page.locator("h1")).to_have_text("Wylogowano")


async def test_without_scripts_the_pages_say_so(fresh_demo: Demo, citizens: Citizens) -> None:
    without = await citizens.come("jan", Window(360, script=False))
    await without.open("clerk", "/sign-in")
    await without.says("Klucze działają tylko z włączonym JavaScriptem")
    link = await key_link(fresh_demo, without.page, "robert.sowa")
    await without.page.goto(link)
    await without.send("/key", code=link.partition("#")[2])
    await expect(without.page).to_have_url(re.compile(r"/key/\w+$"))
    await without.says("Klucze działają tylko z włączonym JavaScriptem")

"""What stands around every page: the menu that folds on a phone, and who is signed in even where a page fails."""

import pytest
from playwright.async_api import expect

from tests.browser.citizen import PANEL, Citizen, Citizens
from tests.support.axe import assert_accessible
from tests.support.browser import Window

pytestmark = pytest.mark.browser
ON_A_PHONE = 320


@pytest.mark.parametrize(
    ("key", "window"), [("jan", Window(ON_A_PHONE)), ("helena", Window(ON_A_PHONE, script=False))], ids=str
)
async def test_the_menu_of_a_phone_unfolds_by_keyboard(key: str, window: Window, citizens: Citizens) -> None:
    citizen = await citizens.come(key, window)
    await citizen.enter_first()
    page = citizen.page
    menu, link = page.locator("header summary"), page.locator("header").get_by_role("link", name="Wizyty")
    await expect(link).to_be_hidden()
    await menu.focus()
    await page.keyboard.press("Enter")
    await expect(link).to_be_visible()
    if window.script:
        await assert_accessible(page)
    await page.keyboard.press("Tab")
    await expect(page.locator("header .p-nav__link").first).to_be_focused()
    await menu.focus()
    await page.keyboard.press("Space")
    await expect(link).to_be_hidden()
    await menu.click()
    await link.click()
    await citizen.at("pue", "/visits")
    await menu.click()
    await expect(link).to_have_attribute("aria-current", "page")


async def test_where_there_is_room_the_navigation_needs_no_menu(citizens: Citizens) -> None:
    citizen = await citizens.come("stanislaw")
    await citizen.sign_in_at_bank()
    await expect(citizen.page.locator("header summary")).to_be_hidden()
    await citizen.page.locator("header").get_by_role("link", name="Moje finanse").click()
    await citizen.at("millenet", "/finances")


@pytest.mark.parametrize(
    ("key", "window"), [("krzysztof", Window()), ("lukasz", Window(ON_A_PHONE, script=False))], ids=str
)
async def test_a_failure_keeps_who_is_signed_in(key: str, window: Window, citizens: Citizens) -> None:
    """A page that is not there, a form that is not ours: the name, the navigation and the way out stay."""
    citizen = await citizens.come(key, window)
    await citizen.sign_in_at_bank()
    await look_lost(citizen, "millenet", "/nowhere", "Nie ma takiej strony")
    await look_lost(citizen, "millenet", "/release/nothing", "Ta strona jest już nieaktualna")
    await citizen.to_bank_again()
    await citizen.type_code(await citizen.consent())
    await citizen.fill_form()
    await citizen.at("pue", PANEL)
    await look_lost(citizen, "pue", "/nowhere", "Nie ma takiej strony")
    await look_lost(citizen, "pue", "/callback/millenet?state=x", "To logowanie jest już nieaktualne")
    await citizen.sign_out()
    await citizen.reads("Wylogowano z portalu")


async def look_lost(citizen: Citizen, system: str, path: str, heading: str) -> None:
    await citizen.open(system, path)
    await citizen.reads(heading)
    await expect(citizen.page.locator("header")).to_contain_text(citizen.person["last_name"])
    await expect(citizen.page.locator('header form[action="/sign-out"] button')).to_be_visible()
    await expect(citizen.page.locator("header nav.p-nav")).to_have_count(1)

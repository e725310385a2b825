"""Signing in without anything to be remembered or copied (WCAG 2.2, 3.3.8): a passkey, by keyboard alone."""

import pytest
from playwright.async_api import Page, Route, expect

from tests.browser.citizen import Citizen, Citizens, code_in
from tests.browser.handset import Handset
from tests.browser.test_keyboard import press, type_into
from tests.support.axe import assert_accessible
from tests.support.browser import Window

pytestmark = pytest.mark.browser
AT_BANK, AT_PORTAL = "/settings/security/passkeys", "/settings/passkeys"


async def device_of(page: Page) -> Handset:
    """The device in front of the person, with an authenticator of its own."""
    device = Handset(page, await page.context.new_cdp_session(page))
    await device.power_on()
    return device


async def sign_in_with_key(device: Handset) -> None:
    """The device lies there only now: else its owner would touch what the browser offers by itself."""
    await device.power_on()
    await press(device.page, "Zaloguj się kluczem dostępu")


async def try_key_once(device: Handset) -> None:
    """The device is put away once it has answered: else its owner would touch what the next page offers, too."""

    async def put_away(route: Route) -> None:
        await device.power_off()
        await route.continue_()

    await device.page.route("**/passkey", put_away)
    await sign_in_with_key(device)


async def code_typed(citizen: Citizen, seen: set[str]) -> None:
    await type_into(citizen.page, "code", code_in(await citizen.new_message(seen)))
    await citizen.page.keyboard.press("Enter")


async def test_at_a_bank_with_masked_characters(citizens: Citizens) -> None:
    jan = await citizens.come("jan")
    await jan.sign_in_at_bank()
    await jan.open("millenet", "/settings/security")
    await jan.follow("Klucze dostępu")
    seen = jan.messages()
    await press(jan.page, "Dodaj klucz dostępu")
    await jan.at("millenet", "/settings/security/tools/change/.+")
    await code_typed(jan, seen)
    await jan.reads("Utwórz klucz dostępu")
    await assert_accessible(jan.page)
    device = await device_of(jan.page)
    await press(jan.page, "Utwórz klucz")
    await jan.says("Klucz dostępu jest dodany.")
    await device.remember()
    await assert_accessible(jan.page)
    await jan.sign_out()
    await jan.at("millenet", "/signed-out")
    await jan.open("millenet", AT_BANK)
    await jan.send("/number", number=jan.account()["login"])
    await expect(jan.page.locator('input[name^="characters_"]')).to_have_count(2)
    await assert_accessible(jan.page)
    await sign_in_with_key(device)
    await jan.at("millenet", AT_BANK)
    await device.remember()
    await press(jan.page, "Usuń")
    await jan.at("millenet", f"{AT_BANK}/.+/remove")
    await assert_accessible(jan.page)
    await press(jan.page, "Usuń klucz")
    await jan.says("Klucz dostępu jest usunięty.")
    await jan.sign_out()
    await jan.at("millenet", "/signed-out")
    await jan.open("millenet", AT_BANK)
    await try_key_once(device)
    await jan.says("Nie udało się zalogować tym kluczem.")


async def test_at_the_portal_the_browser_offers_the_key_by_itself(citizens: Citizens) -> None:
    helena = await citizens.come("helena")
    await helena.enter_first()
    await helena.open("pue", AT_PORTAL)
    await helena.reads("Klucze dostępu")
    await assert_accessible(helena.page)
    device = await device_of(helena.page)
    await press(helena.page, "Utwórz klucz")
    await helena.says("Klucz dostępu jest dodany.")
    await device.remember()
    await device.power_off()
    await helena.sign_out()
    await helena.open("pue")
    await expect(helena.page.locator("#passkey")).to_be_visible()
    await assert_accessible(helena.page)
    await device.power_on()
    await helena.page.reload()  # the key lies there when the page opens: the owner touches what the browser offers
    await helena.at("pue", "/dashboard")


async def test_without_scripts_the_page_says_what_is_missing(citizens: Citizens) -> None:
    maria = await citizens.come("maria", Window(script=False))
    await maria.open("millenet")
    await maria.says("Klucz dostępu działa tylko z włączonym JavaScriptem")
    await expect(maria.page.locator("#passkey")).to_be_hidden()

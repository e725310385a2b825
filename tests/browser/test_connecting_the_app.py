"""Connecting the bank's own app, with and without a script, and every page of it in every look."""

import pytest
from playwright.async_api import expect

from tests.browser.app import TOOLS, approve, at_bank
from tests.browser.citizen import Citizen, Citizens, code_in
from tests.browser.look import BOTH_LANGUAGES, WINDOWS, Looks
from tests.support.browser import Window

pytestmark = pytest.mark.browser
APP = f"{TOOLS}/app"


async def to_the_page(citizen: Citizen) -> None:
    """From the list of tools."""
    await at_bank(citizen, "ipko", TOOLS)
    await citizen.page.locator(f'main a[href="{APP}"]').click()
    await citizen.at("ipko", APP)


async def to_the_app(citizen: Citizen) -> None:
    """The code of the tool that is there; the page that waits for the app."""
    seen = citizen.messages()
    await citizen.send("/app")
    await citizen.send("/code", code=code_in(await citizen.new_message(seen)))


@pytest.mark.parametrize(("key", "window"), [("krzysztof", Window()), ("marek", Window(script=False))], ids=str)
async def test_the_code_says_yes_and_the_app_answers(key: str, window: Window, citizens: Citizens) -> None:
    citizen = await citizens.come(key, window)
    phone = await citizen.other_tab()
    await to_the_page(citizen)
    await to_the_app(citizen)
    await approve(citizen, phone)
    if not window.script:
        await citizen.send("/push")
    await citizen.at("ipko", TOOLS)
    await citizen.says("Połączone: Aplikacja")
    await expect(citizen.page.locator(f'main a[href="{APP}"]')).to_have_count(0)


@BOTH_LANGUAGES
async def test_looks_of_connecting(language: str, looks: Looks, newcomers: Citizens) -> None:
    citizen = await newcomers.come("krzysztof", WINDOWS[language])
    phone = await citizen.other_tab()
    await to_the_page(citizen)
    await looks.at(citizen, "connect-app")
    await to_the_app(citizen)
    await looks.at(citizen, "connect-app-waiting")
    await approve(citizen, phone)
    await citizen.page.bring_to_front()
    await citizen.at("ipko", TOOLS)
    await looks.at(citizen, "connect-app-done")
    other = await newcomers.come("marek", WINDOWS[language])
    await at_bank(other, "ipko", f"{TOOLS}/lost")
    await other.page.locator('input[value="sms"]').check()
    await other.page.locator("#password").fill(other.account("ipko")["password"])
    await other.page.locator('main form[action$="/lost"] button[type=submit]').first.click()
    await other.open("ipko", APP)
    await looks.at(other, "connect-app-password")
    await other.send("/app", password="not it at all")
    await looks.at(other, "connect-app-password-faults")

"""What people really do: go back, open two tabs, click twice, forbid cookies, come in English.

Every time a page of ours answers, with what is true now, and nothing happens twice (issue: bad input).
"""

import re
from pathlib import Path

import pytest
from playwright.async_api import Playwright, expect

from tests.browser.citizen import PANEL, Citizen, Citizens
from tests.support.browser import CHROMIUM, CHROMIUM_FLAGS, WITH_AND_WITHOUT_SCRIPT, Window
from tests.support.server import Demo

pytestmark = pytest.mark.browser

NO_COOKIES = '{"profile": {"default_content_setting_values": {"cookies": 2}}}'


@pytest.mark.parametrize(("key", "window"), [("jan", Window()), ("stanislaw", Window(script=False))], ids=str)
async def test_back_button(key: str, window: Window, citizens: Citizens) -> None:
    """Back from the panel shows no form that could be sent again; after signing out, nothing of the person."""
    citizen = await citizens.come(key, window)
    await citizen.enter_first()
    await citizen.page.go_back()
    await expect(citizen.form("/form")).to_have_count(0)
    await citizen.open("pue", PANEL)
    await citizen.open("pue", "/settings")
    await citizen.sign_out()
    await citizen.reads("Wylogowano")
    await citizen.page.go_back()
    await expect(citizen.page.locator("body")).not_to_contain_text(citizen.person["last_name"])
    await citizen.reads("Zaloguj się")


@pytest.mark.parametrize(("key", "window"), [("helena", Window()), ("krzysztof", Window(script=False))], ids=str)
async def test_two_tabs(key: str, window: Window, citizens: Citizens) -> None:
    """The same sign-in in two tabs: one goes through, the other is told; signed out in one is signed out in both."""
    one = await citizens.come(key, window)
    await one.to_consent()
    two = await one.other_tab()
    await two.page.goto(one.page.url)
    sms = await one.consent()
    await two.page.locator("#consent").check()
    await two.send("/consent")
    await two.reads("Potwierdź hasłem SMS")
    assert len(one.messages()) == 1, "the second tab sent a second code"
    await one.type_code(sms)
    await one.reads("Rejestracja w portalu")
    await two.type_code(sms)
    await two.reads("To logowanie już się zakończyło")
    await one.fill_form()
    await one.at("pue", PANEL)
    await two.open("pue", "/settings")
    await one.sign_out()
    await one.reads("Wylogowano")
    await two.send("/settings", email="x@poczta.example")
    await two.at("pue", "/")


@pytest.mark.parametrize("window", WITH_AND_WITHOUT_SCRIPT, ids=str)
async def test_double_click(window: Window, citizens: Citizens) -> None:
    """Two clicks on every button of the way: one code, one profile.

    Without a script nothing holds the second click back, and it may take the place of the answer that brings the
    session's new cookie: then the person signs in once more, with a code, as nothing of the lost session counts.
    """
    citizen = await citizens.come("anna" if window.script else "lukasz", window)
    await citizen.to_consent()
    seen = citizen.messages()
    await citizen.page.locator("#consent").check()
    await citizen.form("/consent").locator("button").first.dblclick()
    await citizen.reads("Potwierdź hasłem SMS")
    sms = await citizen.new_message(seen)
    await citizen.page.locator("#code").fill(sms[-6:])
    await citizen.form("/code").locator("button").first.dblclick()
    portal = rf"{citizen.demo.origin('pue')}/(entry/.+|dashboard)"
    if not window.script:
        await expect(citizen.page).to_have_url(re.compile(rf"^({portal}|.+/sign-in/.+)"))
        if "/sign-in/" in citizen.page.url:
            await citizen.sign_in()
            await citizen.at("millenet", "/release/.+")
            before = citizen.messages()
            await citizen.press("Wyślij hasło SMS")
            await citizen.type_code(await citizen.new_message(before))
            seen |= {min(citizen.messages() - before)}
    await expect(citizen.page).to_have_url(re.compile(f"^{portal}"))
    if citizen.key == "anna":
        await citizen.tick("regulations", "contact_data")
        await citizen.form("/terms").locator("button").first.dblclick()
    else:
        await citizen.fill_form()
    await citizen.at("pue", PANEL)
    assert len(citizen.messages() - seen) == 1


async def test_cookies_off(demo: Demo, playwright: Playwright, tmp_path: Path) -> None:
    """A browser that takes no cookies is told so, at the portal and at the bank."""
    (tmp_path / "Default").mkdir()
    (tmp_path / "Default/Preferences").write_text(NO_COOKIES)
    context = await playwright.chromium.launch_persistent_context(
        tmp_path, executable_path=CHROMIUM, args=CHROMIUM_FLAGS, locale="pl-PL"
    )
    citizen = Citizen(demo, context.pages[0], "helena")
    await citizen.open("pue", "/banks")
    await citizen.send("/banks/millenet")
    await citizen.reads("Przeglądarka nie przyjmuje plików cookie")
    await citizen.open("millenet")
    await citizen.reads("Przeglądarka nie przyjmuje plików cookie")
    assert not await context.cookies()
    await context.close()


@pytest.mark.parametrize("window", WITH_AND_WITHOUT_SCRIPT, ids=str)
async def test_language_is_switched_and_remembered(window: Window, visitors: Citizens) -> None:
    helena = await visitors.come("helena", window)
    await helena.open("pue", "/banks")
    await helena.page.get_by_role("link", name="English").click()
    await helena.reads("Choose who will confirm who you are")
    await expect(helena.page.locator("html")).to_have_attribute("lang", "en")
    await helena.open("pue")
    await helena.reads("Sign in")
    await helena.page.get_by_role("link", name="Polski").click()
    await helena.reads("Zaloguj się")
    british = await visitors.come("helena", Window(script=window.script, language="en-GB"))
    await british.to_bank()
    await british.reads("Sign in to PUE")
    await british.page.get_by_role("button", name="Clear").click()
    await expect(british.page.locator("#number")).to_have_value("")

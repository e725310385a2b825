"""The patient account in each look: entered through the trusted profile, for oneself and for a child (K1–K4)."""

import pytest
from playwright.async_api import expect

from tests.browser.citizen import Citizens
from tests.browser.look import BOTH_LANGUAGES, WINDOWS, Looks
from tests.browser.patient import enter
from tests.support.browser import Window

pytestmark = pytest.mark.browser


@BOTH_LANGUAGES
async def test_looks(language: str, looks: Looks, newcomers: Citizens) -> None:
    citizen = await newcomers.come("agnieszka", WINDOWS[language])
    await looks.at(citizen, "first", "/", "ikp")
    await enter(citizen, "ikp", "/account")
    await looks.at(citizen, "account")
    for page in ("prescription", "referral", "visit", "history"):
        await looks.at(citizen, page, f"/account/{page}", "ikp")
    await citizen.open("ikp", "/account")
    await citizen.page.locator('input[name="person"]').last.check()
    await citizen.send("/account/for")
    await looks.at(citizen, "account-of-a-child")
    await looks.at(citizen, "referrals-of-a-child", "/account/referral", "ikp")
    await citizen.sign_out()
    await looks.at(citizen, "signed-out")
    looks.assert_fine()


async def test_without_a_script(newcomers: Citizens) -> None:
    citizen = await newcomers.come("stanislaw", Window(script=False))
    await enter(citizen, "ikp", "/account")
    await citizen.open("ikp", "/account/prescription")
    await citizen.says("Ramipryl")
    assert await citizen.page.locator('input[name="person"]').count() == 0
    await citizen.open("ikp", "/account/history")
    await expect(citizen.page.locator("main")).to_contain_text("Profil Zaufany")

"""The patient account in each look: entered through the trusted profile, for oneself and for a child (K1–K4)."""

import pytest
from playwright.async_api import expect

from tests.browser.citizen import Citizen, Citizens, code_in
from tests.browser.look import BOTH_LANGUAGES, WINDOWS, Looks
from tests.support.browser import Window

pytestmark = pytest.mark.browser


async def enter(citizen: Citizen) -> None:
    """Through the trusted profile, the first time: password, consent, code."""
    account = citizen.account("pz")
    await citizen.open("ikp")
    await citizen.send("/enter/pz")
    await citizen.send("/password", number=account["login"], password=account["password"])
    await citizen.at("pz", "/release/.+")
    seen = citizen.messages()
    await citizen.page.locator("#consent").check()
    await citizen.send("/consent")
    await citizen.send("/code", code=code_in(await citizen.new_message(seen)))
    await citizen.at("ikp", "/account")


@BOTH_LANGUAGES
async def test_looks(language: str, looks: Looks, newcomers: Citizens) -> None:
    citizen = await newcomers.come("agnieszka", WINDOWS[language])
    await looks.at(citizen, "first", "/", "ikp")
    await enter(citizen)
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
    await enter(citizen)
    await citizen.open("ikp", "/account/prescription")
    await citizen.says("Ramipryl")
    assert await citizen.page.locator('input[name="person"]').count() == 0
    await citizen.open("ikp", "/account/history")
    await expect(citizen.page.locator("main")).to_contain_text("Profil Zaufany")

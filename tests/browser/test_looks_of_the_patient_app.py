"""mojeIKP in each look, on a device with an authenticator; and a forgotten password at the trusted profile (K3, T3)."""

import pytest
from playwright.async_api import expect

from tests.browser.citizen import Citizen, Citizens, code_in
from tests.browser.handset import handset
from tests.browser.look import BOTH_LANGUAGES, WINDOWS, Looks
from tests.browser.patient import enter, open_with
from tests.support.browser import Window, Windows

pytestmark = pytest.mark.browser
PIN, BAD = "73921", "1111"


@BOTH_LANGUAGES
async def test_the_app(language: str, looks: Looks, newcomers: Citizens, chromium_windows: Windows) -> None:
    demo, window = newcomers.demo, Window(360, language=WINDOWS[language].language)
    phone = await handset(chromium_windows, demo.url("mojeikp"), window)
    holder = Citizen(demo, phone.page, "agnieszka")
    await looks.at(holder, "first", "/", "mojeikp")
    await looks.at(holder, "offline", "/offline", "mojeikp")
    await enter(holder, "mojeikp", "/device/.+")
    await looks.at(holder, "bind")
    await holder.send("/pin", pin=BAD, pin_again=BAD)
    await looks.at(holder, "bind-wrong-pin")
    await open_with(holder, PIN)
    await looks.at(holder, "account")
    for page in ("prescription", "history"):
        await looks.at(holder, page, f"/account/{page}", "mojeikp")
    await looks.at(holder, "devices", "/devices", "mojeikp")
    await holder.sign_out()
    await looks.at(holder, "signed-out")
    await looks.at(holder, "locked", "/", "mojeikp")
    await holder.send("/open/pin", pin="50817")
    await looks.at(holder, "wrong-pin")
    for _ in range(4):
        await holder.send("/open/pin", pin="50817")
    await expect(holder.page.locator("form[action='/enter/pz']")).to_be_visible()
    await looks.at(holder, "ended")
    await holder.send("/enter/pz")
    await holder.at("mojeikp", "/device/.+")
    await phone.power_on()
    await phone.use_key("#make")
    await holder.at("mojeikp", "/account")
    await holder.sign_out()
    await looks.at(holder, "locked-by-key", "/", "mojeikp")
    await enter(holder, "ikp", "/account", known=True)
    await looks.at(holder, "devices-at-ikp", "/account/devices", "ikp")
    await holder.send("/remove")
    await looks.at(holder, "devices-at-ikp-removed")
    await phone.put_away()
    looks.assert_fine()


@BOTH_LANGUAGES
async def test_a_forgotten_password(language: str, looks: Looks, newcomers: Citizens) -> None:
    owner = await newcomers.come("agnieszka", WINDOWS[language])
    await looks.at(owner, "sign-in", "/sign-in?next=/profile", "pz")
    await looks.at(owner, "forgotten", "/password", "pz")
    await owner.send("/password", name="")
    await looks.at(owner, "forgotten-empty")
    seen = owner.messages()
    await owner.send("/password", name=owner.account("pz")["login"])
    await owner.at("pz", "/password/.+")
    await looks.at(owner, "forgotten-code")
    code = code_in(await owner.new_message(seen))
    await owner.page.locator("#code").fill(code)
    await owner.page.locator("main button[value=code]").click()
    await expect(owner.page.locator("main button[value=tool]")).to_be_visible()
    await looks.at(owner, "forgotten-tool")
    await owner.page.locator("main button[value=tool]").click()
    await owner.at("pz", "/recovery/.+")
    await looks.at(owner, "forgotten-ask")
    seen = owner.messages()
    await owner.send("/ask")
    await owner.type_code(await owner.new_message(seen))
    await owner.at("pz", "/password/.+")
    await looks.at(owner, "forgotten-new")
    await owner.page.locator("#password").fill("cztery-Sowy-na-plocie-9")
    await owner.page.locator("#password_again").fill("cztery-Sowy-na-plocie-9")
    await owner.page.locator("main button[value=set]").click()
    await expect(owner.page.locator(".govuk-panel")).to_be_visible()
    await looks.at(owner, "forgotten-changed")
    looks.assert_fine()

"""Every page of the phone app and of the profile's phones, in each look: connected, asked, answered, removed."""

import re

import pytest
from playwright.async_api import expect

from tests.browser.citizen import Citizen, Citizens
from tests.browser.handset import CODE, Handset, handset, number_on, type_number
from tests.browser.look import BOTH_LANGUAGES, WINDOWS, Looks, open_everything
from tests.browser.owner import confirm, enter
from tests.support.browser import Window, Windows

pytestmark = pytest.mark.browser


@BOTH_LANGUAGES
async def test_the_phone_s_pages(language: str, looks: Looks, newcomers: Citizens, chromium_windows: Windows) -> None:
    owner = await newcomers.come({"pl": "stanislaw", "en": "agnieszka"}[language], WINDOWS[language])
    window = Window(360, language=WINDOWS[language].language)
    phone = await handset(chromium_windows, owner.demo.url("mobywatel"), window)
    holder = Citizen(owner.demo, phone.page, owner.key)
    await before_a_phone(looks, holder)
    await connecting(looks, owner, holder, phone)
    await answering(looks, owner, holder, phone)
    await elsewhere(looks, owner, holder, phone)
    await looks.at(holder, "phones", "/phones", "mobywatel")
    await looks.at(holder, "history", "/history", "mobywatel")
    await looks.at(owner, "phones-one", "/profile/devices", "pz")
    await owner.page.locator('main a[href$="/remove"]').click()
    await looks.at(owner, "phone-remove")
    await phone.put_away()
    looks.assert_fine()


async def before_a_phone(looks: Looks, holder: Citizen) -> None:
    await looks.at(holder, "first", "/", "mobywatel")
    await looks.at(holder, "enrol", "/enrol", "mobywatel")
    await holder.send("/enrol", code="ABCD-EFGH-JKMN")
    await looks.at(holder, "enrol-wrong")
    await looks.at(holder, "offline", "/offline", "mobywatel")
    await looks.at(holder, "unlock", "/sign-in", "mobywatel")


async def connecting(looks: Looks, owner: Citizen, holder: Citizen, phone: Handset) -> None:
    await enter(owner, "/profile/devices")
    await looks.at(owner, "phones-none")
    await owner.send("/profile/devices")
    await confirm(owner)
    await owner.at("pz", "/profile/devices/new/.+")
    await looks.at(owner, "phone-ready")
    await owner.send("/code")
    await expect(owner.page.locator(".p-qr")).to_be_visible()
    await looks.at(owner, "phone-code")
    found = CODE.search(await owner.page.inner_text("main"))
    assert found is not None
    await holder.open("mobywatel", "/enrol")
    await holder.send("/enrol", code=found[0])
    await looks.at(holder, "enrol-key")
    await expect(owner.page.locator(".govuk-inset-text")).to_be_visible()
    await looks.at(owner, "phone-claimed")
    await phone.power_on()
    await phone.use_key("#make")
    number = (await phone.page.locator("[data-number]").inner_text()).strip()
    await phone.remember()
    await looks.at(holder, "enrol-number")
    await expect(owner.page.locator("#number")).to_be_visible()
    await looks.at(owner, "phone-number")
    await type_number(owner, number)
    await looks.at(owner, "phones-added")
    await phone.power_on()
    await phone.page.locator('main a[href="/sign-in"]').click()
    await phone.use_key()
    await expect(phone.page.locator("[data-refresh]")).to_be_visible()
    await phone.remember()
    await looks.at(holder, "waiting-none")


async def answering(looks: Looks, owner: Citizen, holder: Citizen, phone: Handset) -> None:
    await owner.open("pz", "/settings/security/tools")
    seen = owner.messages()
    await owner.page.locator("main button[value=push]").click()
    await owner.type_code(await owner.new_message(seen))
    number = await number_on(owner)
    await holder.open("mobywatel")
    await expect(phone.page.locator(".p-tile a")).to_be_visible()
    await looks.at(holder, "waiting-one")
    await phone.page.locator(".p-tile a").click()
    await looks.at(holder, "question")
    await phone.use_key()
    await looks.at(holder, "question-wrong")
    await phone.power_on()
    await phone.page.locator("#number").fill(number)
    await phone.use_key()
    await expect(phone.page.locator("[data-key]")).to_have_count(0)
    await looks.at(holder, "approved")


async def elsewhere(looks: Looks, owner: Citizen, holder: Citizen, phone: Handset) -> None:
    await owner.open("ikp")
    await owner.send("/mobywatel")
    await looks.at(owner, "sign-in-service")
    await owner.send("/sign-in/elsewhere")
    await looks.at(owner, "elsewhere")
    text = await owner.page.inner_text("main")
    code = CODE.search(text)
    assert code is not None
    await looks.at(holder, "across", "/across", "mobywatel")
    await holder.send("/across", code=code[0])
    await open_everything(holder)
    await looks.at(holder, "across-asks")
    await phone.page.locator('form[action$="/refuse"] button').click()
    await looks.at(holder, "across-refused")
    await expect(owner.page.locator("h1")).to_contain_text(re.compile("odmówił|refused"))
    await looks.at(owner, "elsewhere-refused")

"""mojeIKP in a real browser: a key of Chromium's own authenticator, a PIN without a script, and no network (K3)."""

import pytest
from playwright.async_api import expect

from tests.browser.citizen import Citizen, Citizens
from tests.browser.handset import handset
from tests.browser.patient import enter, open_with
from tests.support.browser import Window, Windows

pytestmark = pytest.mark.browser
PIN = "73921"


async def test_the_devices_own_key_opens_the_app(citizens: Citizens, chromium_windows: Windows) -> None:
    demo = citizens.demo
    phone = await handset(chromium_windows, demo.url("mojeikp"))
    holder = Citizen(demo, phone.page, "agnieszka")
    await enter(holder, "mojeikp", "/device/.+")
    await phone.use_key("#make")
    await holder.at("mojeikp", "/account")
    await holder.sign_out()
    await holder.open("mojeikp")
    await phone.owner_is_there(False)
    await phone.use_key()
    await expect(phone.page.locator("[data-key-status]")).not_to_be_empty()
    await phone.owner_is_there(True)
    await phone.use_key()
    await holder.at("mojeikp", "/account")
    await holder.open("mojeikp", "/account/prescription")
    await holder.says("4821")
    await phone.put_away()


async def test_a_pin_works_without_a_script(citizens: Citizens) -> None:
    holder = await citizens.come("stanislaw", Window(320, script=False))
    await enter(holder, "mojeikp", "/device/.+")
    await holder.says("działa tylko z włączonym JavaScriptem")
    await open_with(holder, PIN)
    await holder.sign_out()
    await holder.open("mojeikp")
    await holder.send("/open/pin", pin="50817")
    await holder.says("Zostały 4 próby")
    await holder.send("/open/pin", pin=PIN)
    await holder.at("mojeikp", "/account")
    await holder.open("mojeikp", "/account/history")
    await holder.says("w aplikacji: PIN")


async def test_the_shell_works_without_a_network(citizens: Citizens) -> None:
    holder = await citizens.come("jan", Window(360))
    await holder.open("mojeikp")
    await holder.page.evaluate("navigator.serviceWorker.ready")
    await holder.page.context.set_offline(True)
    await holder.page.goto(citizens.demo.url("mojeikp", "/devices"))
    await holder.reads("Brak sieci")
    await holder.says("Recepty i wizyty nie są na nim zapisane")
    await holder.page.context.set_offline(False)

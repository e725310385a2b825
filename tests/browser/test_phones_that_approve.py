"""The phone app in a real browser with an authenticator: connecting a phone, approving, signing in, no network."""

import asyncio
import re
from typing import Any

import pytest
from playwright.async_api import expect

from tests.browser.citizen import Citizens
from tests.browser.handset import (
    at_the_code,
    choose_push,
    enrolled,
    handset,
    make_key,
    number_on,
    type_number,
)
from tests.support.axe import assert_accessible
from tests.support.browser import Window, Windows
from tests.support.waiting import PATIENCE

pytestmark = pytest.mark.browser

PWA_NEEDS_NO_MORE = {"in-incognito"}  # a test's window is a private one, where Chromium installs nothing
WHEN_SHOWN = """async () => {
  const worker = await navigator.serviceWorker.ready;
  for (;;) {
    const notices = await worker.getNotifications();
    if (notices.length) return notices.map((one) => one.body);
    await new Promise(requestAnimationFrame);
  }
}"""


async def test_connect_choose_push_and_approve(newcomers: Citizens, chromium_windows: Windows) -> None:
    """T4 and T5 from the beginning to the end; a page that goes on by itself keeps its title true and the focus."""
    owner = await newcomers.come("stanislaw")
    phone = await handset(chromium_windows, owner.demo.url("mobywatel"))
    code = await at_the_code(owner)
    give_up = owner.page.locator('form[action$="/cancel"] button')
    await give_up.focus()
    number = await make_key(owner, phone, code)
    await expect(owner.page.locator("h1")).to_have_text("Wpisz liczbę z telefonu")
    await expect(owner.page).to_have_title(re.compile("^Wpisz liczbę z telefonu"))
    await expect(give_up).to_be_focused()
    await phone.page.locator("h1").evaluate("h1 => { h1.tabIndex = -1; h1.focus() }")
    await type_number(owner, number)
    await expect(phone.page).to_have_title(re.compile("^Telefon jest połączony"))
    await expect(phone.page.locator("h1")).to_be_focused()
    await phone.page.locator('main a[href="/sign-in"]').click()
    await phone.use_key()
    await choose_push(owner, phone)
    await owner.says("Używasz teraz")
    await owner.open("pz", "/profile/extend")
    await owner.send("/profile/extend")
    await owner.send("/ask")
    number = await number_on(owner)
    await phone.page.goto(owner.demo.url("mobywatel"))
    await phone.page.locator(".p-tile a").click()
    await expect(phone.page.locator("[role=timer]")).to_contain_text(re.compile(r"\d+ s"))
    await phone.page.locator("#number").fill(number)
    await phone.owner_is_there(False)
    await phone.use_key()
    await expect(phone.page.locator("[data-key-status]")).to_contain_text("Telefon nie potwierdził")
    await phone.owner_is_there(True)
    await phone.use_key()
    await expect(phone.page.locator("h1")).to_contain_text("Potwierdzono")
    await owner.at("pz", "/profile")
    await phone.put_away()
    await owner.page.goto("about:blank")


async def test_refused_on_the_phone(newcomers: Citizens, chromium_windows: Windows) -> None:
    owner = await newcomers.come("stanislaw")
    phone = await handset(chromium_windows, owner.demo.url("mobywatel"))
    await enrolled(owner, phone)
    await owner.open("pz", "/settings/security/tools")
    seen = owner.messages()
    await owner.page.locator("main button[value=push]").click()
    await owner.type_code(await owner.new_message(seen))
    await phone.page.locator(".p-tile a").click()
    await phone.page.locator('form[action$="/refuse"] button').click()
    await expect(phone.page.locator("h1")).to_contain_text("Odmowa")
    await expect(owner.page.locator("h1")).not_to_contain_text("Potwierdź w aplikacji")
    await phone.put_away()
    await owner.page.goto("about:blank")


async def test_sign_in_on_the_phone_and_on_another_device(newcomers: Citizens, chromium_windows: Windows) -> None:
    """K1, both ways; the consent is given on the phone, so the other device is signed in at once."""
    owner = await newcomers.come("stanislaw")
    phone = await handset(chromium_windows, owner.demo.url("mobywatel"))
    await enrolled(owner, phone)
    await phone.page.goto(owner.demo.url("ikp"))
    await phone.page.locator('form[action$="/mobywatel"] button').click()
    await phone.page.locator("#consent").check()
    await phone.page.locator('form[action$="/consent"] button').first.click()
    await phone.page.locator('main a[href^="/requests/"]').click()
    await phone.use_key()
    await phone.page.locator("[data-await-answer] button").first.click()
    await expect(phone.page).to_have_url(re.compile(r"//ikp\.localhost:\d+/account"))

    await owner.open("ikp")
    await owner.send("/mobywatel")
    await owner.send("/sign-in/elsewhere")
    text = await owner.page.inner_text("main")
    code = re.search(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}", text)
    number = re.search(r"^\s*(\d\d)\s*$", text, re.MULTILINE)
    assert code is not None
    assert number is not None
    await phone.page.goto("about:blank")
    await phone.page.goto(owner.demo.url("mobywatel", f"/across#{code[0].replace('-', '')}"))
    await expect(phone.page.locator("h1")).to_contain_text("IKP")
    await phone.page.locator("#number").fill(number[1])
    await phone.use_key()
    await expect(phone.page.locator("h1")).to_contain_text("Potwierdzone")
    await expect(owner.page).to_have_url(re.compile(r"//ikp\.localhost:\d+/account"))
    await phone.put_away()
    await owner.page.goto("about:blank")


async def test_a_scanned_code_survives_unlocking_the_app(visitors: Citizens, chromium_windows: Windows) -> None:
    """The code stands behind the # of the address; the phone is asked for its key first, and has it still."""
    phone = await handset(chromium_windows, visitors.demo.url("mobywatel", "/across#ABCDEFGHJKMN"))
    await expect(phone.page.locator("#use")).to_be_visible()
    assert await phone.page.evaluate("sessionStorage.getItem('code')") == "ABCDEFGHJKMN"
    assert "ABCDEFGHJKMN" not in phone.page.url


async def test_without_a_script_the_app_says_what_is_missing(newcomers: Citizens, chromium_windows: Windows) -> None:
    owner = await newcomers.come("stanislaw")
    code = await at_the_code(owner)
    page = await chromium_windows.open(owner.demo.url("mobywatel", "/enrol"), Window(360, script=False))
    await page.locator("#code").fill(code)
    await page.locator('form[action="/enrol"] button').click()
    await expect(page.locator("main")).to_contain_text("tylko z włączonym JavaScriptem")
    await page.locator("#make").click()
    await expect(page.locator("[data-error-summary]")).to_be_visible()


async def test_a_phone_that_is_not_unlocked_makes_no_key(newcomers: Citizens, chromium_windows: Windows) -> None:
    owner = await newcomers.come("stanislaw")
    phone = await handset(chromium_windows, owner.demo.url("mobywatel"))
    await phone.owner_is_there(False)
    code = await at_the_code(owner)
    await phone.page.goto(owner.demo.url("mobywatel", f"/enrol#{code.replace('-', '')}"))
    await phone.use_key("#make")
    await expect(phone.page.locator("[data-key-status]")).to_contain_text("Telefon nie potwierdził")
    await phone.owner_is_there(True)
    await phone.use_key("#make")
    await expect(phone.page.locator("[data-number]")).to_have_text(re.compile(r"^\d{4}$"))
    await phone.put_away()
    await owner.page.goto("about:blank")


async def test_it_can_be_installed(visitors: Citizens, chromium_windows: Windows) -> None:
    phone = await handset(chromium_windows, visitors.demo.url("mobywatel"))
    await phone.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    told = await phone.line.send("Page.getAppManifest")
    assert told["errors"] == []
    missing = await phone.line.send("Page.getInstallabilityErrors")
    assert {one["errorId"] for one in missing["installabilityErrors"]} <= PWA_NEEDS_NO_MORE


async def test_without_a_network_the_shell_says_so_and_nothing_of_anybody_is_kept(
    newcomers: Citizens, chromium_windows: Windows
) -> None:
    owner = await newcomers.come("stanislaw")
    phone = await handset(chromium_windows, owner.demo.url("mobywatel"))
    await enrolled(owner, phone)
    await phone.page.goto(owner.demo.url("mobywatel", "/phones"))
    await expect(phone.page.locator("main")).to_contain_text("Ten telefon")
    await phone.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    kept = await phone.page.evaluate(
        "caches.keys().then((names) => Promise.all(names.map((name) => caches.open(name).then((one) => one.keys()))))"
        ".then((all) => all.flat().map((request) => new URL(request.url).pathname))"
    )
    assert "/offline" in kept
    assert all(path == "/offline" or path.startswith("/static/") for path in kept)
    text = await phone.page.evaluate("caches.match('/offline').then((answer) => answer.text())")
    assert "Stanisław" not in text
    await phone.page.context.set_offline(True)
    await phone.page.goto(owner.demo.url("mobywatel", "/history"))
    await expect(phone.page.locator("h1")).to_have_text("Brak sieci")
    await assert_accessible(phone.page)
    await phone.page.context.set_offline(False)
    await phone.page.locator('main a[href="/"]').click()
    await expect(phone.page.locator("h1")).to_have_text("Prośby, które czekają")
    await phone.put_away()
    await owner.page.goto("about:blank")


async def test_a_push_message_shows_a_notice_that_says_nothing(
    visitors: Citizens, whole_chromium_windows: Windows
) -> None:
    phone = await handset(whole_chromium_windows, visitors.demo.url("mobywatel"))
    await phone.page.context.grant_permissions(["notifications"])
    await phone.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    origin, activated = visitors.demo.origin("mobywatel"), asyncio.Event()
    registrations: list[str] = []

    def heard(told: dict[str, Any]) -> None:
        """A push message goes to a worker that has become active; before, the browser drops it without a word."""
        for one in told["versions"]:
            if one["status"] == "activated" and one["scriptURL"].startswith(origin):
                registrations.append(one["registrationId"])
                activated.set()

    phone.line.on("ServiceWorker.workerVersionUpdated", heard)
    await phone.line.send("ServiceWorker.enable")
    async with asyncio.timeout(PATIENCE):
        await activated.wait()
    shown = asyncio.create_task(phone.page.evaluate(WHEN_SHOWN))
    async with asyncio.timeout(PATIENCE):
        while not shown.done():  # a busy browser may drop a message to a worker that it has just called active
            order = {"origin": origin, "registrationId": registrations[-1], "data": '{"waiting":true}'}
            await phone.line.send("ServiceWorker.deliverPushMessage", order)
            await asyncio.wait((shown,), timeout=5)
    assert set(shown.result()) == {"Otwórz aplikację, aby ją zobaczyć."}


async def test_a_code_used_by_another_phone_first(newcomers: Citizens, chromium_windows: Windows) -> None:
    """Somebody photographed the screen and was quicker: the owner's phone says so, and the profile stops it."""
    owner = await newcomers.come("stanislaw")
    thief = await handset(chromium_windows, owner.demo.url("mobywatel"))
    phone = await handset(chromium_windows, owner.demo.url("mobywatel"))
    code = await at_the_code(owner)
    await make_key(owner, thief, code)
    await phone.page.goto(owner.demo.url("mobywatel", f"/enrol#{code.replace('-', '')}"))
    await expect(phone.page.locator("[data-error-summary]")).to_contain_text("został już użyty")
    await expect(owner.page.locator("#number")).to_be_visible()
    await owner.page.locator('form[action$="/cancel"] button').click()
    await owner.says("Nie masz połączonego telefonu")
    await expect(thief.page.locator("h1")).to_contain_text("Telefon nie został połączony")
    await thief.put_away()
    await phone.put_away()
    await owner.page.goto("about:blank")

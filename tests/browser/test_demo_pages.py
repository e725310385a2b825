"""The demonstration's own pages: the start page with its copy button and clock, and the phones."""

import pytest
from playwright.async_api import expect

from tests.browser.citizen import Citizens
from tests.support.browser import WITH_AND_WITHOUT_SCRIPT, Window

pytestmark = pytest.mark.browser


async def test_a_configuration_is_copied(visitors: Citizens) -> None:
    newcomer = await visitors.come("jan")
    await newcomer.open("start")
    await newcomer.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    block = newcomer.page.locator("[data-copy]").first
    await block.get_by_role("button").click()
    await expect(block.get_by_role("status")).to_have_text("Skopiowano")
    copied = await newcomer.page.evaluate("navigator.clipboard.readText()")
    assert copied == await block.locator("pre").inner_text()


async def test_without_a_script_no_button_promises_to_copy(visitors: Citizens) -> None:
    newcomer = await visitors.come("jan", Window(script=False))
    await newcomer.open("start")
    await expect(newcomer.page.locator("[data-copy] button").first).to_be_hidden()
    await expect(newcomer.page.locator("[data-copy] pre").first).to_contain_text("sandbox")


@pytest.mark.parametrize("window", WITH_AND_WITHOUT_SCRIPT, ids=str)
async def test_the_clock_is_moved_by_its_form(window: Window, citizens: Citizens) -> None:
    newcomer = await citizens.come("jan", window)
    await newcomer.open("start")
    await newcomer.page.locator("#custom").fill("P1M")
    await newcomer.press("Przesuń o ten okres")
    await expect(newcomer.page.locator("#custom-error")).to_contain_text("różną długość")
    before = citizens.demo.get("start", "/clock.json")["advanced_seconds"]
    await newcomer.press("O 5 minut")
    await newcomer.says("To więcej niż naprawdę o")
    assert citizens.demo.get("start", "/clock.json")["advanced_seconds"] == before + 300


@pytest.mark.parametrize(("key", "window"), [("helena", Window()), ("jan", Window(script=False))], ids=str)
async def test_a_code_shows_on_the_phone(key: str, window: Window, citizens: Citizens) -> None:
    """By itself with a script, by the link without; said to those who do not see it."""
    citizen = await citizens.come(key, window)
    phone = await citizen.other_tab()
    await phone.open("phone")
    person = citizen.person
    await phone.follow(f"{person['first_name']} {person['last_name']}")
    await phone.says("Nie ma jeszcze żadnej wiadomości")
    await citizen.to_consent()
    sms = await citizen.consent()
    await phone.page.bring_to_front()
    if window.script:
        await expect(phone.page.locator("[data-refresh-status]")).to_have_text("Przyszła nowa wiadomość.")
    else:
        await phone.follow("Sprawdź, czy jest coś nowego")
    await expect(phone.page.locator("main ol li")).to_have_count(1)
    await expect(phone.page.locator("main ol li")).to_contain_text(sms)

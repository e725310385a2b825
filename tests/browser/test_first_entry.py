"""A person enters the portal through the bank: the first time begun at the portal, and every later time.

With and without scripts in Chromium; in Firefox too, which must not need anything else (X2).
"""

import re

import pytest
from playwright.async_api import expect

from tests.browser.citizen import PANEL, Citizen, Citizens
from tests.support.browser import Window, Windows
from tests.support.server import Demo

pytestmark = pytest.mark.browser


async def enter_portal_first(citizen: Citizen) -> None:
    """By what stands on the buttons, as a person would (P1–P3, Z1–Z3)."""
    page, person = citizen.page, citizen.person
    await citizen.open("pue")
    await page.get_by_role("link", name="Bankowość elektroniczna").click()
    await page.get_by_role("button", name="Millenet").click()
    await citizen.reads("Logowanie do PUE")
    await citizen.sign_in()
    await citizen.at("millenet", "/release/.+")
    for fact in ("first_name", "last_name", "pesel"):
        await citizen.says(person[fact])
    box = page.get_by_role("checkbox", name="Wyrażam zgodę")
    await expect(box).not_to_be_checked()
    await citizen.press("Dalej")
    await citizen.says("Aby przejść dalej, zaznacz zgodę")
    sms = await citizen.consent()
    await expect_the_same(citizen, sms)
    await citizen.page.get_by_label(re.compile("Kod SMS nr")).fill(sms[-6:])
    await citizen.press("Zaloguj")
    await citizen.reads("Rejestracja w portalu")
    for fact in ("first_name", "last_name", "pesel"):
        await citizen.says(person[fact])
    await citizen.fill_form()
    await citizen.at("pue", PANEL)
    await citizen.says(f"{person['first_name']} {person['last_name']}")


async def expect_the_same(citizen: Citizen, sms: str) -> None:
    """The SMS is written as P3 says, and carries the number and the date that the page shows."""
    written = re.fullmatch(r"(\d\d-\d\d-\d{4}) \d\d:\d\d; (Logowanie do .+); Kod SMS nr (\d+): \d{6}", sms)
    assert written, "the SMS is not written as it should be"
    date, purpose, number = written.groups()
    await citizen.says(f"Operacja nr {number} z {date}")
    await citizen.says(purpose)


async def enter_again(citizen: Citizen) -> None:
    """Signed out of the portal, then in again: the bank asks nothing (P6); signed out of both: the sign-in alone."""
    await citizen.sign_out()
    await citizen.reads("Wylogowano z portalu")
    await citizen.open("pue", "/banks")
    await citizen.send("/banks/millenet")
    await citizen.at("pue", PANEL)
    await citizen.sign_out()
    await citizen.press("Wyloguj także z Millenet")
    await citizen.says("Wylogowano z portalu i z Millenet")
    await citizen.to_bank()
    await citizen.sign_in()
    await citizen.at("pue", PANEL)


@pytest.mark.parametrize(("key", "window"), [("jan", Window()), ("stanislaw", Window(script=False))], ids=str)
async def test_portal_first_and_again(key: str, window: Window, citizens: Citizens) -> None:
    citizen = await citizens.come(key, window)
    await enter_portal_first(citizen)
    await enter_again(citizen)


async def test_portal_first_and_again_in_firefox(fresh_demo: Demo, firefox_windows: Windows) -> None:
    helena = await Citizens(fresh_demo, firefox_windows).come("helena")
    await enter_portal_first(helena)
    await enter_again(helena)


async def test_portal_first_and_again_in_the_whole_of_chromium(
    fresh_demo: Demo, whole_chromium_windows: Windows
) -> None:
    krzysztof = await Citizens(fresh_demo, whole_chromium_windows).come("krzysztof")
    await enter_portal_first(krzysztof)
    await enter_again(krzysztof)

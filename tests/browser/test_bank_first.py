"""Entering the portal from the bank's services page, and the form that a first entry ends with.

The portal makes the request all the same (P1): the bank only says that its customer would like to come.
"""

import re

import pytest
from playwright.async_api import expect

from tests.browser.citizen import PANEL, Citizens
from tests.support.browser import Window

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(("key", "window"), [("jan", Window()), ("stanislaw", Window(script=False))], ids=str)
async def test_bank_first(key: str, window: Window, citizens: Citizens) -> None:
    citizen = await citizens.come(key, window)
    await citizen.sign_in_at_bank()
    await citizen.open("millenet", "/finances")
    await citizen.follow("Produkty i Usługi")
    await citizen.follow("Usługi")
    await citizen.page.locator("main .govuk-button").get_by_text("Zaloguj").click()
    await citizen.reads("Logowanie do PUE")
    await citizen.type_code(await citizen.consent())
    await citizen.reads("Rejestracja w portalu")
    await citizen.fill_form()
    await citizen.at("pue", PANEL)


@pytest.mark.parametrize(("key", "window"), [("helena", Window()), ("krzysztof", Window(script=False))], ids=str)
async def test_the_form_tells_every_fault_and_loses_nothing(key: str, window: Window, citizens: Citizens) -> None:
    citizen = await citizens.come(key, window)
    await citizen.to_consent()
    await citizen.type_code(await citizen.consent())
    await citizen.send("/form", phone="600 20", email="helena@poczta.example", email_again="halina@poczta.example")
    summary = citizen.page.locator("[data-error-summary] li")
    await expect(summary).to_have_count(4)
    await expect(citizen.page).to_have_title(re.compile("^Błąd: "))
    await expect(citizen.page.locator("#phone")).to_have_value("600 20")
    await citizen.tick("electronic_information")
    await citizen.send("/form", phone="600201199", email_again="helena@poczta.example")
    await expect(citizen.page.locator("#electronic_information")).to_be_checked()
    await citizen.fill_form()
    await citizen.at("pue", PANEL)

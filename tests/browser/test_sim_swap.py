"""A new SIM card stops codes by SMS, and the page leads on with another tool (P10, P3)."""

import re

import pytest
from playwright.async_api import expect

from tests.browser.citizen import Citizen, Citizens
from tests.browser.look import BOTH_LANGUAGES, WINDOWS, Looks
from tests.support.browser import WITH_AND_WITHOUT_SCRIPT, Window

pytestmark = pytest.mark.browser


async def to_refusal(citizen: Citizen) -> None:
    """At Inteligo, whose customers' operator is asked: signed in, consented, and no code."""
    await citizen.open("pue", "/banks")
    await citizen.send("/banks/inteligo")
    account = citizen.account("inteligo")
    await citizen.send("/password", number=account["login"], password=account["password"])
    await citizen.page.locator("#consent").check()
    await citizen.send("/consent")
    await expect(citizen.page.locator('main button[name="tool"]')).to_be_visible()


@pytest.mark.parametrize("window", WITH_AND_WITHOUT_SCRIPT, ids=str)
async def test_the_code_card_leads_on(window: Window, visitors: Citizens) -> None:
    citizen = await visitors.come("barbara", window)
    await to_refusal(citizen)
    await citizen.says("Twoja karta SIM została niedawno wymieniona")
    await citizen.says("Infolinia (Inteligo)")
    await citizen.press("Użyj karty kodów")
    await citizen.reads("Potwierdź kodem z karty")
    await expect(citizen.page.locator("main")).to_contain_text(re.compile(r"Kod\snr\s1\sz\skarty\s\d{4}\s\d{4}"))
    assert not citizen.messages(), "a code went by SMS"
    await citizen.page.locator('button[formaction$="/cancel"]').click()
    await citizen.at("pue", "/not-signed-in/inteligo/cancelled")


@BOTH_LANGUAGES
async def test_looks(language: str, looks: Looks, citizens: Citizens) -> None:
    citizen = await citizens.come("barbara", WINDOWS[language])
    await to_refusal(citizen)
    await looks.at(citizen, "sim-replaced")
    await citizen.page.locator('main button[name="tool"]').click()
    await expect(citizen.page.locator("#code")).to_be_visible()
    await looks.at(citizen, "card-instead")

"""A consent withdrawn at the bank ends the portal session that rests on it; Uaktywnij starts anew (P7, Z10)."""

import pytest

from tests.browser.citizen import PANEL, Citizen, Citizens
from tests.support.browser import Window
from tests.support.waiting import looks_again

pytestmark = pytest.mark.browser


async def turned_away(citizen: Citizen) -> None:
    """The portal hears it by the back channel, a moment later."""
    async for _ in looks_again():
        await citizen.open("pue", PANEL)
        if "/dashboard" not in citizen.page.url:
            return
    raise AssertionError("the portal session goes on")


@pytest.mark.parametrize(("key", "window"), [("jan", Window()), ("stanislaw", Window(script=False))], ids=str)
async def test_withdrawn_and_activated_again(key: str, window: Window, citizens: Citizens) -> None:
    portal = await citizens.come(key, window)
    await portal.enter_first()
    bank = await portal.other_tab()
    await bank.open("millenet")
    await bank.page.get_by_role("link", name="Ustawienia", exact=True).first.click()
    await bank.follow("Ustawienia zabezpieczeń")
    await bank.follow("Zgody na usługi dodatkowe")
    await bank.follow("Wycofaj zgodę")
    await bank.says("zakończy sesje, które zaczęły się dzięki tej zgodzie")
    await bank.press("Wycofaj zgodę")
    await bank.says("Zgoda została wycofana")
    await turned_away(portal)
    await portal.says("Twoja sesja się zakończyła")
    await bank.page.get_by_role("button", name="Uaktywnij").click()
    await bank.reads("Logowanie do PUE")
    await bank.type_code(await bank.consent())
    await bank.at("pue", PANEL)
    await bank.open("millenet", "/settings/security/consents")
    await bank.says("Obowiązuje")


@pytest.mark.parametrize(("key", "window"), [("helena", Window()), ("krzysztof", Window(script=False))], ids=str)
async def test_signing_out_says_what_became_of_the_bank_session(key: str, window: Window, citizens: Citizens) -> None:
    citizen = await citizens.come(key, window)
    await citizen.enter_first()
    await citizen.sign_out()
    await citizen.says("Twoja sesja nadal tam trwa: Millenet")
    await citizen.open("millenet")
    await citizen.at("millenet", "/")
    await citizen.page.go_back()
    await citizen.press("Wyloguj także z Millenet")
    await citizen.says("Wylogowano z portalu i z Millenet")
    await citizen.open("millenet")
    await citizen.at("millenet", "/sign-in/.+")
    await citizen.open("pue", PANEL)
    await citizen.at("pue", "/")

"""The bank cannot vouch: it says why and what to do, before any data goes; the portal learns no reason (P8, P10)."""

import pytest
from playwright.async_api import expect

from tests.browser.citizen import Citizens
from tests.support.browser import WITH_AND_WITHOUT_SCRIPT, Window

pytestmark = pytest.mark.browser

WHY = {
    "piotr": "nie została jeszcze potwierdzona osobiście",
    "ewa": "Nie masz u nas rachunku bieżącego",
    "marek": "nie jesteś jego właścicielem ani współwłaścicielem",
    "zofia": "Nie masz włączonych haseł SMS",
    "olena": "nie ma Twojego numeru PESEL",
    "tomasz": "Numer PESEL w naszych danych jest niepoprawny",
    "barbara": "Twoja karta SIM została niedawno wymieniona",
}


@pytest.mark.parametrize("window", WITH_AND_WITHOUT_SCRIPT, ids=str)
@pytest.mark.parametrize("key", WHY)
async def test_the_bank_says_why_and_the_portal_does_not_know(key: str, window: Window, visitors: Citizens) -> None:
    citizen = await visitors.come(key, window)
    await citizen.to_bank()
    await citizen.sign_in()
    await citizen.reads("Nie możemy potwierdzić Twojej tożsamości")
    await expect(citizen.page.locator("h2").first).to_contain_text(WHY[key])
    await citizen.says("Infolinia (Millenet)")
    await expect(citizen.page.locator("#consent")).to_have_count(0)
    await citizen.follow("Wróć do PUE")
    await citizen.at("pue", "/not-signed-in/millenet/refused")
    await citizen.says("Powód jest na tamtej stronie; my go nie znamy")
    assert WHY[key] not in " ".join((await citizen.page.locator("main").inner_text()).split())
    assert not citizen.messages(), "a refused person was sent a code"

"""Two browsers of one person: the list in one of them ends what the other has open, with and without scripts."""

import pytest
from playwright.async_api import expect

from tests.browser.citizen import Citizen, Citizens
from tests.browser.look import BOTH_LANGUAGES, WINDOWS, Looks
from tests.browser.patient import enter, open_with
from tests.support.browser import Window

pytestmark = pytest.mark.browser
AT_BANK = "/settings/security/sessions"


async def two_at_the_bank(citizens: Citizens, key: str, window: Window) -> tuple[Citizen, Citizen]:
    """The same person in two browsers; in the second the list is open."""
    first, second = await citizens.come(key, window), await citizens.come(key, window)
    for one in (first, second):
        await one.sign_in_at_bank()
    await second.open("millenet", "/settings/security")
    await second.page.locator(f'main a[href="{AT_BANK}"]').first.click()
    return first, second


@pytest.mark.parametrize(("key", "window"), [("jan", Window()), ("anna", Window(script=False))], ids=str)
async def test_the_others_are_signed_out_and_this_one_stays(key: str, window: Window, citizens: Citizens) -> None:
    first, second = await two_at_the_bank(citizens, key, window)
    await expect(second.page.locator("main section.p-card")).to_have_count(2)
    await second.send("/end-others")
    await second.says("Pozostałe sesje są zakończone.")
    await expect(second.page.locator("main section.p-card")).to_have_count(1)
    await first.open("millenet")
    await first.at("millenet", "/sign-in/.+")


async def test_one_session_is_ended(citizens: Citizens) -> None:
    first, second = await two_at_the_bank(citizens, "helena", Window())
    await second.send("/end")
    await second.says("Sesja jest zakończona.")
    await first.open("millenet")
    await first.at("millenet", "/sign-in/.+")


@BOTH_LANGUAGES
async def test_looks_of_the_list(language: str, looks: Looks, newcomers: Citizens) -> None:
    _, citizen = await two_at_the_bank(newcomers, "jan", WINDOWS[language])
    await looks.at(citizen, "sessions")
    await citizen.send("/end-others")
    await looks.at(citizen, "sessions-others-ended")
    other = await newcomers.come("helena", WINDOWS[language])
    await other.enter_first()
    await looks.at(other, "sessions-portal", "/settings/sessions")
    holder = await newcomers.come("stanislaw", WINDOWS[language])
    await enter(holder, "ikp", "/account")
    await looks.at(holder, "sessions-ikp", "/account/sessions", "ikp")
    await looks.at(holder, "sessions-pz", AT_BANK, "pz")
    await enter(holder, "mojeikp", "/device/.+", known=True)
    await open_with(holder, "73921")
    await looks.at(holder, "sessions-mojeikp", "/account/sessions", "mojeikp")

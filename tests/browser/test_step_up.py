"""A stronger sign-in on the way to a page with insured data, in a real browser (RFC 9470)."""

import pytest

from tests.browser.citizen import PANEL, Citizen, Citizens
from tests.browser.look import BOTH_LANGUAGES, WINDOWS, Looks
from tests.support.browser import ON_A_DESK, WITH_AND_WITHOUT_SCRIPT, Window

pytestmark = pytest.mark.browser


async def weakly_inside(citizens: Citizens, window: Window = ON_A_DESK) -> Citizen:
    """Somebody who has agreed before and now came with a password alone (P6)."""
    before = await citizens.come("jan")
    await before.enter_first()
    later = await citizens.come("jan", window)
    await later.to_bank()
    await later.sign_in()
    await later.at("pue", PANEL)
    return later


@pytest.mark.parametrize("window", WITH_AND_WITHOUT_SCRIPT, ids=str)
async def test_a_code_and_straight_to_the_page(window: Window, newcomers: Citizens) -> None:
    citizen = await weakly_inside(newcomers, window)
    await citizen.open("pue", "/dashboard/insured")
    await citizen.at("pue", "/step-up")
    await citizen.reads("Potrzebne mocniejsze potwierdzenie")
    await citizen.press("Millenet")
    await citizen.at("millenet", "/release/.+")
    seen = citizen.messages()
    await citizen.send("/operation")
    await citizen.type_code(await citizen.new_message(seen))
    await citizen.at("pue", "/dashboard/insured")


@BOTH_LANGUAGES
async def test_looks_of_the_page_that_asks(newcomers: Citizens, looks: Looks, language: str) -> None:
    citizen = await weakly_inside(newcomers, WINDOWS[language])
    await citizen.open("pue", "/dashboard/insured")
    await looks.at(citizen, "step-up")

"""The portal's session counts down, warns, is extended, ends; and what was typed into a form is still there (Z8).

The demo's clock and the page's own are moved together.
"""

import re

import pytest
from playwright.async_api import expect

from tests.browser.citizen import PANEL, Citizen, Citizens
from tests.support.axe import assert_accessible
from tests.support.browser import Window

pytestmark = pytest.mark.browser

TYPED = "Czy okres pracy z 2019 roku jest policzony?\nZażółć gęślą jaźń."


async def test_the_page_counts_down_warns_and_extends(citizens: Citizens) -> None:
    jan = await citizens.come("jan")
    await jan.enter_first()
    await jan.page.clock.install()
    await jan.open("pue", PANEL)
    box = jan.page.locator("[data-session]")
    shown, said = box.locator("[data-session-text]"), box.locator("[data-session-live]")
    await expect(shown).to_have_text("Do końca sesji: 15 min")
    await expect(said).to_be_empty()
    await move(jan, "PT13M30S", "13:30")
    await expect(shown).to_have_text(re.compile(r"Do końca sesji: (2 min|\d\d s)"))
    await expect(said).to_have_text(re.compile("Do końca sesji pozostało .+ Możesz ją przedłużyć"))
    await expect(box).to_have_class(re.compile("p-session--warning"))
    await jan.press("Przedłuż sesję")
    await expect(said).to_have_text(re.compile("Sesja została przedłużona"))
    await expect(shown).to_have_text("Do końca sesji: 15 min")
    await expect(box).not_to_have_class(re.compile("p-session--warning"))
    await jan.page.locator("main a").first.focus()
    await move(jan, "PT15M1S", "15:01")
    await expect(jan.page.locator("h1")).to_be_focused()
    await expect(jan.page).to_have_title("Sesja wygasła.")
    await expect(jan.page.get_by_role("button", name="Przedłuż sesję")).to_be_hidden()
    for personal in (jan.person["last_name"], jan.person["phone"]):
        await expect(jan.page.locator("body")).not_to_contain_text(personal)
    await assert_accessible(jan.page)
    await jan.follow("Zaloguj się ponownie")
    await jan.says("Twoja sesja się zakończyła")


async def test_an_open_form_leaves_the_screen_with_its_session_and_is_there_again(
    citizens: Citizens,
) -> None:
    lukasz = await citizens.come("lukasz", Window(390))
    await lukasz.enter_first()
    await lukasz.page.clock.install()
    await lukasz.open("pue", "/question")
    await lukasz.page.locator("#subject").select_option("insurance")
    await lukasz.page.locator("#body").fill(TYPED)
    await move(lukasz, "PT13M30S", "13:30")
    warning = lukasz.page.locator("[data-session]")
    await lukasz.page.evaluate("scrollTo(0, document.body.scrollHeight)")
    await expect(warning).to_be_in_viewport()
    await move(lukasz, "PT1M31S", "01:31")
    await expect(lukasz.page.locator("#body")).to_be_hidden()
    await lukasz.press("Zaloguj się ponownie i wróć do tego formularza")
    await lukasz.says("Twój formularz nie przepadł")


async def move(citizen: Citizen, period: str, on_page: str) -> None:
    citizen.demo.advance(period)
    await citizen.page.clock.fast_forward(on_page)


async def test_without_a_script_the_time_stands_there_and_a_button_extends(citizens: Citizens) -> None:
    stanislaw = await citizens.come("stanislaw", Window(script=False))
    await stanislaw.enter_first()
    shown = stanislaw.page.locator("[data-session-text]")
    before = await shown.inner_text()
    assert re.fullmatch(r"Sesja wygaśnie o\s\d\d:\d\d\.", before)
    citizens.demo.advance("PT10M")
    await stanislaw.press("Przedłuż sesję")
    await stanislaw.at("pue", PANEL)
    await expect(shown).not_to_have_text(before)
    citizens.demo.advance("PT10M")
    await stanislaw.page.reload()
    await stanislaw.at("pue", PANEL)
    citizens.demo.advance("PT16M")
    await stanislaw.page.reload()
    await stanislaw.says("Twoja sesja się zakończyła")


@pytest.mark.parametrize(("key", "window"), [("helena", Window()), ("krzysztof", Window(script=False))], ids=str)
async def test_a_question_outlives_its_session(key: str, window: Window, citizens: Citizens) -> None:
    citizen = await citizens.come(key, window)
    await citizen.enter_first()
    await citizen.open("pue", "/question")
    await citizen.page.locator("#subject").select_option("insurance")
    await citizen.page.locator("#body").fill(TYPED)
    citizens.demo.advance("PT16M")
    await citizen.press("Wyślij pytanie")
    await citizen.says("Twój formularz nie przepadł")
    await citizen.to_bank_again()
    await citizen.at("pue", PANEL)
    await citizen.follow("Wróć do pytania")
    await expect(citizen.page.locator("#body")).to_have_value(TYPED)
    await expect(citizen.page.locator("#subject")).to_have_value("insurance")
    await citizen.press("Wyślij pytanie")
    await citizen.says("Pytanie zostało przyjęte")
    await citizen.says("Zażółć gęślą jaźń.")

"""The bank's own app: approved, refused, lapsed; the tool changed and lost; with and without a script (P3, T5)."""

import pytest
from playwright.async_api import expect

from tests.browser.app import (
    TOOLS,
    agree,
    approve,
    at_bank,
    number_on,
    question_of,
    refuse,
    to_consent,
    tool_button,
)
from tests.browser.citizen import Citizen, Citizens, code_in
from tests.support.browser import Window

pytestmark = pytest.mark.browser

BANK = "ipko"
BOTH = pytest.mark.parametrize("window", [Window(), Window(320, script=False)], ids=str)


async def look(citizen: Citizen, window: Window) -> None:
    """With a script the page sees the answer by itself; without, its button does."""
    if not window.script:
        await citizen.send("/push")


@BOTH
async def test_the_number_of_the_page_is_typed_in_the_app(window: Window, newcomers: Citizens) -> None:
    citizen = await newcomers.come("helena", window)
    phone = await citizen.other_tab()
    await to_consent(citizen, BANK)
    await agree(citizen)
    await citizen.reads("Potwierdź w aplikacji")
    await approve(citizen, phone)
    await phone.reads("Potwierdzone")
    await citizen.page.bring_to_front()
    await look(citizen, window)
    await citizen.at("pue", "/entry/.+")


@BOTH
async def test_a_refusal_a_new_question_a_pause_and_another_tool(window: Window, newcomers: Citizens) -> None:
    citizen = await newcomers.come("anna", window)
    phone = await citizen.other_tab()
    await to_consent(citizen, BANK)
    await agree(citizen)
    await refuse(citizen, phone)
    await look(citizen, window)
    await citizen.reads("Odmowa w aplikacji")
    await tool_button(citizen, "push").click()
    await citizen.reads("Potwierdź w aplikacji")
    await citizen.says("Operacja nr 2")
    await refuse(citizen, phone)
    await look(citizen, window)
    await citizen.reads("Przerwa")
    await expect(tool_button(citizen, "push")).to_have_count(0)
    seen = citizen.messages()
    await tool_button(citizen, "sms").click()
    await citizen.type_code(await citizen.new_message(seen))
    await citizen.at("pue", "/entry/.+")


@BOTH
async def test_a_wrong_number_a_late_answer_and_a_second_tab(window: Window, newcomers: Citizens) -> None:
    citizen = await newcomers.come("helena", window)
    phone = await citizen.other_tab()
    await to_consent(citizen, BANK)
    await agree(citizen)
    second = await citizen.other_tab()
    await to_consent(second, BANK)
    await agree(second)
    await second.reads("Inna prośba czeka")
    number = await number_on(citizen)
    await question_of(citizen, phone)
    await phone.send("/approve", number="x")
    await expect(phone.page.locator("#number-error")).to_contain_text("Ta próba się nie liczy")
    await phone.send("/approve", number="10" if number != "10" else "11")
    await phone.reads("Odmowa przyjęta")
    await citizen.page.bring_to_front()
    await look(citizen, window)
    await citizen.reads("Inna liczba")
    await tool_button(citizen, "push").click()
    number = await number_on(citizen)
    await question_of(citizen, phone)
    newcomers.demo.advance("PT2M")
    await phone.send("/approve", number=number)
    await phone.reads("Prośba wygasła")
    await citizen.page.bring_to_front()
    await look(citizen, window)
    await citizen.reads("wygasła")


async def test_going_back_and_loading_again_show_the_same_question(newcomers: Citizens) -> None:
    citizen = await newcomers.come("helena")
    phone = await citizen.other_tab()
    await to_consent(citizen, BANK)
    await agree(citizen)
    number = await number_on(citizen)
    await citizen.page.reload()
    assert await number_on(citizen) == number
    await citizen.page.go_back()
    await citizen.page.go_forward()
    await citizen.page.reload()
    assert await number_on(citizen) == number
    await approve(citizen, phone)
    await citizen.page.bring_to_front()
    await citizen.at("pue", "/entry/.+")
    await citizen.page.go_back()
    await citizen.reads("To logowanie już się zakończyło")
    await expect(citizen.page.locator("main dd")).to_have_count(0)  # where the number stood


@BOTH
async def test_the_tool_is_changed_and_the_old_one_lost(window: Window, newcomers: Citizens) -> None:
    citizen = await newcomers.come("jan", window)
    phone = await citizen.other_tab()
    await at_bank(citizen, BANK, TOOLS)
    seen = citizen.messages()
    await tool_button(citizen, "push").click()
    await citizen.reads("Potwierdź kodem SMS")
    await citizen.says("Krok 1 z 2")
    await citizen.send("/code", code=code_in(await citizen.new_message(seen)))
    await citizen.reads("Potwierdź w aplikacji")
    await citizen.says("Krok 2 z 2")
    await approve(citizen, phone)
    await citizen.page.bring_to_front()
    await look(citizen, window)
    await citizen.at(BANK, TOOLS)
    await citizen.says("Od teraz operacje potwierdza: Aplikacja w telefonie")
    await citizen.follow("Zablokuj metodę")
    await citizen.page.locator('[name="tool"][value="push"]').check()
    await citizen.send("/lost", password="wrong")
    await citizen.says("To nie jest Twoje hasło")
    await citizen.send("/lost", password=citizen.account(BANK)["password"])
    await citizen.says("Zablokowane: Aplikacja w telefonie")
    await citizen.says("Jeszcze nie działa")
    await citizen.says("Inna metoda zadziała od chwili")
    await tool_button(citizen, "push").click()
    await citizen.says("Odblokowanie: Aplikacja w telefonie")
    await approve(citizen, phone)
    await citizen.page.bring_to_front()
    await look(citizen, window)
    await citizen.at(BANK, TOOLS)
    await citizen.says("Odblokowane: Aplikacja w telefonie")

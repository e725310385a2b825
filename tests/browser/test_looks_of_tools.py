"""Every page about authorisation tools in every state: axe finds nothing (WCAG 2.2 AA).

The app's question at the bank and on the phone, the list of tools, a change, a loss, and the page of a code card.
"""

import pytest
from playwright.async_api import expect

from tests.browser.app import TOOLS, agree, approve, at_bank, number_on, question_of, refuse, to_consent, tool_button
from tests.browser.citizen import Citizen, Citizens, code_in
from tests.browser.look import BOTH_LANGUAGES, WINDOWS, Looks

pytestmark = pytest.mark.browser


@BOTH_LANGUAGES
async def test_the_question_in_the_app(language: str, looks: Looks, newcomers: Citizens) -> None:
    citizen = await newcomers.come({"pl": "helena", "en": "anna"}[language], WINDOWS[language])
    phone = await citizen.other_tab()
    await to_consent(citizen, "ipko")
    await agree(citizen)
    await looks.at(citizen, "push-waiting")
    second = await citizen.other_tab()
    await to_consent(second, "ipko")
    await agree(second)
    await looks.at(second, "push-busy")
    await second.page.close()
    await phone.open("phone", f"/{citizen.key}")
    await expect(phone.page.locator('main a[href*="/requests/"]')).to_have_count(1)
    await looks.at(phone, "inbox-with-question")
    await question_of(citizen, phone)
    await looks.at(phone, "question")
    await phone.send("/approve", number="7")
    await looks.at(phone, "question-faults")
    await refuse(citizen, phone)
    await looks.at(phone, "question-refused")
    await citizen.page.bring_to_front()
    await expect(tool_button(citizen, "push")).to_have_count(1)
    await looks.at(citizen, "push-refused")
    await tool_button(citizen, "push").click()
    number = await number_on(citizen)
    await question_of(citizen, phone)
    await phone.send("/approve", number="10" if number != "10" else "11")
    await citizen.page.bring_to_front()
    await expect(tool_button(citizen, "sms")).to_have_count(1)
    await looks.at(citizen, "push-paused")
    newcomers.demo.advance("PT15M")
    await to_consent(citizen, "ipko")
    await agree(citizen)
    await question_of(citizen, phone)
    newcomers.demo.advance("PT2M")
    await phone.page.reload()
    await looks.at(phone, "question-lapsed")
    await citizen.page.reload()
    await looks.at(citizen, "push-lapsed")


@BOTH_LANGUAGES
async def test_the_tools_a_change_and_a_loss(language: str, looks: Looks, newcomers: Citizens) -> None:
    citizen = await newcomers.come("jan", WINDOWS[language])
    phone = await citizen.other_tab()
    await at_bank(citizen, "ipko", TOOLS)
    await looks.at(citizen, "tools")
    seen = citizen.messages()
    await tool_button(citizen, "push").click()
    await looks.at(citizen, "change-code")
    await citizen.send("/code", code="1")
    await looks.at(citizen, "change-code-faults")
    await citizen.send("/code", code=code_in(await citizen.new_message(seen)))
    await number_on(citizen)
    await looks.at(citizen, "change-push")
    await approve(citizen, phone)
    await looks.at(phone, "question-approved")
    await citizen.page.bring_to_front()
    await citizen.at("ipko", TOOLS)
    await looks.at(citizen, "tools-changed")
    await looks.at(citizen, "lost", f"{TOOLS}/lost", "ipko")
    await citizen.send("/lost", password="")
    await looks.at(citizen, "lost-faults")
    await citizen.page.locator('[name="tool"][value="push"]').check()
    await citizen.send("/lost", password=citizen.account("ipko")["password"])
    await looks.at(citizen, "tools-blocked")
    await tool_button(citizen, "push").click()
    await looks.at(citizen, "undo-push")
    await citizen.press({"pl": "Anuluj", "en": "Cancel"}[language])
    await citizen.at("ipko", TOOLS)
    await citizen.page.go_back()
    await citizen.page.reload()
    await looks.at(citizen, "change-cancelled")
    await looks.at(citizen, "lost-sms", f"{TOOLS}/lost", "ipko")
    await citizen.page.locator('[name="tool"][value="sms"]').check()
    await citizen.send("/lost", password=citizen.account("ipko")["password"])
    await looks.at(citizen, "tools-none-left")
    await to_consent_refused(citizen, looks)


async def to_consent_refused(citizen: Citizen, looks: Looks) -> None:
    """Nothing is left to authorise with: the release says so."""
    await citizen.open("pue", "/banks")
    await citizen.send("/banks/ipko")
    await citizen.at("ipko", "/release/.+")
    await looks.at(citizen, "refused-tool-blocked")


@BOTH_LANGUAGES
async def test_a_code_card(language: str, looks: Looks, newcomers: Citizens) -> None:
    citizen = await newcomers.come("stanislaw", WINDOWS[language])
    await at_bank(citizen, "inteligo", TOOLS)
    await looks.at(citizen, "tools-card")
    await to_consent(citizen, "inteligo")
    await agree(citizen)
    await looks.at(citizen, "card")
    await citizen.send("/code", code="000000")
    await expect(citizen.page.locator("#code-error")).to_be_visible()
    await looks.at(citizen, "card-wrong")

"""Every page of the bank, of a release and of a first entry in every state: axe finds nothing (WCAG 2.2 AA).

Walks in Polish (320 and 1280 px, light and dark) and in English (a narrow light one and a wide dark one).
"""

import pytest
from playwright.async_api import expect

from tests.browser.citizen import Citizen, Citizens, code_in, wrong_code
from tests.browser.look import BOTH_LANGUAGES, WINDOWS, Looks, open_everything

pytestmark = pytest.mark.browser


@BOTH_LANGUAGES
async def test_the_bank(language: str, looks: Looks, citizens: Citizens) -> None:
    citizen = await citizens.come({"pl": "marek", "en": "zofia"}[language], WINDOWS[language])
    await looks.at(citizen, "sign-in", "/", "millenet")
    await citizen.send("/number", number="12")
    await looks.at(citizen, "sign-in-faults")
    await citizen.send("/number", number=citizen.account()["login"])
    await expect(citizen.page.locator("#password")).to_be_visible()
    await looks.at(citizen, "characters")
    await citizen.send("/password", password="")
    await looks.at(citizen, "characters-faults")
    await look_behind_the_bank(citizen, looks)
    await citizen.sign_out()
    await citizen.at("millenet", "/signed-out")
    await looks.at(citizen, "signed-out")
    if language == "pl":
        await lock(citizen)
        await looks.at(citizen, "locked")


async def look_behind_the_bank(citizen: Citizen, looks: Looks) -> None:
    await citizen.sign_in_at_bank()
    await looks.at(citizen, "home")
    for path in ("finances", "finances/products", "finances/services", "settings", "settings/security"):
        await looks.at(citizen, path.replace("/", "-"), f"/{path}", "millenet")
    await looks.at(citizen, "consents-none", "/settings/security/consents", "millenet")
    for path in ("safety", "help", "nowhere"):
        await looks.at(citizen, path, f"/{path}", "millenet")
    await looks.at(citizen, "request-refused", "/authorize?client_id=nobody", "millenet")
    await looks.at(citizen, "stale-release", "/release/nothing", "millenet")
    await looks.at(citizen, "stale-sign-in", "/sign-in/nothing", "millenet")
    await looks.at(citizen, "end-session", "/end-session?client_id=sandbox", "millenet")


async def lock(citizen: Citizen) -> None:
    """Ten wrong passwords, each after the wait that the one before it brought."""
    await citizen.open("millenet")
    await citizen.send("/number", number=citizen.account()["login"])
    for _ in range(10):
        citizen.demo.advance("PT31S")
        for box in await citizen.page.locator('input[name^="characters_"]').all():
            await box.fill("0")
        await citizen.send("/password", password="wrong")
    await expect(citizen.page.locator(".p-banner--warning")).to_be_visible()


@BOTH_LANGUAGES
async def test_the_release_and_the_entry(language: str, looks: Looks, citizens: Citizens) -> None:
    citizen = await citizens.come({"pl": "helena", "en": "stanislaw"}[language], WINDOWS[language])
    await citizen.to_bank()
    await looks.at(citizen, "sign-in-for")
    await citizen.sign_in()
    await citizen.at("millenet", "/release/.+")
    await looks.at(citizen, "consent")
    await citizen.send("/consent")
    await open_everything(citizen)
    await looks.at(citizen, "consent-faults")
    await look_at_codes(citizen, looks)
    await citizen.to_bank_again()
    sms = await citizen.consent()
    citizens.demo.advance("PT6M")
    await citizen.type_code(sms)
    await expect(citizen.page.locator('main form[action$="/operation"] button').first).to_be_visible()
    await looks.at(citizen, "code-lapsed")
    citizens.demo.advance("PT25M")
    await citizen.page.reload()
    await expect(citizen.page.locator('main a[href$="/leave"]')).to_be_visible()
    await looks.at(citizen, "expired")
    await look_at_the_form(citizen, looks)
    await looks.at(citizen, "consents", "/settings/security/consents", "millenet")
    await citizen.page.locator("main a.govuk-button").click()
    await citizen.at("millenet", ".+/withdraw")
    await looks.at(citizen, "withdraw")
    await citizen.send("/withdraw")
    await expect(citizen.page.locator(".govuk-notification-banner--success")).to_be_visible()
    await looks.at(citizen, "withdrawn")


async def look_at_codes(citizen: Citizen, looks: Looks) -> None:
    sms = await citizen.consent()
    await looks.at(citizen, "code")
    await citizen.send("/code", code="12")
    await looks.at(citizen, "code-six-digits")
    await citizen.send("/code", code=wrong_code(code_in(sms)))
    await looks.at(citizen, "code-wrong")
    await citizen.page.locator('button[formaction$="/new-code"]').click()
    await looks.at(citizen, "code-too-soon")
    await looks.at(await citizen.other_tab(), "phone", f"/{citizen.key}", "phone")
    for _ in range(2):
        await citizen.send("/code", code=wrong_code(code_in(sms)))
    await expect(citizen.page.locator('main a[href$="/leave"]')).to_be_visible()
    await looks.at(citizen, "aborted")
    await looks.at(citizen, "banks-remembered", "/banks")


async def look_at_the_form(citizen: Citizen, looks: Looks) -> None:
    await citizen.to_bank_again()
    await citizen.type_code(await citizen.consent())
    await citizen.at("pue", "/entry/.+")
    await looks.at(citizen, "form")
    await citizen.send("/form", phone="12", email="nobody", email_again="somebody")
    await open_everything(citizen)
    await looks.at(citizen, "form-faults")


@BOTH_LANGUAGES
async def test_refusals(language: str, looks: Looks, citizens: Citizens) -> None:
    for key in ("piotr", "barbara"):
        citizen = await citizens.come(key, WINDOWS[language])
        await citizen.to_bank()
        await citizen.sign_in()
        await expect(citizen.page.locator('main a[href$="/leave"]')).to_be_visible()
        await looks.at(citizen, f"refused-{key}")
    citizen = await citizens.come({"pl": "maria", "en": "agnieszka"}[language], WINDOWS[language])
    await citizen.to_consent()
    await citizen.type_code(await citizen.consent())
    await citizen.at("pue", "/entry/.+")
    await looks.at(citizen, "refused-differs")

"""Every page of the portal and of the demo in every state: axe finds nothing, nothing runs off the side.

Walks in Polish (320 and 1280 px, light and dark) and in English (a narrow light one and a wide dark one).
"""

import pytest
from playwright.async_api import expect

from tests.browser.citizen import PANEL, Citizen, Citizens, code_in, wrong_code
from tests.browser.look import BOTH_LANGUAGES, WINDOWS, Looks, open_everything

pytestmark = pytest.mark.browser

FIRST, SECOND = "seven-Herons-over-Narew-7", "eight-Herons-over-Narew-8"


@BOTH_LANGUAGES
async def test_the_demo_s_own_pages(language: str, looks: Looks, visitors: Citizens) -> None:
    jan = await visitors.come("jan", WINDOWS[language])
    await looks.at(jan, "start", "/", "start")
    await open_everything(jan)
    await looks.at(jan, "start-open")
    await jan.open("start", "/clock")
    await jan.send("/clock", custom="P1M")
    await looks.at(jan, "clock-fault")
    await looks.at(jan, "clock", "/clock", "start")
    await looks.at(jan, "nowhere", "/nowhere", "start")
    await looks.at(jan, "phones", "/", "phone")
    await looks.at(jan, "phone-empty", "/piotr", "phone")
    await looks.at(jan, "phone-of-nobody", "/nobody", "phone")


@BOTH_LANGUAGES
async def test_outside_the_portal(language: str, looks: Looks, visitors: Citizens) -> None:
    jan = await visitors.come("jan", WINDOWS[language])
    await looks.at(jan, "sign-in", "/")
    for notice in ("signed_out", "session_ended", "form_kept"):
        await looks.at(jan, f"sign-in-{notice}", f"/?notice={notice}")
    await jan.send("/sign-in", login="", password="")
    await looks.at(jan, "sign-in-empty")
    await jan.send("/sign-in", login="nobody", password="wrong")
    await looks.at(jan, "sign-in-wrong")
    for page in ("banks", "certificate", "register", "password", "nowhere"):
        await looks.at(jan, page.replace("/", "-"), f"/{page}")
    for page in ("regulations", "accessibility", "site-map", "notices", "help"):
        await looks.at(jan, page, f"/{page}")
    await open_everything(jan)
    await looks.at(jan, "help-open")
    for reason in ("cancelled", "refused", "aborted", "expired", "denied", "too_weak", "trouble", "left"):
        await looks.at(jan, f"no-{reason}", f"/not-signed-in/millenet/{reason}")
    await looks.at(jan, "stale-entry", "/entry/01gvnothingofthekind00000")
    await looks.at(jan, "stale-callback", "/callback/millenet?state=x&code=y")
    await looks.at(jan, "initiate-refused", "/initiate?iss=https%3A%2F%2Fnobody.example")
    await jan.open("pue", "/password")
    await jan.send("/password", login="")
    await looks.at(jan, "password-empty")


@BOTH_LANGUAGES
async def test_registration_by_oneself(language: str, looks: Looks, citizens: Citizens) -> None:
    citizen = await citizens.come({"pl": "krzysztof", "en": "jan"}[language], WINDOWS[language])
    await citizen.open("pue", "/register")
    await citizen.send("/register", password="short", password_again="short")
    await looks.at(citizen, "register-faults")
    seen = citizen.messages()
    await send_registration(citizen)
    code = code_in(await citizen.new_message(seen))
    await looks.at(citizen, "register-code")
    await answer(citizen, "code", code=wrong_code(code))
    await looks.at(citizen, "register-code-wrong")
    await answer(citizen, "again")
    await looks.at(citizen, "register-code-too-soon")
    citizens.demo.advance("PT6M")
    await answer(citizen, "code", code=code)
    await looks.at(citizen, "register-code-expired")
    seen = citizen.messages()
    await answer(citizen, "again")
    code = code_in(await citizen.new_message(seen))
    await looks.at(citizen, "register-code-again")
    await answer(citizen, "code", code=code)
    panel = citizen.page.locator(".govuk-panel")
    await expect(panel).to_be_visible()
    await looks.at(citizen, "registered")
    await look_at_recovery(citizen, looks, (await panel.inner_text())[-10:])


async def answer(citizen: Citizen, do: str, **values: str) -> None:
    """Fill in fields and press the button that does this."""
    for name, value in values.items():
        await citizen.page.locator(f"#{name}").fill(value)
    await citizen.page.locator(f'button[value="{do}"]').click()


async def send_registration(citizen: Citizen) -> None:
    person = citizen.person
    await citizen.tick("regulations", "contact_data")
    await citizen.send(
        "/register",
        first_name=person["first_name"],
        surname=person["last_name"],
        pesel=person["pesel"],
        email=person["email"],
        password=FIRST,
        password_again=FIRST,
    )


async def look_at_recovery(citizen: Citizen, looks: Looks, login: str) -> None:
    await citizen.open("pue", "/password")
    seen = citizen.messages()
    await citizen.send("/password", login=login)
    code = code_in(await citizen.new_message(seen))
    await looks.at(citizen, "password-code")
    await answer(citizen, "code", code=code)
    await expect(citizen.page.locator("#password")).to_be_visible()
    await looks.at(citizen, "password-new")
    await answer(citizen, "set", password="short")
    await looks.at(citizen, "password-new-faults")
    await answer(citizen, "set", password=SECOND, password_again=SECOND)
    await expect(citizen.page.locator(".govuk-panel")).to_be_visible()
    await looks.at(citizen, "password-changed")
    await looks.at(citizen, "phone-letters", f"/{citizen.key}", "phone")


@BOTH_LANGUAGES
async def test_inside_the_portal(language: str, looks: Looks, citizens: Citizens) -> None:
    citizen = await citizens.come({"pl": "anna", "en": "lukasz"}[language], WINDOWS[language])
    if language == "en":
        await look_at_an_unconfirmed_profile(citizen, looks)
    await citizen.to_consent()
    await citizen.type_code(await citizen.consent())
    if language == "pl":
        await look_at_new_regulations(citizen, looks)
    else:
        await citizen.at("pue", "/entry/.+")
        await looks.at(citizen, "contact-anew")
        await citizen.fill_form()
    await citizen.at("pue", PANEL)
    await looks.at(citizen, "panel-first")
    await looks.at(citizen, "panel", "/dashboard")
    for tab in ("insured", "payer"):
        await looks.at(citizen, f"panel-{tab}", f"/dashboard/{tab}")
    for page in ("documents", "family", "orders", "catalogue", "visits", "search", "question", "settings"):
        await looks.at(citizen, page, f"/{page}")
    for words in ("pomoc", "zzzz"):
        await looks.at(citizen, f"search-{words}", f"/search?q={words}")
    await look_at_forms(citizen, looks)
    await looks.at(citizen, "nowhere-signed-in", "/nowhere")
    await citizen.open("pue", PANEL)
    await citizen.sign_out()
    await citizen.at("pue", "/signed-out/.+")
    await looks.at(citizen, "signed-out")
    await citizen.page.locator("main form button").click()
    await expect(citizen.page.locator("main form")).to_have_count(0)
    await looks.at(citizen, "signed-out-there")


async def look_at_an_unconfirmed_profile(citizen: Citizen, looks: Looks) -> None:
    account = citizen.account("pue")
    await citizen.open("pue")
    await citizen.send("/sign-in", login=account["login"], password=account["password"])
    await citizen.at("pue", PANEL)
    await looks.at(citizen, "panel-unconfirmed")
    await looks.at(citizen, "documents-unconfirmed", "/documents")
    await looks.at(citizen, "insured-unconfirmed", "/dashboard/insured")
    await looks.at(citizen, "settings-unconfirmed", "/settings")
    await citizen.sign_out()
    await citizen.at("pue", "/signed-out")
    await looks.at(citizen, "signed-out-password")


async def look_at_new_regulations(citizen: Citizen, looks: Looks) -> None:
    await citizen.at("pue", "/entry/.+")
    await looks.at(citizen, "terms")
    await citizen.send("/terms")
    await looks.at(citizen, "terms-faults")
    await citizen.send("/decline")
    await expect(citizen.page.locator("main form")).to_have_count(0)
    await looks.at(citizen, "declined")
    await citizen.to_bank_again()
    await citizen.tick("regulations", "contact_data")
    await citizen.send("/terms")


async def look_at_forms(citizen: Citizen, looks: Looks) -> None:
    await citizen.open("pue", "/question")
    await citizen.send("/question", body="")
    await looks.at(citizen, "question-faults")
    await citizen.page.locator("#subject").select_option("benefits")
    await citizen.send("/question", body="Czy zasiłek przysługuje na trzecie dziecko?")
    await expect(citizen.page.locator("main ol li")).to_have_count(1)
    await looks.at(citizen, "question-sent")
    await citizen.open("pue", "/settings")
    await citizen.send("/settings", phone="12", email="nobody")
    await looks.at(citizen, "settings-faults")
    await citizen.send("/settings", email="a@poczta.example", phone="")
    await citizen.at("pue", "/settings/email/.+")
    await looks.at(citizen, "settings-code")
    await citizen.open("pue", "/settings")
    await citizen.send("/settings", phone="600100200")
    await expect(citizen.page.locator(".govuk-notification-banner--success")).to_be_visible()
    await looks.at(citizen, "settings-saved")
    await citizen.open("pue", "/question")
    citizen.demo.advance("PT16M")
    await citizen.send("/question", body="Zażółć gęślą jaźń.")
    await citizen.at("pue", "/")
    await citizen.to_bank_again()
    await citizen.at("pue", PANEL)
    await looks.at(citizen, "panel-kept")
    await looks.at(citizen, "question-kept", "/question")

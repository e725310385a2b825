"""Every page of the trusted profile, in each look: made through a bank, applied for, used, changed, ended."""

import pytest

from tests.browser.citizen import Citizens, code_in, wrong_code
from tests.browser.look import BOTH_LANGUAGES, WINDOWS, Looks
from tests.browser.owner import begin_at_bank, choose_credentials, confirm, give_contact, inside, sign_in_by_password

pytestmark = pytest.mark.browser


@BOTH_LANGUAGES
async def test_a_profile_made_through_a_bank(language: str, looks: Looks, citizens: Citizens) -> None:
    citizen = await citizens.come({"pl": "jan", "en": "barbara"}[language], WINDOWS[language])
    await looks.at(citizen, "first", "/", "pz")
    await looks.at(citizen, "ways", "/create", "pz")
    if language == "en":
        return  # her SIM card was replaced: the bank vouches for her later
    await begin_at_bank(citizen)
    await looks.at(citizen, "contact")
    await citizen.send("/contact", phone="12", email="a")
    await looks.at(citizen, "contact-wrong")
    sms = await give_contact(citizen)
    await looks.at(citizen, "code-phone")
    seen = citizen.messages()
    await citizen.send("/code", code=code_in(sms))
    mail = await citizen.new_message(seen)
    await citizen.send("/code", code=wrong_code(code_in(mail)))
    await looks.at(citizen, "code-email-wrong")
    await citizen.send("/code", code=code_in(mail))
    await choose_credentials(citizen, "83041741039", "jan")
    await looks.at(citizen, "credentials-wrong")
    await choose_credentials(citizen, "jan.z.okna")
    await looks.at(citizen, "made")
    looks.assert_fine()


@BOTH_LANGUAGES
async def test_an_application(language: str, looks: Looks, citizens: Citizens) -> None:
    citizen = await citizens.come({"pl": "ewa", "en": "marek"}[language], WINDOWS[language])
    person = citizen.person
    await citizen.open("pz", "/create")
    await citizen.send("/apply")
    await citizen.send("/facts", first_name="1", surname="", pesel="851212569836")
    await looks.at(citizen, "facts-wrong")
    await citizen.send("/facts", first_name=person["first_name"], surname=person["last_name"], pesel=person["pesel"])
    seen = citizen.messages()
    sms = await give_contact(citizen)
    await citizen.send("/code", code=code_in(sms))
    await citizen.at("pz", "/new/.+")
    await citizen.send("/code", code=code_in(await citizen.new_message(seen, "email")))
    await looks.at(citizen, "credentials")
    await choose_credentials(citizen, f"{citizen.key}.z.wniosku")
    await looks.at(citizen, "filed")
    looks.assert_fine()


@BOTH_LANGUAGES
async def test_the_owners_pages(language: str, looks: Looks, citizens: Citizens) -> None:
    citizen = await citizens.come({"pl": "stanislaw", "en": "agnieszka"}[language], WINDOWS[language])
    await citizen.open("pz", "/sign-in?next=/profile")
    await looks.at(citizen, "sign-in")
    code = await sign_in_by_password(citizen)
    await looks.at(citizen, "second-factor")
    await citizen.send("/code", code=wrong_code(code))
    await looks.at(citizen, "second-factor-wrong")
    await citizen.send("/code", code=code)
    await citizen.at("pz", "/profile")
    await looks.at(citizen, "home")
    for page in ("details", "history", "extend", "contact/phone", "contact/email", "password", "invalidate", "not-me"):
        await looks.at(citizen, page.replace("/", "-"), f"/profile/{page}", "pz")
    await looks.at(citizen, "tools", "/settings/security/tools", "pz")
    await looks.at(citizen, "consents", "/settings/security/consents", "pz")
    looks.assert_fine()


@BOTH_LANGUAGES
async def test_changes(language: str, looks: Looks, newcomers: Citizens) -> None:
    citizen = await newcomers.come({"pl": "agnieszka", "en": "stanislaw"}[language], WINDOWS[language])
    await inside(citizen)
    await citizen.open("pz", "/profile/contact/email")
    seen = citizen.messages()
    same = citizen.person["email"]
    await citizen.send("/contact/email", email=same)
    await looks.at(citizen, "code-to-new")
    await citizen.page.locator("#code").fill(code_in(await citizen.new_message(seen)))
    await citizen.page.locator("main form button[type=submit]").first.click()
    await citizen.at("pz", "/operation/.+")
    await confirm(citizen)
    await citizen.at("pz", "/profile")
    await looks.at(citizen, "home-changed")
    await citizen.open("pz", "/profile/extend")
    await citizen.send("/profile/extend")
    await looks.at(citizen, "ask")
    await citizen.page.locator('main button[formaction$="/cancel"]').click()
    await citizen.at("pz", "/profile")
    await citizen.page.go_back()
    await looks.at(citizen, "cancelled")
    await citizen.open("pz", "/profile/invalidate")
    await citizen.send("/profile/invalidate")
    await confirm(citizen)
    await citizen.at("pz", "/ended/invalidated")
    await looks.at(citizen, "ended")
    looks.assert_fine()

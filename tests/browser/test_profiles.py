"""Profiles at the portal: new regulations, an upgrade, refused data, registration by oneself (Z4–Z6)."""

import re

import pytest
from playwright.async_api import expect

from tests.browser.citizen import PANEL, Citizen, Citizens, code_in
from tests.support.axe import assert_accessible
from tests.support.browser import NARROW, WITH_AND_WITHOUT_SCRIPT, Window

pytestmark = pytest.mark.browser

FIRST, SECOND = "seven-Herons-over-Narew-7", "eight-Herons-over-Narew-8"


async def to_portal(citizen: Citizen) -> None:
    """Through the bank for the first time, as far as the portal lets this person."""
    await citizen.to_consent()
    await citizen.type_code(await citizen.consent())


async def with_password(citizen: Citizen, login: str, password: str) -> None:
    await citizen.open("pue")
    await citizen.send("/sign-in", login=login, password=password)


async def test_changed_regulations_declined_then_accepted(citizens: Citizens) -> None:
    """Anna, first with a script, then in another browser without one: what she declined is still asked."""
    anna = await citizens.come("anna")
    await to_portal(anna)
    await decline(anna)
    anna = await citizens.come("anna", Window(script=False))
    await anna.to_bank()
    await anna.sign_in()
    await decline(anna)
    await anna.open("pue", "/banks")
    await anna.send("/banks/millenet")
    await anna.reads("Regulamin się zmienił")
    await anna.press("Akceptuję regulamin")
    await expect(anna.page.locator("[data-error-summary] li")).to_have_count(2)
    await anna.tick("regulations", "contact_data")
    await anna.press("Akceptuję regulamin")
    await anna.at("pue", PANEL)
    await anna.says("Anna Nowak-Zielińska")


async def decline(citizen: Citizen) -> None:
    """Say no to the new regulations: outside, and told so."""
    await citizen.reads("Regulamin się zmienił")
    await citizen.press("Nie akceptuję, chcę wyjść")
    await citizen.reads("Nie zaakceptowano nowego regulaminu")
    await citizen.open("pue", PANEL)
    await citizen.reads("Zaloguj się")


@pytest.mark.parametrize("window", WITH_AND_WITHOUT_SCRIPT, ids=str)
async def test_an_untrusted_profile_becomes_trusted(window: Window, newcomers: Citizens) -> None:
    lukasz = await newcomers.come("lukasz", window)
    account = lukasz.account("pue")
    await with_password(lukasz, account["login"], account["password"])
    await lukasz.says("Twój profil nie jest potwierdzony")
    await lukasz.sign_out()
    await lukasz.says("Wejście nie zaczęło się przez żaden inny serwis")
    await to_portal(lukasz)
    await lukasz.reads("Potwierdzenie profilu")
    for name in ("email", "email_again"):
        await lukasz.page.locator(f'[name="{name}"]').fill("lukasz@poczta.example")
    await lukasz.tick("regulations", "contact_data")
    await lukasz.press("Dalej")
    await lukasz.at("pue", PANEL)
    await lukasz.says("Twój profil jest już potwierdzony")


@pytest.mark.parametrize(
    ("key", "against", "hidden"),
    [("maria", "w Twoim profilu", "Borowiecka"), ("agnieszka", "w rejestrze ubezpieczonych", "Lisowska")],
)
async def test_differing_data_are_refused_and_not_shown(
    key: str, against: str, hidden: str, citizens: Citizens
) -> None:
    """The first time with a script; then again without one, when the bank asks for nothing more."""
    first = await citizens.come(key)
    await to_portal(first)
    later = await citizens.come(key, Window(script=False))
    await later.to_bank()
    await later.sign_in()
    for citizen in (first, later):
        await citizen.reads("Dane się nie zgadzają")
        await citizen.says(against)
        await expect(citizen.page.locator("main ul").first).to_have_text("Nazwisko")
        assert hidden.lower() not in (await citizen.page.content()).lower()
        await citizen.open("pue", PANEL)
        await citizen.at("pue", "/")


async def looked_at(citizen: Citizen, window: Window) -> None:
    await assert_accessible(citizen.page)


@pytest.mark.parametrize("window", [Window(NARROW), Window(script=False)], ids=str)
async def test_a_profile_that_somebody_else_made_is_ended_by_its_own_page(window: Window, newcomers: Citizens) -> None:
    maria = await newcomers.come("maria", window)
    await to_portal(maria)
    await maria.reads("Dane się nie zgadzają")
    await looked_at(maria, window)
    await maria.page.locator('main a[href$="/not-mine"]').click()
    await maria.reads("Zakończenie profilu, który nie jest Twój")
    await looked_at(maria, window)
    await maria.form("/not-mine").locator("button").first.click()
    await maria.reads("Rejestracja w portalu")


@pytest.mark.parametrize(("key", "window"), [("jan", Window()), ("helena", Window(script=False))], ids=str)
async def test_a_profile_of_ones_own_and_a_forgotten_password(key: str, window: Window, citizens: Citizens) -> None:
    citizen = await citizens.come(key, window)
    login = await register(citizen)
    await with_password(citizen, login, FIRST)
    await citizen.says("Twój profil nie jest potwierdzony")
    await citizen.sign_out()
    await choose_new_password(citizen, login)
    await with_password(citizen, login, FIRST)
    await citizen.says("Login lub hasło są nieprawidłowe")
    await with_password(citizen, login, SECOND)
    await citizen.at("pue", PANEL)


async def register(citizen: Citizen) -> str:
    """Registration without a bank, with the e-mail's code; returns the login."""
    person = citizen.person
    await citizen.open("pue", "/register")
    await citizen.send("/register", pesel="83041741038", password=FIRST, password_again=SECOND)
    await expect(citizen.page.locator("[data-error-summary] li")).to_have_count(7)
    await citizen.tick("regulations", "contact_data")
    seen = citizen.messages()
    await citizen.send(
        "/register",
        first_name=person["first_name"],
        surname=person["last_name"],
        pesel=person["pesel"],
        email=person["email"],
        password=FIRST,
        password_again=FIRST,
    )
    await citizen.page.locator("#code").fill(code_in(await citizen.new_message(seen)))
    await citizen.press("Potwierdź")
    await citizen.reads("Profil został założony")
    found = re.search(r"\d{10}", await citizen.page.locator("main").inner_text())
    assert found, "the page does not tell the login"
    return found[0]


async def choose_new_password(citizen: Citizen, login: str) -> None:
    await citizen.open("pue")
    await citizen.follow("Nie pamiętasz hasła?")
    seen = citizen.messages()
    await citizen.send("/password", login=login)
    await citizen.page.locator("#code").fill(code_in(await citizen.new_message(seen)))
    await citizen.press("Potwierdź")
    await citizen.page.locator("#password").fill(SECOND)
    await citizen.page.locator("#password_again").fill(SECOND)
    await citizen.press("Zapisz hasło")
    await citizen.reads("Hasło zostało zmienione")

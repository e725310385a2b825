"""Pages that few people ever come to: a stronger sign-in, an answer by form, a closed profile, codes given up.

And the sign-in on one page, of a bank whose settings ask for a password alone: the demonstration's does not.

Walks in Polish and in English, like those of the other looks. Nothing of the demonstration closes a profile
yet: the test does it in the portal's database.
"""

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing

import pytest
from playwright.async_api import Route, expect

from poreka.demo.presets import Address, settings_text
from tests.browser.citizen import PANEL, Citizen, Citizens, code_in, wrong_code
from tests.browser.look import BOTH_LANGUAGES, WINDOWS, Looks
from tests.browser.receiver import Receiver
from tests.browser.test_looks_of_the_portal import answer, send_registration
from tests.support.browser import Window, Windows
from tests.support.server import Demo, free_port, stop, wait_until_ready

pytestmark = pytest.mark.browser
SUBSTANTIAL = "http://eidas.europa.eu/LoA/substantial"


async def agree_and_sign_out(citizen: Citizen, receiver: Receiver) -> None:
    """The first time at a service, with consent and a code; then out of the bank, so that only a password counts."""
    await citizen.open("millenet", receiver.request())
    await citizen.sign_in()
    await citizen.type_code(await citizen.consent())
    await expect(citizen.page.locator("h1")).to_have_text("Received")
    await citizen.open("millenet")
    await citizen.sign_out()
    await citizen.at("millenet", "/signed-out")


async def to_stronger_sign_in(citizen: Citizen, receiver: Receiver) -> None:
    """The same service asks for more than a password, and for its answer in a form."""
    await citizen.open("millenet", receiver.request(acr_values=SUBSTANTIAL, response_mode="form_post"))
    await citizen.sign_in()
    await expect(citizen.form("/operation")).to_be_visible()


@BOTH_LANGUAGES
async def test_a_stronger_sign_in_answered_by_form(
    language: str, looks: Looks, citizens: Citizens, receiver: Receiver
) -> None:
    """Our script is kept from the last page, which it would leave at once: as if it had not come through."""
    citizen = await citizens.come({"pl": "jan", "en": "helena"}[language], WINDOWS[language])
    await agree_and_sign_out(citizen, receiver)
    await to_stronger_sign_in(citizen, receiver)
    await looks.at(citizen, "confirm")
    seen = citizen.messages()
    await citizen.send("/operation")
    await citizen.page.route("**/poreka.js", without_a_word)
    await citizen.type_code(await citizen.new_message(seen))
    await expect(citizen.page.locator("form[data-auto-submit]")).to_be_visible()
    await looks.at(citizen, "form-post")


async def without_a_word(route: Route) -> None:
    await route.fulfill(body="", content_type="text/javascript")


@pytest.mark.parametrize(("key", "window"), [("anna", Window()), ("stanislaw", Window(script=False))], ids=str)
async def test_an_answer_by_form_arrives(key: str, window: Window, citizens: Citizens, receiver: Receiver) -> None:
    """By itself with a script, by its button without."""
    citizen = await citizens.come(key, window)
    await agree_and_sign_out(citizen, receiver)
    await to_stronger_sign_in(citizen, receiver)
    await citizen.reads("Logowanie do Piaskownica")
    seen = citizen.messages()
    await citizen.press("Wyślij hasło SMS")
    await citizen.type_code(await citizen.new_message(seen))
    if not window.script:
        await citizen.reads("Przekazujemy odpowiedź")
        await citizen.press("Przejdź dalej")
    await expect(citizen.page.locator("h1")).to_have_text("Received")
    assert len(receiver.received) == 2
    assert receiver.received[-1]["state"] == "a-state-of-our-own"


@BOTH_LANGUAGES
async def test_a_closed_profile_stays_closed(language: str, looks: Looks, citizens: Citizens) -> None:
    citizen = await citizens.come("lukasz", WINDOWS[language])
    account = citizen.account("pue")
    close_profile(citizen, account["login"])
    await citizen.open("pue")
    await citizen.send("/sign-in", login=account["login"], password=account["password"])
    await citizen.at("pue", "/entry/.+")
    await looks.at(citizen, "closed")
    await citizen.open("pue", PANEL)
    await citizen.at("pue", "/")


def close_profile(citizen: Citizen, login: str) -> None:
    database = citizen.demo.log.with_name("data") / "pue.db"
    with closing(sqlite3.connect(database, timeout=10)) as connection, connection:
        changed = connection.execute("UPDATE profiles SET state = 'closed', closed_at = 1 WHERE login = ?", (login,))
        assert changed.rowcount == 1


@pytest.fixture(scope="module")
def bank_of_one_page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """The demonstration's bank alone, with another sign-in."""
    folder, port = tmp_path_factory.mktemp("bank"), free_port()
    file, log = folder / "millenet.toml", folder / "server.log"
    masked = settings_text("millenet", Address(port))
    file.write_text(masked.replace('sign_in = "masked"', 'sign_in = "password"'), encoding="utf-8")
    command = [sys.executable, "-m", "poreka", "serve", str(file), "--listen", f"127.0.0.1:{port}"]
    with log.open("wb") as output:
        bank = Demo(port, log, subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT))
    try:
        wait_until_ready(bank, "millenet", "/.well-known/openid-configuration")
        yield bank
    finally:
        stop(bank)


@BOTH_LANGUAGES
async def test_a_sign_in_on_one_page(
    language: str, looks: Looks, bank_of_one_page: Demo, chromium_windows: Windows
) -> None:
    citizen = await Citizens(bank_of_one_page, chromium_windows).come("nobody", WINDOWS[language])
    await looks.at(citizen, "one-page", "/", "millenet")
    await citizen.send("/password")
    await looks.at(citizen, "one-page-empty")
    await citizen.send("/password", number="12345678", password="a-wrong-password")
    await expect(citizen.page.locator("[data-error-summary]")).to_be_visible()
    await looks.at(citizen, "one-page-wrong")


@BOTH_LANGUAGES
async def test_registrations_that_come_to_nothing(language: str, looks: Looks, citizens: Citizens) -> None:
    citizen = await citizens.come({"pl": "krzysztof", "en": "piotr"}[language], WINDOWS[language])
    await citizen.open("pue", "/register")
    seen = citizen.messages()
    await send_registration(citizen)
    wrong = wrong_code(code_in(await citizen.new_message(seen)))
    for _ in range(3):
        await answer(citizen, "code", code=wrong)
    await expect(citizen.page.locator("#code")).to_have_count(0)
    await looks.at(citizen, "registration-aborted")


@BOTH_LANGUAGES
async def test_recoveries_that_come_to_nothing(language: str, looks: Looks, citizens: Citizens) -> None:
    citizen = await citizens.come("maria", WINDOWS[language])
    for ended in ("aborted", "expired"):
        citizens.demo.advance("PT1M")  # from the third on, who asks again has to wait
        await citizen.open("pue", "/password")
        seen = citizen.messages()
        await citizen.send("/password", login=citizen.account("pue")["login"])
        right = code_in(await citizen.new_message(seen))
        if ended == "expired":
            citizens.demo.advance("PT6M")
            await citizen.page.reload()
            await expect(citizen.page.locator("#code")).to_have_count(0)
            await looks.at(citizen, "password-code-lapsed")
            citizens.demo.advance("PT25M")
            await citizen.page.reload()
        for _ in range(0 if ended == "expired" else 3):
            await answer(citizen, "code", code=wrong_code(right))
        await expect(citizen.page.locator("#code")).to_have_count(0)
        await looks.at(citizen, f"password-{ended}")

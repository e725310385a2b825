"""The authorisation code: wrong three times, replaced by a new one, given up, in good time and too late (P3, P4)."""

import sqlite3
from contextlib import closing

import pytest
from playwright.async_api import expect

from tests.browser.citizen import PANEL, Citizen, Citizens, code_in, wrong_code
from tests.support.axe import assert_accessible
from tests.support.browser import Window

pytestmark = pytest.mark.browser

BOTH = [("helena", Window()), ("stanislaw", Window(script=False))]
TWO_MORE = [("jan", Window()), ("krzysztof", Window(script=False))]


async def to_code(citizen: Citizen) -> str:
    await citizen.to_consent()
    sms = await citizen.consent()
    await citizen.reads("Potwierdź hasłem SMS")
    return sms


@pytest.mark.parametrize(("key", "window"), BOTH, ids=str)
async def test_three_wrong_codes_abort_and_nothing_is_remembered(key: str, window: Window, citizens: Citizens) -> None:
    citizen = await citizens.come(key, window)
    wrong = wrong_code(code_in(await to_code(citizen)))
    for left in ("Zostały 2 próby", "Została 1 próba"):
        await citizen.send("/code", code=wrong)
        await expect(citizen.page.locator("[data-error-summary]")).to_contain_text(left)
        await expect(citizen.page.locator("#code")).to_have_value("")
    await citizen.send("/code", code=wrong)
    await citizen.reads("zostało przerwane")
    await citizen.follow("Wróć do PUE")
    await citizen.reads("Logowanie przerwane po błędnych kodach")
    await citizen.send("/banks/millenet")
    await expect(citizen.page.locator("#consent")).not_to_be_checked()


@pytest.mark.parametrize(("key", "window"), TWO_MORE, ids=str)
async def test_a_new_code_kills_the_old_one(key: str, window: Window, citizens: Citizens) -> None:
    citizen = await citizens.come(key, window)
    old = await to_code(citizen)
    await citizen.press("Wygeneruj nowe hasło SMS")
    await citizen.says("Poprzedni nadal działa")
    citizens.demo.advance("PT31S")
    seen = citizen.messages()
    await citizen.press("Wygeneruj nowe hasło SMS")
    new = await citizen.new_message(seen)
    await citizen.type_code(old)
    await citizen.says("To nie jest kod tej operacji")
    await citizen.type_code(new)
    await citizen.reads("Rejestracja w portalu")
    await citizen.press("Przerwij rejestrację")
    await citizen.reads("Rejestracja przerwana")


@pytest.mark.parametrize(("key", "window"), BOTH, ids=str)
async def test_a_code_that_comes_too_late(key: str, window: Window, newcomers: Citizens) -> None:
    citizen = await newcomers.come(key, window)
    sms = await to_code(citizen)
    newcomers.demo.advance("PT6M")
    await citizen.type_code(sms)
    await citizen.says("Czas na wpisanie kodu minął")
    seen = citizen.messages()
    await citizen.press("Poproś o nowy kod")
    await citizen.type_code(await citizen.new_message(seen))
    await citizen.reads("Rejestracja w portalu")
    await citizen.press("Przerwij rejestrację")
    await citizen.reads("Rejestracja przerwana")


@pytest.mark.parametrize(("key", "window"), BOTH, ids=str)
async def test_cancel_leads_back_to_where_it_began(key: str, window: Window, citizens: Citizens) -> None:
    citizen = await citizens.come(key, window)
    await citizen.to_bank()
    await citizen.press("Anuluj")
    await citizen.reads("Logowanie anulowane")
    await citizen.send("/banks/millenet")
    await citizen.sign_in()
    await citizen.press("Anuluj")
    await citizen.reads("Logowanie anulowane")
    await citizen.open("millenet", "/finances/services")
    await citizen.page.locator("main .govuk-button").get_by_text("Zaloguj").click()
    await citizen.consent()
    await citizen.press("Wróć o krok")
    await expect(citizen.page.locator("#consent")).not_to_be_checked()
    await citizen.press("Anuluj")
    await citizen.at("millenet", "/")
    await citizen.says("Logowanie zostało anulowane")
    await citizen.open("pue", PANEL)
    await citizen.at("pue", "/")


def in_outbox(citizen: Citizen, changes: str) -> None:
    """What the bank knows of the newest code's message, as if its gateway had done so."""
    database = citizen.demo.log.with_name("data") / "millenet.db"
    newest = (
        "about = (SELECT 'operation:' || id || ':' || resends FROM operations ORDER BY issued_at DESC, id DESC LIMIT 1)"
    )
    with closing(sqlite3.connect(database, timeout=30)) as connection, connection:
        connection.execute("UPDATE operations SET dispatched_at = NULL WHERE state = 'issued'")
        assert connection.execute(f"UPDATE outbox SET {changes} WHERE {newest}").rowcount == 1


@pytest.mark.parametrize(("key", "window"), TWO_MORE, ids=str)
async def test_a_gateway_that_does_not_answer_is_told_and_what_was_typed_stays(
    key: str, window: Window, newcomers: Citizens
) -> None:
    citizen = await newcomers.come(key, window)
    await to_code(citizen)
    in_outbox(citizen, "dispatched_at = NULL, lease = NULL, failure = 'away', due_at = 4000000000")
    await citizen.page.reload()
    await citizen.says("SMS-a na razie nie udaje się wysłać")
    await assert_accessible(citizen.page)
    await citizen.page.locator("#code").fill("123")
    in_outbox(citizen, "dispatched_at = 1790000000")
    if not window.script:
        await citizen.follow("Sprawdź, czy SMS został wysłany")
    await expect(citizen.page.locator("main")).to_contain_text("wysłano")
    await expect(citizen.page.locator("main")).not_to_contain_text("nie udaje się wysłać")
    await expect(citizen.page.locator("#code")).to_have_value("123" if window.script else "")
    in_outbox(citizen, "dispatched_at = NULL, lease = NULL")
    await citizen.page.reload()
    await citizen.press("Wygeneruj nowe hasło SMS")
    await citizen.says("wysłano")
    await citizen.press("Anuluj")

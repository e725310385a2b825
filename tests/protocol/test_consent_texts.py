"""What was agreed to is kept word for word, and who agreed to something else is shown what is new (P2, P6, P7)."""

import datetime
from typing import Any

import pytest

from poreka.rules.people.person import Fact
from poreka.rules.warsaw_time import WARSAW, warsaw_moment
from tests.protocol.test_release import at_code, at_consent
from tests.support.asgi import AsgiBrowser
from tests.support.in_process import BEGINNING, BankInProcess, BankTemplate

DAY = 86_400
POLISH = "Zgadzam się, żeby {provider} przekazywał: {data}. Odbiorca: {service}."
ENGLISH = "I agree that {provider} passes on: {data}. Recipient: {service}."


def words(valid_from: str, version: str = "2027-02") -> dict[str, Any]:
    """A text of the operator's own."""
    own = {"version": version, "valid_from": valid_from, "pl": [POLISH, "Nowe zdanie."], "en": [ENGLISH, "New."]}
    return {"consent_texts": [own]}


async def released(bank: BankInProcess, browser: AsgiBrowser | None = None) -> AsgiBrowser:
    """Someone who has agreed, by the whole journey."""
    page, code = await at_code(bank, browser)
    assert "code" in (await page.submit("/code", code=code)).answer
    return page.browser


async def test_the_words_that_were_read_are_kept_with_the_consent(bank_on_each: BankInProcess) -> None:
    page = await at_consent(bank_on_each, await bank_on_each.signed_in(browser=bank_on_each.browser("en")))
    shown = page.text
    page = await page.submit("/consent", consent="yes")
    code = await bank_on_each.deliver()
    await (await page.browser.open(page.path)).submit("/code", code=code)
    record = await bank_on_each.bank.consents.in_force("jan", "sandbox-fapi")
    assert record is not None
    text = await bank_on_each.bank.consent_texts.load(record.consent.text_hash)
    assert text is not None
    assert record.consent.language == "en"
    assert all(sentence in shown for sentence in text.sentences["en"])
    assert (text.facts, text.version) == (record.consent.facts, record.consent.text_version)
    entry = await bank_on_each.bank.database.one("SELECT details FROM audit_entries WHERE event = 'ConsentGiven'")
    assert entry is not None
    assert f'"{record.consent.text_hash}"' in entry["details"]


async def test_a_new_text_of_the_bank_shows_what_was_and_what_is(sqlite_bank: BankTemplate) -> None:
    async with sqlite_bank.copy(**words("2027-02-01")) as bank:
        browser = await released(bank)
        bank.clock.advance(30 * DAY)
        page = await at_consent(bank, await bank.signed_in(browser=browser))
        assert "Co się zmieniło od Twojej zgody" in page.text
        assert "Nowa wersja: 2027-02. Poprzednia: 2026-01." in page.text
        assert "Te same." in page.text
        assert "Wyrażam zgodę na przekazywanie przez Millenet" in page.text
        assert "Nowe zdanie." in page.text
        assert "Zgadzam się, żeby Millenet przekazywał: imię, nazwisko, numer PESEL." in page.text
        page = await page.submit("/consent", consent="yes")
        code = await bank.deliver()
        assert "code" in (await (await browser.open(page.path)).submit("/code", code=code)).answer
        record = await bank.bank.consents.in_force("jan", "sandbox-fapi")
        assert record is not None
        assert record.consent.text_version == "2027-02"
        history = await browser.open("/settings/security/consents")
        assert "Nowe zdanie." in history.text
        assert "Wyrażam zgodę na przekazywanie przez Millenet" in history.text
        assert "nr 1 z" in history.text


async def test_a_text_that_lies_ahead_asks_nobody_yet(sqlite_bank: BankTemplate) -> None:
    async with sqlite_bank.copy(**words("2037-02-01")) as bank:
        browser = await released(bank)
        answer = await browser.request("GET", bank.fapi().authorize_path(await bank.fapi().reference()))
        assert answer.headers["location"].startswith(bank.fapi().redirect_uri + "?code=")


async def test_other_data_are_named_and_the_rest_is_not_said_to_be_new(bank: BankInProcess) -> None:
    await bank.agreed("sandbox-fapi", Fact.FIRST_NAME, Fact.SURNAME)
    page = await at_consent(bank)
    assert "Nowe, dotąd nie przekazywane: numer PESEL." in page.text
    assert "Nowa wersja" not in page.text
    assert "Zmiany w tekście" not in page.text


async def test_less_data_is_told_too(bank: BankInProcess) -> None:
    await bank.agreed("sandbox", *Fact)
    page = await bank.openid().send(await bank.signed_in(), prompt="consent")
    assert "Już nie przekażemy: numer PESEL." in page.text


async def test_a_text_of_before_words_were_kept_is_said_to_be_missing(sqlite_bank: BankTemplate) -> None:
    async with sqlite_bank.copy(consent_text_version="2027-01") as bank:
        page = await bank.fapi().send(await bank.returning())
        assert "Nie mamy dawnego tekstu słowo w słowo" in page.text


async def test_who_agrees_for_the_first_time_is_told_of_no_changes(bank: BankInProcess) -> None:
    assert "Co się zmieniło" not in (await at_consent(bank)).text


def a_minute_before_midnight() -> tuple[int, str]:
    """A moment in Poland, and the day that follows."""
    tomorrow = warsaw_moment(BEGINNING).date() + datetime.timedelta(days=1)
    midnight = datetime.datetime.combine(tomorrow, datetime.time(), WARSAW)
    return int(midnight.timestamp()) - 60, tomorrow.isoformat()


@pytest.mark.parametrize("tampered", ["", "pl.", "en." + "0" * 64, "xx", "pl.\x00"])
async def test_nobody_agrees_to_a_text_that_was_not_shown(bank: BankInProcess, tampered: str) -> None:
    page = await at_consent(bank)
    answer = await page.browser.post(f"{page.path}/consent", consent="yes", text=tampered)
    assert answer.status_code in (400, 422)
    assert await bank.bank.database.all("SELECT id FROM outbox") == []


async def test_a_text_that_changes_while_the_page_is_open_is_read_again(sqlite_bank: BankTemplate) -> None:
    evening, tomorrow = a_minute_before_midnight()
    async with sqlite_bank.copy(**words(tomorrow)) as bank:
        bank.clock.now = evening
        page = await at_consent(bank)
        assert "Nowe zdanie." not in page.text
        bank.clock.advance(60)
        again = await page.submit("/consent", consent="yes")
        assert again.status == 422
        assert "Tekst zgody zmienił się, gdy ta strona była otwarta." in again.text
        assert "Nowe zdanie." in again.text
        assert await bank.bank.database.all("SELECT id FROM outbox") == []
        after = await again.submit("/consent", consent="yes")
        assert after.form_to("/code") is not None


async def test_a_text_that_changes_before_the_code_is_asked_for_again(sqlite_bank: BankTemplate) -> None:
    evening, tomorrow = a_minute_before_midnight()
    async with sqlite_bank.copy(**words(tomorrow)) as bank:
        bank.clock.now = evening
        page, code = await at_code(bank)
        bank.clock.advance(60)
        await page.submit("/code", code=code)
        assert await bank.bank.consents.in_force("jan", "sandbox-fapi") is None
        page = await page.browser.open(page.path)
        page = await page.submit("/consent", consent="yes")
        rows = await bank.bank.database.all("SELECT state FROM operations ORDER BY number")
        assert [row["state"] for row in rows] == ["cancelled", "issued"]
        code = await bank.deliver()
        assert "code" in (await (await page.browser.open(page.path)).submit("/code", code=code)).answer


async def test_a_service_that_may_suddenly_have_more_gets_no_more_than_was_agreed_to(bank: BankInProcess) -> None:
    """The registration is widened between the tick and the code: the person is asked again."""
    await bank.change_client("sandbox-fapi", claims=frozenset({"given_name", "family_name"}))
    page, code = await at_code(bank)
    await bank.change_client("sandbox-fapi", claims=frozenset({"given_name", "family_name", "pesel"}))
    after = await page.submit("/code", code=code)
    assert after.left_for is None
    assert after.form_to("/consent") is not None
    assert await bank.bank.consents.in_force("jan", "sandbox-fapi") is None


@pytest.mark.parametrize(
    ("changes", "shown"),
    [
        ({"name": {"pl": "Chwilówki Turbo", "en": "Turbo Loans"}}, "Chwilówki Turbo"),
        ({"purpose": {"pl": "Ocena kredytowa i marketing", "en": "Credit rating"}}, "Ocena kredytowa i marketing"),
        ({"sector_identifier": "elsewhere.example"}, None),
    ],
    ids=["name", "purpose", "sector"],
)
async def test_a_service_that_becomes_another_is_agreed_to_anew(
    bank: BankInProcess, changes: dict[str, Any], shown: str | None
) -> None:
    """The words, not their version, are what the person agreed to; the page shows what is new in them."""
    browser = await released(bank)
    await bank.change_client("sandbox-fapi", **changes)
    assert (await bank.fapi().send(browser, prompt="none")).answer["error"] == "consent_required"
    page = await at_consent(bank, browser)
    assert shown is None or shown in page.text.partition("Co się zmieniło od Twojej zgody")[2]


async def test_whoever_reads_in_another_language_today_is_not_asked_again(bank: BankInProcess) -> None:
    browser = await released(bank)
    await browser.open("/?lang=en")
    assert "code" in (await bank.fapi().send(browser)).answer

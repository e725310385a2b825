"""Releases that come and go by another protocol than OpenID Connect, through the same pages (docs/adr/0043)."""

import pytest

from poreka.rules.people.person import Fact
from tests.support.asgi import AsgiBrowser, AsgiPage
from tests.support.in_process import PASSWORD, BankInProcess
from tests.support.statement_protocol import OFFICE, ask, site_of, statement_on


async def visitor(bank: BankInProcess, person: str = "jan") -> AsgiBrowser:
    """A browser in which somebody is signed in, at the site that speaks both protocols."""
    return await bank.signed_in(person, browser=AsgiBrowser(site_of(bank)))


async def with_code(bank: BankInProcess, page: AsgiPage) -> AsgiPage:
    code = await bank.deliver()
    return await (await page.browser.open(page.path)).submit("/code", code=code)


async def agreed(bank: BankInProcess, browser: AsgiBrowser) -> AsgiPage:
    """The answer to a first request, after consent and code."""
    page = await (await ask(browser)).submit("/consent", consent="yes")
    return await with_code(bank, page)


async def test_a_first_release_from_the_sign_in_to_a_posted_statement(bank_on_each: BankInProcess) -> None:
    bank = bank_on_each
    page = await ask(AsgiBrowser(site_of(bank)))
    assert page.path.startswith("/sign-in/")
    assert "Urząd Bez Klienta" in page.text
    page = await page.submit("/number", number="21570133")
    asked = [name for name in page.form_to("/password").fields if name.startswith("characters_")]
    characters = {name: "83041741039"[int(name.removeprefix("characters_")) - 1] for name in asked}
    page = await page.submit("/password", password=PASSWORD, **characters)
    for told in ("Jan", "Kowalski", "83041741039", "Urząd Bez Klienta w Gdyni", "Żeby złożyć podanie"):
        assert told in page.text
    said = statement_on(await with_code(bank, await page.submit("/consent", consent="yes")))
    assert said["in_response_to"] == "r1"
    assert said["facts"] == {"given_name": "Jan", "family_name": "Kowalski", "pesel": "83041741039"}
    assert (said["level"], said["signed_by"]) == (2, None)
    events = set(await bank.events())
    assert {"ConsentGiven", "OperationAuthorised", "FactsReleased"} <= events
    assert "CodeIssued" not in events


async def test_a_remembered_consent_is_answered_at_once_and_stands_among_the_consents(bank: BankInProcess) -> None:
    browser = await visitor(bank)
    first = statement_on(await agreed(bank, browser))
    again = await ask(browser, "r2")
    assert again.path.startswith("/statement-request")
    assert statement_on(again) == {**first, "in_response_to": "r2"}
    listed = await browser.open("/settings/security/consents")
    assert "Urząd Bez Klienta" in listed.text
    [consent] = await bank.bank.consents.all_of("jan")
    left = await (await browser.open(f"/settings/security/consents/{consent.id}/withdraw")).submit("/withdraw")
    assert left.status == 200
    assert (await ask(browser, "r3")).form_to("/consent")


async def test_only_the_facts_that_are_wished_are_shown_and_released(bank: BankInProcess) -> None:
    page = await ask(await visitor(bank), query="facts=family_name")
    assert "Kowalski" in page.text
    assert "83041741039" not in page.text
    said = statement_on(await with_code(bank, await page.submit("/consent", consent="yes")))
    assert said["facts"] == {Fact.SURNAME.value: "Kowalski"}


async def test_a_release_is_answered_once(bank: BankInProcess) -> None:
    browser = await visitor(bank)
    page = await agreed(bank, browser)
    statement_on(page)
    again = await browser.open(page.path)
    assert "office.example/taken" not in again.response.text
    assert (await bank.events()).count("FactsReleased") == 1


async def test_who_cancels_is_led_back_with_nothing_but_how_it_ended(bank: BankInProcess) -> None:
    left = await (await ask(await visitor(bank))).submit("/cancel")
    assert statement_on(left) == {"in_response_to": "r1", "ended": "cancelled"}


async def test_who_is_refused_is_told_why_and_the_service_is_not(bank: BankInProcess) -> None:
    page = await ask(await visitor(bank, "piotr"))
    assert page.status == 403
    left = await page.browser.open(f"{page.path}/leave")
    assert statement_on(left) == {"in_response_to": "r1", "ended": "refused"}
    assert (await bank.events()).count("ReleaseRefused") == 1


@pytest.mark.parametrize(
    ("person", "query", "said"),
    [
        ("", "passive=1", {"not_without": "sign_in"}),
        ("jan", "passive=1", {"not_without": "informed_and_consented"}),
        ("piotr", "passive=1", {"ended": "refused"}),
        ("jan", "level=high", {"ended": "unmet"}),
    ],
)
async def test_what_is_answered_without_a_page(
    bank: BankInProcess, person: str, query: str, said: dict[str, str]
) -> None:
    browser = await visitor(bank, person) if person else AsgiBrowser(site_of(bank))
    assert statement_on(await ask(browser, query=query)) == {"in_response_to": "r1", **said}


async def test_a_new_sign_in_is_asked_for_where_one_is_wished(bank: BankInProcess) -> None:
    browser = await visitor(bank)
    statement_on(await agreed(bank, browser))
    assert (await ask(browser, "r2", "force=1")).path.startswith("/sign-in/")


async def test_a_signature_is_shown_and_authorised_and_its_operation_is_told(bank: BankInProcess) -> None:
    browser = await visitor(bank)
    statement_on(await agreed(bank, browser))
    page = await ask(browser, "r2", "sign=Podanie%20nr%2017")
    for told in ("Podanie nr 17", "podanie.pdf", "0123 4567 89ab cdef"):
        assert told in page.text
    said = statement_on(await with_code(bank, await page.submit("/operation")))
    operation = await bank.bank.operations.load(said["signed_by"])
    assert operation is not None
    assert "Podanie nr 17" in operation.operation.purpose
    assert operation.operation.document is not None
    assert operation.operation.document.name == "podanie.pdf"


async def test_the_page_comes_in_the_language_that_is_wished(bank: BankInProcess) -> None:
    page = await ask(await visitor(bank), query="lang=en-GB")
    assert "Office Without Client" in page.text


async def test_a_service_that_is_gone_leaves_a_page_that_is_out_of_date(
    bank: BankInProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = await ask(await visitor(bank))
    monkeypatch.setattr("tests.support.statement_protocol.OFFICE", type(OFFICE)(client_id="another"))
    assert (await page.browser.open(page.path)).status == 410


async def test_a_release_of_a_protocol_that_is_not_spoken_here_is_a_page_out_of_date(bank: BankInProcess) -> None:
    page = await ask(await visitor(bank))
    page.browser.site = bank.site
    assert (await page.browser.open(page.path)).status == 410

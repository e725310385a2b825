"""Authorising in the bank's own app (P3, T5): one question, the number from the page, approve or refuse."""

from collections.abc import AsyncIterator

import msgspec
import pytest
import pytest_asyncio

from poreka.rules.authorising.code_card import CodeCard
from poreka.rules.authorising.push_request import PushState
from poreka.rules.authorising.tools import Tool
from tests.support.asgi import AsgiPage
from tests.support.in_process import BankInProcess, BankTemplate
from tests.support.phone_app import (
    TOOLS,
    answer,
    approve,
    at_push,
    begin_again,
    give_app,
    number_of,
    told,
    wrong_number,
)


@pytest_asyncio.fixture
async def bank(sqlite_bank: BankTemplate) -> AsyncIterator[BankInProcess]:
    """A bank with an app, which Jan uses."""
    async with sqlite_bank.copy(tools=TOOLS) as started:
        await give_app(started)
        yield started


@pytest_asyncio.fixture
async def bank_on_each(bank_template: BankTemplate) -> AsyncIterator[BankInProcess]:
    """The same, once on SQLite and once on PostgreSQL."""
    async with bank_template.copy(tools=TOOLS) as started:
        await give_app(started)
        yield started


async def test_the_number_of_the_page_typed_in_the_app_releases(bank_on_each: BankInProcess) -> None:
    bank = bank_on_each
    page, asked = await at_push(bank), await told(bank)
    assert "Operacja nr 1" in page.text
    assert number_of(bank, asked) in page.text
    assert bank.phones.messages == []
    assert (await approve(bank, asked)).json() == {"state": "approved"}
    page = await page.browser.open(page.path)
    assert number_of(bank, asked) not in page.text
    tokens = await bank.fapi().redeem((await page.submit("/push")).answer["code"])
    claims = await bank.fapi().claims_of(tokens.json()["id_token"])
    assert claims["acr"] == "http://eidas.europa.eu/LoA/substantial"
    assert claims["amr"] == ["mfa", "pwd", "swk", "user"]
    assert {"PushOpened", "PushApproved", "OperationAuthorised", "ConsentGiven"} <= set(await bank.events())


async def test_the_app_is_told_what_the_page_says_and_never_the_number(bank: BankInProcess) -> None:
    page, asked = await at_push(bank), await told(bank)
    assert asked.service == "Piaskownica FAPI"
    assert asked.purpose in page.text
    assert asked.customer == "21570133"
    body = bank.app.messages[-1].body
    assert "83041741039" not in body
    assert f'"{number_of(bank, asked)}"' not in body
    headers = [("authorization", f"Bearer {bank.bank.app_secret}")]
    read = await bank.site.call("GET", f"/app/requests/{asked.id}?customer=21570133", headers=headers)
    assert msgspec.json.decode(read.content, type=type(asked)) == asked
    other = await bank.site.call("GET", f"/app/requests/{asked.id}?customer=21571404", headers=headers)
    assert other.status_code == 404


async def test_an_approval_opens_nothing_until_the_browser_goes_on(bank: BankInProcess) -> None:
    page, asked = await at_push(bank), await told(bank)
    await approve(bank, asked)
    assert await bank.bank.consents.in_force("jan", "sandbox-fapi") is None
    assert await bank.bank.database.all("SELECT * FROM authorization_codes") == []
    page = await page.browser.open(page.path)
    assert page.left_for is None
    assert "code" in (await page.submit("/push")).answer


async def test_the_page_s_script_is_told_how_it_stands(bank: BankInProcess) -> None:
    page, asked = await at_push(bank), await told(bank)
    status = f"{page.path}/push"
    assert (await page.browser.request("GET", status)).json() == {"state": "waiting", "trouble": ""}
    await approve(bank, asked)
    assert (await page.browser.request("GET", status)).json()["state"] == "approved"
    assert (await bank.browser().request("GET", status)).json()["state"] == "ended"


async def test_who_looks_before_there_is_an_answer_is_told_so(bank: BankInProcess) -> None:
    page, _ = await at_push(bank), await told(bank)
    page = await page.submit("/push")
    assert "Odpowiedzi jeszcze nie ma" in page.text


@pytest.mark.parametrize("how", ["refuse", "wrong"])
async def test_a_refusal_and_a_wrong_number_end_it_and_release_nothing(bank: BankInProcess, how: str) -> None:
    page, asked = await at_push(bank), await told(bank)
    number = wrong_number(bank, asked) if how == "wrong" else None
    assert (await answer(bank, asked, number=number)).json() == {"state": "refused"}
    assert (await approve(bank, asked)).status_code == 409
    page = await page.browser.open(page.path)
    assert "Nic nie zostało przekazane" in page.text
    await page.browser.post(f"{page.path}/push")
    assert await bank.bank.consents.in_force("jan", "sandbox-fapi") is None
    rows = await bank.bank.database.all("SELECT state, attempts FROM operations")
    assert [(row["state"], row["attempts"]) for row in rows] == [("failed", int(how == "wrong"))]


async def test_it_lapses_two_minutes_after_it_was_asked(bank: BankInProcess) -> None:
    page, asked = await at_push(bank), await told(bank)
    bank.clock.advance(120)
    late = await approve(bank, asked)
    assert (late.status_code, late.json()["state"]) == (409, "lapsed")
    page = await page.browser.open(page.path)
    assert "wygasła" in page.heading
    page = await begin_again(page, "push")
    again = await told(bank)
    assert again.operation.number == 2
    assert (await approve(bank, again)).status_code == 200
    assert "code" in (await page.submit("/push")).answer


async def test_a_request_that_could_not_be_sent_in_time_is_never_sent(bank: BankInProcess) -> None:
    await at_push(bank)
    bank.clock.advance(120)
    await bank.worker.send_due()
    assert bank.app.messages == []


async def test_an_approval_waits_two_minutes_for_its_browser(bank: BankInProcess) -> None:
    page, asked = await at_push(bank), await told(bank)
    await approve(bank, asked)
    bank.clock.advance(240)
    await page.browser.post(f"{page.path}/push")
    assert await bank.bank.consents.in_force("jan", "sandbox-fapi") is None
    assert "wygasła" in (await page.browser.open(page.path)).heading


async def test_two_refusals_bring_a_pause_and_another_tool_is_offered(bank: BankInProcess) -> None:
    page = await at_push(bank)
    await answer(bank, await told(bank))
    page = await begin_again(page, "push")
    await answer(bank, await told(bank))
    page = await page.browser.open(page.path)
    assert "Przerwa" in page.heading
    await page.browser.post(f"{page.path}/operation", tool="push")
    await bank.worker.send_due()
    assert len(bank.app.messages) == 2
    page = await begin_again(page, "sms")
    code = await bank.deliver()
    assert "code" in (await page.submit("/code", code=code)).answer


async def test_the_pause_holds_for_every_release_and_ends(bank: BankInProcess) -> None:
    page = await at_push(bank)
    await answer(bank, await told(bank))
    await begin_again(page, "push")
    await answer(bank, await told(bank))
    sent = len(bank.app.messages)
    other = await at_push(bank, await bank.signed_in())
    assert "Przerwa" in other.heading
    await bank.worker.send_due()
    assert len(bank.app.messages) == sent
    bank.clock.advance(15 * 60)
    await bank.signed_in(browser=other.browser)
    assert "code" in await _approved(bank, await begin_again(other, "push"))


async def _approved(bank: BankInProcess, page: AsgiPage) -> dict[str, str]:
    await approve(bank, await told(bank))
    return (await page.submit("/push")).answer


async def test_a_second_release_asks_nothing_while_a_question_is_open(bank: BankInProcess) -> None:
    browser = await bank.signed_in()
    first, asked = await at_push(bank, browser), await told(bank)
    second = await at_push(bank, browser, "other-fapi")
    assert "Inna prośba czeka" in second.heading
    await bank.worker.send_due()
    assert len(bank.app.messages) == 1
    await approve(bank, asked)
    assert "code" in (await first.submit("/push")).answer
    assert "code" in await _approved(bank, await begin_again(second, "push"))


@pytest.mark.parametrize("ending", ["cancel", "back"])
async def test_who_gives_up_takes_the_question_from_the_app(bank: BankInProcess, ending: str) -> None:
    page, asked = await at_push(bank), await told(bank)
    await page.browser.post(f"{page.path}/{ending}")
    over = await approve(bank, asked)
    assert (over.status_code, over.json()["state"]) == (409, "withdrawn")


async def test_a_request_that_nobody_sent_yet_is_not_sent_after_it_was_withdrawn(bank: BankInProcess) -> None:
    page = await at_push(bank)
    await page.browser.post(f"{page.path}/cancel")
    await bank.worker.send_due()
    assert bank.app.messages == []


async def test_the_person_is_told_when_the_app_is_away_and_uses_another_tool(bank: BankInProcess) -> None:
    await bank.bank.database.insert(bank.bank.tools.adding("jan", CodeCard(id="c1", serial="12345678"), bank.clock()))
    page = await at_push(bank)
    await bank.bank.database.run("UPDATE outbox SET failure = 'the app is away', attempts = 1")
    page = await page.browser.open(page.path)
    assert "Nie możemy się na razie połączyć" in page.text
    assert "Kod nr 1 z karty" in (await begin_again(page, "card")).text
    requests = await bank.bank.app_requests.recent("jan")
    assert [one.state for one in requests] == [PushState.WITHDRAWN]


async def test_without_trouble_no_other_tool_is_taken(bank: BankInProcess) -> None:
    page = await at_push(bank)
    assert 'value="sms"' not in page.response.text
    await page.browser.post(f"{page.path}/operation", tool="sms")
    await bank.worker.send_due()
    assert bank.phones.messages == []


async def test_who_has_no_app_any_more_is_told_so(bank: BankInProcess) -> None:
    await bank.bank.database.run("DELETE FROM held_tools")
    page = await bank.fapi().send(await bank.signed_in())
    assert page.status == 403
    assert "aplikacji" in page.text


async def test_a_session_that_is_strong_enough_asks_nothing(bank: BankInProcess) -> None:
    await bank.agreed("sandbox-fapi")
    page = await bank.fapi().send(await bank.signed_in("jan", Tool.PUSH.factor))
    assert page.status in (200, 303)


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        (b"{}", "application/json", 400),
        (b'{"customer":"21570133","answer":"approve"}', "application/json", 400),
        (b'{"customer":"21570133","answer":"refuse","number":"42"}', "application/json", 400),
        (b'{"customer":"21570133","answer":"approve","number":"7"}', "application/json", 400),
        (b'{"customer":"21570133","answer":"approve","number":"42","x":1}', "application/json", 400),
        (b"[" * 5000, "application/json", 400),
        (b"answer=approve", "application/x-www-form-urlencoded", 415),
    ],
)
async def test_an_answer_that_is_none_changes_nothing(
    bank: BankInProcess, body: bytes, content_type: str, status: int
) -> None:
    await at_push(bank)
    asked = await told(bank)
    headers = [("content-type", content_type), ("authorization", f"Bearer {bank.bank.app_secret}")]
    given = await bank.site.call("POST", f"/app/requests/{asked.id}/answer", body=body, headers=headers)
    assert given.status_code == status
    assert (await approve(bank, asked)).status_code == 200


@pytest.mark.parametrize("secret", ["", "x" * 64, "ł"])
async def test_only_the_app_s_back_end_answers(bank: BankInProcess, secret: str) -> None:
    await at_push(bank)
    asked = await told(bank)
    if secret.isascii():
        assert (await answer(bank, asked, secret=secret)).status_code == 401
    read = await bank.site.call("GET", f"/app/requests/{asked.id}?customer=21570133")
    assert read.status_code == 401
    assert (await approve(bank, asked)).status_code == 200


async def test_a_bank_without_an_app_takes_no_answers(sqlite_bank: BankTemplate) -> None:
    async with sqlite_bank.copy() as plain:
        headers = [("authorization", "Bearer ")]
        assert plain.bank.app_secret == ""
        assert (await plain.site.call("GET", "/app/requests/x", headers=headers)).status_code == 401

"""A new SIM card stops codes by SMS, whenever one would be sent, and leads to another tool (P10, P3)."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
import pytest_asyncio

from poreka.provider.authorising.sms_leave import NOBODY_ASKED, leave_for_sms
from poreka.provider.store.sim_swap import DemoSimCards
from poreka.rules.authorising.code_card import CodeCard, card_code
from poreka.rules.authorising.tools import Tool
from poreka.rules.levels import Factor
from tests.support.asgi import AsgiPage
from tests.support.customer_system import running
from tests.support.in_process import JAN, BankInProcess, BankTemplate
from tests.support.operator_system import CLIENT, SECRET, OperatorSystem
from tests.support.phone_app import TOOLS, approve, give_app, told

DAY = 24 * 3600
TABLE = {"source": "demo_table"}
SIM = "Twoja karta SIM została niedawno wymieniona"
UNTOLD = "Operator telefonu nie powiedział"


@pytest_asyncio.fixture
async def asking_bank(bank_template: BankTemplate) -> AsyncIterator[BankInProcess]:
    """A bank that asks the demonstration's operator, and offers code cards."""
    async with bank_template.copy(sim_swap=TABLE, tools=["sms", "card"]) as started:
        yield started


@pytest.fixture
def operator() -> Iterator[OperatorSystem]:
    system = OperatorSystem()
    system.changed = {f"+48{JAN.phone}": system.now - timedelta(days=1)}
    with running(system) as served:
        yield served


@asynccontextmanager
async def bank_at(
    operator: OperatorSystem, template: BankTemplate, folder: Path, **sim_swap: Any
) -> AsyncIterator[BankInProcess]:
    """A bank that asks an operator over HTTP."""
    secret = folder / "operator.secret"
    secret.write_text(f"{SECRET}\n")
    secret.chmod(0o600)
    origin = operator.origin.replace("127.0.0.1", "operator.localhost")
    asked = {
        "source": "http",
        "url": f"{origin}/sim-swap/v2",
        "token_url": f"{origin}/token",
        "client_id": CLIENT,
        "client_secret_file": str(secret),
    }
    async with template.copy(sim_swap={**asked, **sim_swap}, tools=["sms", "card"]) as started:
        yield started


async def replace_card(bank: BankInProcess, days_ago: float = 1) -> None:
    assert isinstance(bank.bank.sim_swap, DemoSimCards)
    await bank.bank.sim_swap.replaced(JAN.phone or "", bank.clock() - int(days_ago * DAY))


async def give_card(bank: BankInProcess, person: str = "jan") -> CodeCard:
    card = CodeCard(id=bank.bank.fresh.id(), serial="12345678")
    await bank.bank.database.insert(bank.bank.tools.adding(person, card, bank.clock()))
    return card


async def after_consent(bank: BankInProcess) -> AsgiPage:
    """Where the consent leads."""
    page = await bank.fapi().send(await bank.signed_in())
    assert 'name="consent"' in page.response.text
    page = await page.submit("/consent", consent="yes")
    return await page.browser.open(page.path)


async def choose(page: AsgiPage, tool: str) -> AsgiPage:
    """Press the button of a tool that the page offers."""
    assert page.html.css(f'form[action$="/tool"] button[name=tool][value={tool}]')
    await page.browser.post(f"{page.path}/tool", tool=tool)
    return await page.browser.open(page.path)


async def sms_sent(bank: BankInProcess) -> int:
    await bank.worker.send_due()
    return len(bank.phones.messages)


async def checks(bank: BankInProcess) -> list[dict[str, Any]]:
    """What the audit log holds about questions to the operator."""
    rows = await bank.bank.database.all("SELECT * FROM audit_entries WHERE event = 'SimChecked' ORDER BY at, number")
    said = [msgspec.json.decode(row["details"], type=dict[str, Any]) for row in rows]
    assert all(one.pop("correlator") and one.pop("journey_id") for one in said)
    return said


async def test_a_new_card_stops_the_code_that_would_be_sent(asking_bank: BankInProcess) -> None:
    bank = asking_bank
    await replace_card(bank)
    page = await after_consent(bank)
    assert page.status == 403
    assert SIM in page.text
    assert "/tool" not in page.response.text  # there is no other tool
    assert await sms_sent(bank) == 0
    assert await checks(bank) == [{"answer": "replaced", "why": "", "code_sent": False}]
    assert "ReleaseRefused" in await bank.events()
    assert "OperationIssued" not in await bank.events()
    refused = await page.browser.open(f"{page.path}/leave")
    assert refused.answer["error"] == "access_denied"
    assert "sim" not in refused.response.headers["location"].lower()


async def test_a_card_older_than_the_banks_days_is_as_good_as_any(asking_bank: BankInProcess) -> None:
    bank = asking_bank
    await replace_card(bank, days_ago=3)
    page = await after_consent(bank)
    assert "code" in (await page.submit("/code", code=await bank.deliver())).answer
    assert await checks(bank) == [{"answer": "kept", "why": "", "code_sent": True}]


async def test_a_card_that_is_replaced_before_a_code_is_sent_again_ends_the_operation(
    asking_bank: BankInProcess,
) -> None:
    bank = asking_bank
    page = await after_consent(bank)
    first = await bank.deliver()
    await replace_card(bank, days_ago=0)
    bank.clock.advance(31)
    again = await page.submit("/new-code", code="")
    again = await again.browser.open(page.path)
    assert again.status == 403
    assert SIM in again.response.text
    assert await sms_sent(bank) == 1
    late = await page.submit("/code", code=first)
    assert late.left_for is None
    row = await bank.bank.database.one("SELECT state FROM operations")
    assert row is not None
    assert row["state"] == "cancelled"


async def test_a_stronger_sign_in_asks_the_operator_as_well(asking_bank: BankInProcess) -> None:
    bank = asking_bank
    await replace_card(bank)
    browser = await bank.returning()
    page = await bank.fapi().send(browser, acr_values="http://eidas.europa.eu/LoA/substantial")
    assert "/operation" in page.response.text
    page = await page.submit("/operation")
    page = await page.browser.open(page.path)
    assert page.status == 403
    assert SIM in page.text
    assert await sms_sent(bank) == 0


async def test_another_tool_goes_on_and_the_choice_of_a_tool_stays(asking_bank: BankInProcess) -> None:
    bank = asking_bank
    await replace_card(bank)
    card = await give_card(bank)
    page = await after_consent(bank)
    assert "Użyj karty kodów" in page.text
    page = await choose(page, "card")
    assert "Kod nr 1 z karty 1234 5678" in page.text
    tokens = await bank.fapi().redeem(
        (await page.submit("/code", code=card_code(bank.bank.keys.codes, card.id, 1))).answer["code"]
    )
    assert (await bank.fapi().claims_of(tokens.json()["id_token"]))["acr"].endswith("/substantial")
    assert await bank.bank.tools.current("jan") is Tool.SMS
    assert await sms_sent(bank) == 0


async def test_what_the_bank_itself_knows_leads_to_another_tool_before_the_consent(asking_bank: BankInProcess) -> None:
    bank = asking_bank
    await bank.bank.database.run("UPDATE customers SET sim_replaced_at = $1 WHERE id = 'jan'", bank.clock() - 60)
    await give_card(bank)
    page = await bank.fapi().send(await bank.signed_in())
    assert page.status == 403
    assert await checks(bank) == []  # nobody needs to be asked
    page = await choose(page, "card")
    page = await page.submit("/consent", consent="yes")
    page = await page.browser.open(page.path)
    assert "Kod nr 1 z karty" in page.text


@pytest.mark.parametrize("tool", ["", "push", "sms", "card", "SMS"])
async def test_a_tool_that_was_not_offered_is_not_taken(asking_bank: BankInProcess, tool: str) -> None:
    bank = asking_bank
    await replace_card(bank)
    await give_card(bank, person="anna")
    page = await after_consent(bank)
    answer = await page.browser.post(f"{page.path}/tool", tool=tool)
    assert answer.headers["location"].endswith(page.path)
    assert SIM in (await page.browser.open(page.path)).response.text
    assert await sms_sent(bank) == 0


async def test_a_refusal_for_more_than_the_phone_offers_no_other_tool(asking_bank: BankInProcess) -> None:
    bank = asking_bank
    await bank.bank.database.run(
        "UPDATE customers SET sim_replaced_at = $1, account_role = 'none' WHERE id = 'jan'", bank.clock() - 60
    )
    await give_card(bank)
    page = await bank.fapi().send(await bank.signed_in())
    assert page.status == 403
    assert "/tool" not in page.response.text


async def test_who_authorises_with_a_card_is_not_asked_about(asking_bank: BankInProcess) -> None:
    bank = asking_bank
    await replace_card(bank)
    await give_card(bank)
    await bank.bank.tools.choose(bank.bank.database, "jan", Tool.CARD)
    assert "Kod nr 1 z karty" in (await after_consent(bank)).text
    assert await checks(bank) == []


async def test_a_consent_that_is_remembered_asks_nobody(asking_bank: BankInProcess) -> None:
    bank = asking_bank
    await replace_card(bank)
    browser = await bank.returning()
    assert "code" in (await bank.fapi().send(browser)).answer
    assert await checks(bank) == []


async def test_an_operator_over_http_is_asked_and_believed(
    operator: OperatorSystem, sqlite_bank: BankTemplate, tmp_path: Path
) -> None:
    async with bank_at(operator, sqlite_bank, tmp_path) as bank:
        assert SIM in (await after_consent(bank)).text
        [(_, sent, correlator)] = operator.asked
        assert sent == {"phoneNumber": f"+48{JAN.phone}", "maxAge": 72}
        row = await bank.bank.database.one("SELECT details FROM audit_entries WHERE event = 'SimChecked'")
        assert row is not None
        assert correlator in row["details"]
        assert (JAN.phone or "") not in row["details"]


async def test_an_operator_that_does_not_tell_stops_the_code_until_it_does(
    operator: OperatorSystem, sqlite_bank: BankTemplate, tmp_path: Path
) -> None:
    operator.changed, operator.trouble = {}, "404"
    async with bank_at(operator, sqlite_bank, tmp_path) as bank:
        page = await after_consent(bank)
        assert page.status == 403
        assert UNTOLD in page.text
        assert "Użyj karty" not in page.text
        page = await choose(page, "sms")
        assert UNTOLD in page.text
        operator.trouble = ""
        page = await choose(page, "sms")
        assert "code" in (await page.submit("/code", code=await bank.deliver())).answer
        untold = {"answer": "unknown", "why": "unknown_number", "code_sent": False}
        assert await checks(bank) == [untold, untold, {"answer": "kept", "why": "", "code_sent": True}]


async def test_a_bank_may_send_all_the_same_and_notes_that_nobody_told(
    operator: OperatorSystem, sqlite_bank: BankTemplate, tmp_path: Path
) -> None:
    operator.trouble = "500"
    async with bank_at(operator, sqlite_bank, tmp_path, if_unknown="allow") as bank:
        page = await after_consent(bank)
        assert "code" in (await page.submit("/code", code=await bank.deliver())).answer
        assert await checks(bank) == [{"answer": "unknown", "why": "status_500", "code_sent": True}]


async def test_a_choice_of_this_release_is_nothing_to_the_next_person(asking_bank: BankInProcess) -> None:
    bank = asking_bank
    await replace_card(bank)
    await give_card(bank)
    page = await after_consent(bank)
    page = await choose(page, "card")
    await bank.signed_in("anna", Factor.PASSWORD, browser=page.browser)
    page = await page.browser.open(page.path)
    page = await page.submit("/consent", consent="yes")
    page = await page.browser.open(page.path)
    assert "z karty" not in page.text
    assert await sms_sent(bank) == 1


async def test_the_app_is_another_tool_too(bank_template: BankTemplate) -> None:
    async with bank_template.copy(sim_swap=TABLE, tools=TOOLS) as bank:
        await replace_card(bank)
        await give_app(bank, current=False)
        page = await choose(await after_consent(bank), "push")
        await approve(bank, await told(bank))
        assert "code" in (await page.submit("/push")).answer
        assert await bank.bank.tools.current("jan") is Tool.SMS


async def test_codes_instead_of_the_app_ask_the_operator_and_lead_back_to_the_app(sqlite_bank: BankTemplate) -> None:
    async with sqlite_bank.copy(sim_swap=TABLE, tools=TOOLS) as bank:
        await replace_card(bank)
        await give_app(bank)
        page = await after_consent(bank)
        bank.clock.advance(bank.bank.settings.push.limits.life + 1)
        await page.browser.post(f"{page.path}/operation", tool="sms")
        page = await page.browser.open(page.path)
        assert SIM in page.text
        assert [one.channel for one in bank.phones.messages if one.channel == "sms"] == []
        page = await choose(page, "push")
        await approve(bank, await told(bank))
        assert "code" in (await page.submit("/push")).answer


@pytest.mark.parametrize(("old", "new"), [(Tool.SMS, Tool.CARD), (Tool.CARD, Tool.SMS)])
async def test_a_new_card_stops_a_change_of_tool_by_sms(asking_bank: BankInProcess, old: Tool, new: Tool) -> None:
    bank = asking_bank
    card = await give_card(bank)
    await replace_card(bank)
    await bank.bank.tools.choose(bank.bank.database, "jan", old)
    browser = await bank.signed_in()
    await browser.open("/settings/security/tools")
    answer = await browser.post("/settings/security/tools/change", tool=new.value)
    page = await browser.open(answer.headers["location"])
    if old is Tool.CARD:
        page = await page.submit("/code", code=card_code(bank.bank.keys.codes, card.id, 1))
        page = await page.browser.open(page.path)
    assert SIM in page.text
    assert "Nic się nie zmieniło" in page.text
    assert await bank.bank.tools.current("jan") is old
    assert await sms_sent(bank) == 0
    assert "SimChecked" in await bank.events()


async def test_nothing_is_sent_by_sms_where_nobody_was_asked(asking_bank: BankInProcess) -> None:
    customer = await asking_bank.customer()
    with pytest.raises(LookupError, match="without leave"):
        NOBODY_ASKED.check(asking_bank.bank, Tool.SMS)
    NOBODY_ASKED.check(asking_bank.bank, Tool.CARD)
    leave = await leave_for_sms(asking_bank.bank, customer, Tool.SMS, "a journey")
    leave.check(asking_bank.bank, Tool.SMS)

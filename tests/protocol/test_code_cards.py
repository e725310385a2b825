"""Authorising with a card of one-time codes (P3–P5): one code, by its number, once."""

import re

from poreka.rules.authorising.code_card import CODES, FEW, CodeCard, card_code
from poreka.rules.authorising.tools import Tool
from tests.protocol.test_release import wrong
from tests.support.asgi import AsgiPage
from tests.support.in_process import BankInProcess


async def give_card(bank: BankInProcess, next_code: int = 1, person: str = "jan") -> CodeCard:
    tools, card = bank.bank.tools, CodeCard(id=bank.bank.fresh.id(), serial="12345678", next_code=next_code)
    await bank.bank.database.insert(tools.adding(person, card, bank.clock()))
    await tools.choose(bank.bank.database, person, Tool.CARD)
    return card


async def at_card(bank: BankInProcess) -> AsgiPage:
    """The page that asks for a code of the card."""
    page = await bank.fapi().send(await bank.signed_in())
    page = await page.submit("/consent", consent="yes")
    return await page.browser.open(page.path)


def code(bank: BankInProcess, card: CodeCard, number: int) -> str:
    return card_code(bank.bank.keys.codes, card.id, number)


async def test_the_page_asks_for_a_number_and_the_code_releases(bank_on_each: BankInProcess) -> None:
    bank = bank_on_each
    card = await give_card(bank, next_code=7)
    page = await at_card(bank)
    assert "Kod nr 7 z karty 1234 5678" in page.text
    assert "new-code" not in page.response.text
    again = await page.submit("/code", code="12")
    for shown in (page, again):
        assert "SMS" not in shown.response.text.partition("<main")[2]
    await bank.worker.send_due()
    assert bank.phones.messages == []
    tokens = await bank.fapi().redeem((await page.submit("/code", code=code(bank, card, 7))).answer["code"])
    claims = await bank.fapi().claims_of(tokens.json()["id_token"])
    assert claims["acr"] == "http://eidas.europa.eu/LoA/substantial"
    assert claims["amr"] == ["mfa", "otp", "pwd"]
    assert [one.next_code for one in await bank.bank.tools.cards("jan")] == [8]


async def test_a_code_of_another_number_is_wrong_and_the_number_stays(bank: BankInProcess) -> None:
    card = await give_card(bank)
    for _ in range(2):
        page = await at_card(bank)
        assert "Kod nr 1 z karty" in page.text
        for number in (2, 3, 4):
            answer = await page.submit("/code", code=code(bank, card, number))
        assert answer.status in (200, 303)
        page = await page.browser.open(page.path)
        assert 'name="code"' not in page.response.text  # three wrong ones: aborted (P4)
    assert [one.next_code for one in await bank.bank.tools.cards("jan")] == [1]


async def test_a_code_is_good_for_one_operation(bank: BankInProcess) -> None:
    card = await give_card(bank)
    one = await at_card(bank)
    other = await bank.fapi("other-fapi", "https://other.example/callback").send(await bank.signed_in())
    other = await other.submit("/consent", consent="yes")
    other = await other.browser.open(other.path)
    assert "code" in (await one.submit("/code", code=code(bank, card, 1))).answer
    second = await other.submit("/code", code=code(bank, card, 1))
    assert not re.search(r"[?&]code=", second.response.headers.get("location", ""))


async def test_no_message_can_be_asked_for(bank: BankInProcess) -> None:
    await give_card(bank)
    page = await at_card(bank)
    await page.browser.post(page.path + "/new-code")
    await bank.worker.send_due()
    assert bank.phones.messages == []


async def test_a_new_card_is_sent_before_the_last_codes_run_out(bank: BankInProcess) -> None:
    card = await give_card(bank, next_code=CODES - FEW)
    page = await at_card(bank)
    await page.submit("/code", code=code(bank, card, CODES - FEW))
    cards = await bank.bank.tools.cards("jan")
    assert [one.left for one in cards] == [FEW, CODES]
    assert "CodeCardSent" in await bank.events()


async def test_a_blocked_card_opens_nothing_from_that_moment(bank: BankInProcess) -> None:
    card = await give_card(bank)
    page = await at_card(bank)
    await bank.bank.tools.block(bank.bank.database, "jan")
    answer = await page.submit("/code", code=code(bank, card, 1))
    assert not re.search(r"[?&]code=", answer.response.headers.get("location", ""))
    page = await bank.fapi().send(await bank.signed_in())
    assert page.status == 403
    assert "karty kodów" in page.text


async def test_a_new_sim_card_stops_no_code_card(bank: BankInProcess) -> None:
    card = await give_card(bank)
    await bank.bank.database.run("UPDATE customers SET sim_replaced_at = $1, sms_active = FALSE", bank.clock() - 60)
    page = await at_card(bank)
    assert "code" in (await page.submit("/code", code=code(bank, card, 1))).answer


async def test_wrong_codes_of_a_card_count_towards_the_day(bank: BankInProcess) -> None:
    card = await give_card(bank)
    for _ in range(3):
        page = await at_card(bank)
        for by in (1, 2, 3):
            await page.submit("/code", code=wrong(code(bank, card, 1), by))
    page = await bank.fapi().send(await bank.signed_in())
    assert page.status == 403

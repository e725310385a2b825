"""The limits on codes hold however many sign-ins are under way at once (P4, `rules/limits/code_allowance.py`).

A guesser who has the password opens many releases first, and then sends everything at the same moment.
"""

import asyncio

from poreka.rules.limits.code_allowance import CodeAllowance
from tests.protocol.test_release import wrong
from tests.support.asgi import AsgiBrowser, AsgiPage
from tests.support.in_process import BankInProcess

MOST = CodeAllowance()


async def at_consent(bank: BankInProcess, browser: AsgiBrowser, count: int) -> list[AsgiPage]:
    """As many releases of one person as asked for, each at the question for consent."""
    client = bank.fapi()
    return [await client.send(browser) for _ in range(count)]


async def test_consents_sent_at_once_send_no_more_codes_than_a_day_allows(bank_on_each: BankInProcess) -> None:
    browser = await bank_on_each.signed_in()
    pages = await at_consent(bank_on_each, browser, MOST.operations + 6)
    await asyncio.gather(*(browser.post(f"{page.path}/consent", consent="yes", text=page.shown_text) for page in pages))
    await bank_on_each.worker.send_due()
    assert len(bank_on_each.phones.messages) == MOST.operations


async def test_the_last_code_of_a_day_still_counts(bank: BankInProcess) -> None:
    browser = await bank.signed_in()
    for page in await at_consent(bank, browser, MOST.operations):
        await browser.post(f"{page.path}/consent", consent="yes", text=page.shown_text)
        code = await bank.deliver()
    await browser.post(f"{page.path}/code", code=code)
    assert await bank.bank.consents.in_force("jan", "sandbox-fapi") is not None


async def test_codes_tried_at_once_are_no_more_than_a_day_allows(bank_on_each: BankInProcess) -> None:
    browser = await bank_on_each.signed_in()
    pages = await at_consent(bank_on_each, browser, MOST.wrong + 6)
    codes = []
    for page in pages:
        await browser.post(f"{page.path}/consent", consent="yes", text=page.shown_text)
        codes.append(await bank_on_each.deliver())
    tries = (browser.post(f"{page.path}/code", code=wrong(code)) for page, code in zip(pages, codes, strict=True))
    await asyncio.gather(*tries)
    assert (await bank_on_each.events()).count("CodeRefused") == MOST.wrong
    await browser.post(f"{pages[-1].path}/code", code=codes[-1])
    assert await bank_on_each.bank.consents.in_force("jan", "sandbox-fapi") is None

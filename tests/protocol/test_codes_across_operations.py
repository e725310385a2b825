"""Nine wrong codes in a day and no tenth, however often the sign-in is begun anew (P4,
`rules/limits/code_allowance.py`)."""

from tests.protocol.test_release import at_code, wrong
from tests.support.in_process import BankInProcess

DAY = 24 * 60 * 60


async def fail_once(bank: BankInProcess) -> None:
    """A whole release that ends by the third wrong code."""
    page, code = await at_code(bank)
    for by in (1, 2, 3):
        page = await page.browser.open(page.path)
        await page.submit("/code", code=wrong(code, by))


async def test_after_nine_wrong_codes_no_code_is_sent_for_a_day(bank_on_each: BankInProcess) -> None:
    for _ in range(3):
        await fail_once(bank_on_each)
    sent = len(bank_on_each.phones.messages)

    page = await bank_on_each.fapi().send(await bank_on_each.signed_in())
    assert page.status == 403
    assert not page.response.text.count('action="/release/' + page.path.split("/")[2] + '/consent"')
    answer = await page.browser.post(f"{page.path}/consent", consent="yes")
    assert answer.status_code == 303
    await bank_on_each.worker.send_due()
    assert len(bank_on_each.phones.messages) == sent

    bank_on_each.clock.advance(DAY + 1)
    page, code = await at_code(bank_on_each)
    assert "code" in (await page.submit("/code", code=code)).answer


async def test_going_back_again_and_again_gives_no_more_tries(bank: BankInProcess) -> None:
    page, code = await at_code(bank)
    for _ in range(4):
        for by in (1, 2):
            await page.submit("/code", code=wrong(code, by))
        await page.submit("/back")
        page = await page.browser.open(page.path)
        page = await page.submit("/consent", consent="yes")
        code = await bank.deliver()
        page = await page.browser.open(page.path)
    assert page.status == 200  # eight wrong ones so far
    await page.submit("/code", code=wrong(code))
    page = await page.browser.open(page.path)
    assert page.status == 403
    assert await bank.bank.consents.in_force("jan", "sandbox-fapi") is None


async def test_a_remembered_consent_needs_no_code_and_is_not_stopped(bank: BankInProcess) -> None:
    browser = await bank.returning()
    for _ in range(3):
        page = await bank.fapi().send(await bank.signed_in("jan"), prompt="consent")
        page = await page.submit("/consent", consent="yes")
        code = await bank.deliver()
        for by in (1, 2, 3):
            page = await page.browser.open(page.path)
            await page.submit("/code", code=wrong(code, by))
    assert "code" in (await bank.fapi().send(browser)).answer

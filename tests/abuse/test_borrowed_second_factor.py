"""A second factor is its owner's: what another customer was sent authorises nothing for anybody else (P3, P4).

The thief has somebody's password and an account of their own at the same bank. They begin a release as themselves,
have a code sent to their own phone, sign in as the other person in the same browser, and go on.
"""

import pytest

from tests.protocol.test_release import SUBSTANTIAL
from tests.support.in_process import BankInProcess

THIEF, OWNER = "anna", "jan"


@pytest.mark.parametrize("authorised_before", [False, True])
async def test_a_code_for_one_customer_strengthens_nobody_else_s_session(
    bank: BankInProcess, authorised_before: bool
) -> None:
    client = bank.fapi()
    await bank.agreed("sandbox-fapi", person=OWNER)
    page = await client.send(await bank.signed_in(THIEF), acr_values=SUBSTANTIAL)
    browser, path = page.browser, page.path
    await browser.post(f"{path}/consent", consent="yes", text=page.shown_text)
    code = await bank.deliver()
    assert bank.phones.messages[-1].recipient == "600201018"
    if authorised_before:
        await browser.post(f"{path}/code", code=code)

    await bank.signed_in(OWNER, browser=browser)
    await browser.post(f"{path}/code", code=code)

    after = await browser.open(path)
    assert after.left_for is None, "the owner's data left with the thief's code"
    session = await bank.bank.sessions.by_cookie(browser.cookie("session") or "")
    assert session is not None
    assert [factor.value for factor in session.factors] == ["password"]
    assert after.form_to("/operation"), "the owner is asked for a code of their own"


async def test_the_next_customer_neither_cancels_nor_repeats_the_operation_of_another(bank: BankInProcess) -> None:
    await bank.agreed("sandbox-fapi", person=OWNER)
    page = await bank.fapi().send(await bank.signed_in(THIEF), acr_values=SUBSTANTIAL)
    await page.browser.post(f"{page.path}/consent", consent="yes", text=page.shown_text)
    await bank.deliver()
    await bank.signed_in(OWNER, browser=page.browser)
    bank.clock.advance(31)
    await page.browser.post(f"{page.path}/new-code")
    await page.browser.post(f"{page.path}/operation")
    await bank.worker.send_due()
    rows = await bank.bank.database.all("SELECT person_id, resends FROM operations ORDER BY id")
    assert [(row["person_id"], row["resends"]) for row in rows] == [(THIEF, 0), (OWNER, 0)]
    assert [message.recipient for message in bank.phones.messages] == ["600201018", "600201011"]


async def test_a_release_authorised_before_a_sign_out_does_not_strengthen_the_next_session(bank: BankInProcess) -> None:
    """The code was right, and the page left standing; whoever signs in later in this browser, by password alone,
    has not proven what that code proved."""
    await bank.agreed("sandbox-fapi", person=OWNER)
    page = await bank.fapi().send(await bank.signed_in(OWNER), acr_values=SUBSTANTIAL)
    browser = page.browser
    await browser.post(f"{page.path}/operation")
    await browser.post(f"{page.path}/code", code=await bank.deliver())
    await (await browser.open("/")).submit("/sign-out")
    await bank.signed_in(OWNER, browser=browser)
    sent = len(bank.phones.messages)
    page = await browser.open(page.path)
    assert (page.status, page.left_for) == (410, None)
    assert (await browser.post(f"{page.path}/operation")).status_code == 410
    await bank.worker.send_due()
    assert len(bank.phones.messages) == sent


async def test_whoever_signs_in_again_after_the_code_confirms_again(bank: BankInProcess) -> None:
    """A double click may lose the cookie that the right code gave: the way on is a sign-in and a code, no dead end."""
    client = bank.fapi()
    page = await client.send(await bank.signed_in(OWNER), acr_values=SUBSTANTIAL)
    browser = page.browser
    await browser.post(f"{page.path}/consent", consent="yes", text=page.shown_text)
    await browser.post(f"{page.path}/code", code=await bank.deliver())
    await bank.signed_in(OWNER, browser=browser)
    await (await browser.open(page.path)).submit("/operation")
    left = await (await browser.open(page.path)).submit("/code", code=await bank.deliver())
    claims = await client.claims_of((await client.redeem(left.answer["code"])).json()["id_token"])
    assert claims["acr"] == SUBSTANTIAL

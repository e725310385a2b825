"""A `request_uri` that comes a second time: it leads back in the browser that used it, and is an error elsewhere."""

import pytest

from tests.protocol.test_release import at_code
from tests.support.asgi import AsgiBrowser
from tests.support.in_process import BankInProcess
from tests.support.relying_client import FapiClient


async def begun(bank: BankInProcess, browser: AsgiBrowser) -> tuple[FapiClient, str, str]:
    """The client, the address its reference makes, and the release that a browser began with it."""
    client = bank.fapi()
    path = client.authorize_path(await client.reference())
    return client, path, await location(browser, path)


async def location(browser: AsgiBrowser, path: str) -> str:
    """Where an address leads, without the wish for a language."""
    answer = await browser.request("GET", path)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"].partition("?")[0]


async def refused(browser: AsgiBrowser, path: str) -> bool:
    page = await browser.open(path)
    return page.status == 400 and page.left_for is None


async def test_fapi2_security_profile_final_par_ensure_reused_request_uri_prior_to_auth_completion_succeeds(
    bank_on_each: BankInProcess,
) -> None:
    browser = await bank_on_each.signed_in()
    client, path, release = await begun(bank_on_each, browser)
    assert await location(browser, path) == release
    page = await (await browser.open(path)).submit("/consent", consent="yes")
    left = await page.submit("/code", code=await bank_on_each.deliver())
    assert (await client.redeem(left.answer["code"])).status_code == 200
    assert (await bank_on_each.events()).count("CodeIssued") == 1


async def test_somebody_who_is_not_signed_in_yet_comes_back_to_the_sign_in(bank: BankInProcess) -> None:
    browser = bank.browser()
    _, path, release = await begun(bank, browser)
    assert await location(browser, path) == release
    assert len(await bank.bank.database.all("SELECT id FROM journeys")) == 1


async def test_it_leads_back_after_the_reference_itself_has_expired(bank: BankInProcess) -> None:
    browser = await bank.signed_in()
    _, path, release = await begun(bank, browser)
    bank.clock.advance(120)
    assert await location(browser, path) == release
    await bank.bank.database.run("DELETE FROM pushed_requests")
    assert await location(browser, path) == release


async def test_fapi2_security_profile_final_par_attempt_reuse_request_uri_after_a_journey(
    bank_on_each: BankInProcess,
) -> None:
    """Once a code was given, the reference is used up in every browser."""
    browser = await bank_on_each.signed_in()
    _, path, release = await begun(bank_on_each, browser)
    page = await (await browser.open(release)).submit("/consent", consent="yes")
    left = await page.submit("/code", code=await bank_on_each.deliver())
    assert "code" in left.answer
    assert await refused(browser, path)
    assert (await bank_on_each.events()).count("CodeIssued") == 1


async def test_in_another_browser_it_is_an_error_though_the_same_person_is_signed_in(bank: BankInProcess) -> None:
    _, path, _ = await begun(bank, await bank.signed_in())
    other = await bank.signed_in()
    await other.open("/sign-in")
    assert await refused(other, path)
    assert await refused(bank.browser(), path)
    assert len(await bank.bank.database.all("SELECT id FROM journeys")) == 1


@pytest.mark.parametrize("ended", ["cancelled", "expired", "aborted"])
async def test_a_release_that_has_ended_is_not_led_back_into(bank: BankInProcess, ended: str) -> None:
    browser = await bank.signed_in()
    _, path, release = await begun(bank, browser)
    page = await browser.open(release)
    if ended == "cancelled":
        await page.submit("/cancel")
    elif ended == "expired":
        bank.clock.advance(30 * 60)
    else:
        page = await page.submit("/consent", consent="yes")
        code = await bank.deliver()
        for n in range(1, 4):
            await browser.post(f"{release}/code", code=f"{(int(code) + n) % 1_000_000:06d}")
    assert await refused(browser, path)


async def test_another_client_cannot_lead_into_a_release_with_a_reference_that_is_not_its_own(
    bank: BankInProcess,
) -> None:
    browser, client = await bank.signed_in(), bank.fapi()
    reference = await client.reference()
    await browser.open(client.authorize_path(reference))
    assert await refused(browser, bank.fapi("other-fapi").authorize_path(reference))


async def test_a_request_without_pages_that_is_repeated_stays_an_error(bank: BankInProcess) -> None:
    browser, client = await bank.returning(), bank.fapi()
    path = client.authorize_path(await client.reference(prompt="none"))
    assert "code" in (await browser.open(path)).answer
    assert await refused(browser, path)


async def test_in_the_middle_of_a_code_it_leads_to_the_code_and_sends_no_other(bank: BankInProcess) -> None:
    browser = await bank.signed_in()
    _, path, release = await begun(bank, browser)
    page, _ = await at_code(bank, browser)  # another release beside it is not disturbed
    own = await (await browser.open(path)).submit("/consent", consent="yes")
    assert own.path == release
    await bank.deliver()
    sent = len(bank.phones.messages)
    assert (await browser.open(path)).path == release
    assert page.path != release
    await bank.worker.send_due()
    assert len(bank.phones.messages) == sent

"""The journey of a first release: consent, one code, the facts; and every way it can go wrong (P2–P6, P8)."""

import pytest

from tests.support.asgi import AsgiBrowser, AsgiPage
from tests.support.in_process import BankInProcess, BankTemplate

SUBSTANTIAL = "http://eidas.europa.eu/LoA/substantial"


async def at_consent(bank: BankInProcess, browser: AsgiBrowser | None = None) -> AsgiPage:
    """The consent page of a first release."""
    return await bank.fapi().send(browser or await bank.signed_in())


async def at_code(bank: BankInProcess, browser: AsgiBrowser | None = None) -> tuple[AsgiPage, str]:
    """The page that asks for the code, and the code that was sent."""
    page = await (await at_consent(bank, browser)).submit("/consent", consent="yes")
    code = await bank.deliver()
    return await page.browser.open(page.path), code


def wrong(code: str, by: int = 1) -> str:
    return f"{(int(code) + by) % 1_000_000:06}"


async def test_a_first_release_from_consent_to_facts(bank_on_each: BankInProcess) -> None:
    client = bank_on_each.fapi()
    page = await at_consent(bank_on_each)
    assert page.status == 200
    for told in ("Jan", "Kowalski", "83041741039", "Piaskownica FAPI"):
        assert told in page.text
    page = await page.submit("/consent", consent="yes")
    code = await bank_on_each.deliver()
    assert code not in page.response.text
    page = await page.browser.open(page.path)
    assert "1" in page.text
    left = await page.submit("/code", code=code)
    assert left.answer.keys() == {"code", "state", "iss"}
    tokens = (await client.redeem(left.answer["code"])).json()
    claims = await client.claims_of(tokens["id_token"])
    assert claims["acr"] == SUBSTANTIAL
    assert (await client.facts(tokens["access_token"]))["pesel"] == "83041741039"
    assert {"ConsentGiven", "OperationIssued", "OperationAuthorised", "CodeIssued"} <= set(await bank_on_each.events())


async def test_a_code_may_be_typed_with_spaces(bank: BankInProcess) -> None:
    page, code = await at_code(bank)
    assert "code" in (await page.submit("/code", code=f" {code[:3]} {code[3:]} ")).answer


async def test_the_message_names_the_operation_and_the_day_and_no_link(bank: BankInProcess) -> None:
    page, _ = await at_code(bank)
    body = bank.phones.messages[-1].body
    assert "Kod SMS nr 1:" in body
    assert "http" not in body
    assert "Jan" not in body
    assert bank.phones.messages[-1].recipient == "600201011"
    assert "011" in page.text
    assert "600201011" not in page.text


async def test_without_a_tick_there_is_no_code_and_no_consent(bank: BankInProcess) -> None:
    page = await (await at_consent(bank)).submit("/consent")
    assert page.status == 422
    assert page.form_to("/consent")
    assert await bank.bank.database.all("SELECT id FROM outbox") == []
    for value in ("no", "on", "YES", "1"):
        answer = await page.browser.post(page.path, consent=value)
        assert answer.status_code == 422
    assert await bank.bank.consents.in_force("jan", "sandbox-fapi") is None


async def test_there_is_no_consent_and_no_code_before_the_operation_is_authorised(
    bank: BankInProcess,
) -> None:
    page, _ = await at_code(bank)
    assert await bank.bank.consents.in_force("jan", "sandbox-fapi") is None
    assert (await page.browser.open(page.path)).left_for is None
    assert await bank.bank.database.all("SELECT * FROM authorization_codes") == []


async def test_a_remembered_consent_shows_no_page_at_all(bank: BankInProcess) -> None:
    page, code = await at_code(bank)
    await page.submit("/code", code=code)
    answer = await page.browser.request("GET", bank.fapi().authorize_path(await bank.fapi().reference()))
    assert answer.headers["location"].startswith(bank.fapi().redirect_uri + "?code=")
    assert len(bank.phones.messages) == 1


async def test_another_version_of_the_text_asks_again(sqlite_bank: BankTemplate) -> None:
    async with sqlite_bank.copy(consent_text_version="2027-01") as bank:
        page = await bank.fapi().send(await bank.returning())
        assert page.form_to("/consent")
        page = await page.submit("/consent", consent="yes")
        code = await bank.deliver()
        assert "code" in (await (await page.browser.open(page.path)).submit("/code", code=code)).answer
        record = await bank.bank.consents.in_force("jan", "sandbox-fapi")
        assert record is not None
        assert record.consent.text_version == "2027-01"


async def test_a_policy_of_asking_every_time(bank: BankInProcess) -> None:
    await bank.change_client("sandbox-fapi", consent_policy="every_time")
    page, code = await at_code(bank, await bank.returning())
    assert "code" in (await page.submit("/code", code=code)).answer
    assert (await bank.fapi().send(page.browser)).form_to("/consent")


async def test_the_third_wrong_code_ends_it_and_nothing_is_remembered(bank_on_each: BankInProcess) -> None:
    page, code = await at_code(bank_on_each)
    path = page.path
    for _ in range(2):
        page = await page.submit("/code", code=wrong(code))
        assert page.status == 422
    ended = await page.submit("/code", code=wrong(code))
    assert ended.left_for is None
    assert ended.status == 200
    assert await bank_on_each.bank.consents.in_force("jan", "sandbox-fapi") is None
    late = await page.browser.post(f"{path}/code", code=code)
    assert late.status_code == 303
    assert (await page.browser.open(path)).left_for is None

    left = await page.browser.open(f"{path}/leave")
    assert (left.answer["error"], left.answer["poreka_reason"]) == ("access_denied", "aborted")
    assert left.answer.keys() == {"error", "error_description", "poreka_reason", "state", "iss"}


async def test_what_is_no_code_does_not_count_as_a_try(bank: BankInProcess) -> None:
    page, code = await at_code(bank)
    for nonsense in ("", "12345", "1234567", "abcdef", "١٢٣٤٥٦", "12 34", "<script>"):
        page = await page.submit("/code", code=nonsense)
        assert page.status == 422
        assert "<script>" not in page.response.text
    assert "code" in (await page.submit("/code", code=code)).answer


async def test_a_new_code_kills_the_old_one_and_gives_no_new_tries(bank: BankInProcess) -> None:
    page, first = await at_code(bank)
    page = await page.submit("/code", code=wrong(first))
    too_soon = await page.submit("/new-code")
    assert too_soon.status == 429
    assert too_soon.html.css_first("[aria-invalid], .govuk-error-summary") is None
    bank.clock.advance(31)
    page = await page.submit("/new-code")
    second = await bank.deliver()
    assert "nr 1:" in bank.phones.messages[-1].body
    if first != second:
        page = await (await page.browser.open(page.path)).submit("/code", code=first)
        assert page.status == 422
    ended = await page.submit("/code", code=wrong(second, 2))
    assert "poreka_reason" in (await ended.browser.open(f"{page.path.removesuffix('/code')}/leave")).answer


async def test_three_new_codes_are_enough(bank: BankInProcess) -> None:
    page, _ = await at_code(bank)
    path = page.path
    for _ in range(3):
        bank.clock.advance(31)
        page = await page.browser.open(path)
        await page.submit("/new-code")
        await bank.deliver()
    bank.clock.advance(31)
    await page.browser.post(f"{path}/new-code")
    await bank.worker.send_due()
    assert len(bank.phones.messages) == 4


async def test_the_code_of_another_operation_is_wrong(bank: BankInProcess) -> None:
    jan, code_of_jan = await at_code(bank)
    anna, code_of_anna = await at_code(bank, await bank.signed_in("anna"))
    if code_of_jan == code_of_anna:
        return
    assert (await jan.submit("/code", code=code_of_anna)).status == 422
    assert (await anna.submit("/code", code=code_of_jan)).status == 422
    assert "code" in (await jan.submit("/code", code=code_of_jan)).answer


async def test_operations_are_numbered_by_customer_and_day(bank: BankInProcess) -> None:
    browser = await bank.signed_in()
    for number in (1, 2):
        await at_code(bank, browser)
        assert f"Kod SMS nr {number}:" in bank.phones.messages[-1].body
    await at_code(bank, await bank.signed_in("anna"))
    assert "Kod SMS nr 1:" in bank.phones.messages[-1].body


async def test_a_code_lives_five_minutes_from_the_moment_it_was_sent(bank: BankInProcess) -> None:
    page = await (await at_consent(bank)).submit("/consent", consent="yes")
    bank.clock.advance(100)
    code = await bank.deliver()
    bank.clock.advance(299)
    page = await page.browser.open(page.path)
    assert page.form_to("/code")
    bank.clock.advance(1)
    late = await page.submit("/code", code=code)
    assert late.left_for is None
    assert await bank.bank.consents.in_force("jan", "sandbox-fapi") is None


@pytest.mark.parametrize("pressed", ["/new-code", "/operation"])
async def test_after_the_time_of_a_code_another_operation_takes_its_place_in_the_same_release(
    bank: BankInProcess, pressed: str
) -> None:
    """On the page that was left open, or on the one that says so; the old code fits nothing any more."""
    page, old = await at_code(bank)
    assert page.html.css_first("[data-time-left]").attributes["data-time-left"] == "300"
    assert "Kod jest ważny do" in page.text
    bank.clock.advance(300)
    if pressed == "/operation":
        page = await page.browser.open(page.path)
        assert "Czas na wpisanie kodu minął" in page.text
        assert page.html.css_first("#code") is None
    page = await page.submit(pressed)
    new = await bank.deliver()
    page = await page.browser.open(page.path)
    assert "Operacja nr 2" in page.text
    if new != old:
        assert (await page.submit("/code", code=old)).status == 422
    assert "code" in (await page.submit("/code", code=new)).answer


async def test_codes_that_nobody_typed_are_bounded_by_the_day_and_by_the_journey(bank: BankInProcess) -> None:
    page, _ = await at_code(bank)
    sent = len(bank.phones.messages)
    for _ in range(10):
        bank.clock.advance(300)
        await page.browser.post(f"{page.path}/new-code")
        await bank.worker.send_due()
    assert len(bank.phones.messages) - sent == 5, "half an hour is over"
    for _ in range(30):
        page = await bank.fapi().send(await bank.signed_in())
        if page.status == 403:
            break
        await page.submit("/consent", consent="yes")
    assert page.status == 403
    issued = await bank.bank.database.one("SELECT count(*) AS n FROM operations WHERE person_id = 'jan'")
    assert issued is not None
    assert issued["n"] == 20


async def test_a_whole_journey_lives_half_an_hour(bank: BankInProcess) -> None:
    page = await at_consent(bank)
    bank.clock.advance(30 * 60)
    again = await bank.signed_in(browser=page.browser)
    ended = await again.open(page.path)
    assert ended.status == 200
    assert (await again.open(f"{page.path}/leave")).answer["poreka_reason"] == "expired"
    bank.clock.advance(31 * 60)
    assert (await again.open(page.path)).status == 410


async def test_cancelling_sends_nothing_and_says_only_that(bank: BankInProcess) -> None:
    """fapi2-security-profile-final-user-rejects-authentication."""
    left = await (await at_consent(bank)).submit("/cancel")
    assert (left.answer["error"], left.answer["poreka_reason"]) == ("access_denied", "cancelled")
    assert "code" not in left.answer


async def test_cancelling_at_the_code_kills_the_operation(bank: BankInProcess) -> None:
    page, code = await at_code(bank)
    assert (await page.submit("/cancel")).answer["poreka_reason"] == "cancelled"
    await page.browser.post(f"{page.path}/code", code=code)
    assert (await page.browser.open(page.path)).left_for is None
    assert await bank.bank.consents.in_force("jan", "sandbox-fapi") is None


async def test_bank_first_a_cancel_leads_to_the_bank(bank: BankInProcess) -> None:
    browser = await bank.signed_in()
    await (await browser.open("/finances/services")).submit("/services/other-fapi/enter")
    client = bank.fapi("other-fapi", "https://other.example/callback")
    page = await (await client.send(browser)).submit("/cancel")
    assert page.left_for is None
    assert page.path.startswith("/?ended=cancelled")
    assert page.status == 200


async def test_bank_first_a_release_leads_to_the_service(bank: BankInProcess) -> None:
    browser = await bank.signed_in()
    await (await browser.open("/finances/services")).submit("/services/other-fapi/enter")
    client = bank.fapi("other-fapi", "https://other.example/callback")
    page = await (await client.send(browser)).submit("/consent", consent="yes")
    code = await bank.deliver()
    left = await (await browser.open(page.path)).submit("/code", code=code)
    assert left.left_for is not None
    assert left.left_for.startswith("https://other.example/callback?code=")


async def test_who_is_not_eligible_is_told_everything_and_the_service_almost_nothing(
    bank: BankInProcess,
) -> None:
    browser = await bank.signed_in("piotr")
    page = await bank.fapi().send(browser)
    assert page.status == 403
    left = await browser.open(f"{page.path}/leave")
    assert left.answer.keys() == {"error", "error_description", "poreka_reason", "state", "iss"}
    assert (left.answer["error"], left.answer["poreka_reason"]) == ("access_denied", "refused")
    assert (await bank.events()).count("ReleaseRefused") == 1
    await browser.open(page.path)
    assert (await bank.events()).count("ReleaseRefused") == 1


async def test_a_stronger_sign_in_needs_a_code_but_no_new_consent(bank: BankInProcess) -> None:
    browser, client = await bank.returning(), bank.fapi()
    page = await client.send(browser, acr_values=SUBSTANTIAL)
    before = browser.cookie("session")
    page = await page.submit("/operation")
    code = await bank.deliver()
    left = await (await browser.open(page.path)).submit("/code", code=code)
    claims = await client.claims_of((await client.redeem(left.answer["code"])).json()["id_token"])
    assert claims["acr"] == SUBSTANTIAL
    assert claims["auth_time"] == bank.clock()
    assert browser.cookie("session") != before
    assert (await bank.events()).count("ConsentGiven") == 0

    thief = bank.browser()
    thief.set_cookie("session", before or "")
    assert (await client.send(thief, prompt="none")).answer["error"] == "login_required"
    stronger = await client.tokens(browser, acr_values=SUBSTANTIAL)
    assert (await client.claims_of(stronger["id_token"]))["acr"] == SUBSTANTIAL


async def test_going_back_from_the_code_forgets_the_consent_and_kills_the_code(bank: BankInProcess) -> None:
    page, code = await at_code(bank)
    back = await page.submit("/back")
    assert back.form_to("/consent")
    await page.browser.post(f"{page.path}/code", code=code)
    still = await page.browser.open(page.path)
    assert still.form_to("/consent")
    again = await still.submit("/consent", consent="yes")
    new = await bank.deliver()
    assert "nr 2:" in bank.phones.messages[-1].body
    assert "code" in (await (await again.browser.open(again.path)).submit("/code", code=new)).answer

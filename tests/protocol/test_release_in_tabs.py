"""Double clicks, stale tabs, other browsers, other people: a release stays one release of one person."""

import asyncio

import pytest

from tests.protocol.test_release import at_code, at_consent, wrong
from tests.support.in_process import BankInProcess


async def test_a_double_click_on_the_consent_sends_one_code(bank_on_each: BankInProcess) -> None:
    page = await at_consent(bank_on_each)
    agreed = {"consent": "yes", "text": page.shown_text}
    answers = await asyncio.gather(*(page.browser.post(f"{page.path}/consent", **agreed) for _ in range(5)))
    assert {answer.status_code for answer in answers} == {303}
    await bank_on_each.deliver()
    assert len(bank_on_each.phones.messages) == 1
    assert (await bank_on_each.events()).count("OperationIssued") == 1


async def test_a_double_click_on_the_code_releases_once(bank_on_each: BankInProcess) -> None:
    page, code = await at_code(bank_on_each)
    answers = await asyncio.gather(*(page.browser.post(f"{page.path}/code", code=code) for _ in range(4)))
    assert {answer.status_code for answer in answers} == {303}
    assert sum("set-cookie" in answer.headers for answer in answers) == 1
    assert (await bank_on_each.events()).count("ConsentGiven") == 1
    pages = await asyncio.gather(*(page.browser.open(page.path) for _ in range(3)))
    assert sorted(one.status for one in pages) == [303, 410, 410]
    assert (await bank_on_each.events()).count("CodeIssued") == 1


async def test_wrong_codes_at_once_are_all_counted(bank_on_each: BankInProcess) -> None:
    """Of guesses made at the same moment none is free: three in all, however many tabs."""
    page, code = await at_code(bank_on_each)
    guesses = [page.browser.post(f"{page.path}/code", code=wrong(code, n)) for n in range(1, 9)]
    await asyncio.gather(*guesses)
    rows = await bank_on_each.bank.database.all("SELECT attempts FROM operations")
    assert rows[0]["attempts"] <= 3
    for n in range(10, 13):
        await page.browser.post(f"{page.path}/code", code=wrong(code, n))
    await page.browser.post(f"{page.path}/code", code=code)
    assert (await page.browser.open(page.path)).left_for is None
    assert (await bank_on_each.events()).count("CodeRefused") == 3


async def test_a_double_click_on_a_new_code_sends_one(bank_on_each: BankInProcess) -> None:
    page, _ = await at_code(bank_on_each)
    bank_on_each.clock.advance(31)
    answers = await asyncio.gather(*(page.browser.post(f"{page.path}/new-code") for _ in range(4)))
    assert {answer.status_code for answer in answers} <= {303, 429}
    await bank_on_each.deliver()
    assert len(bank_on_each.phones.messages) == 2


async def test_a_double_click_on_cancel_back_and_operation(bank_on_each: BankInProcess) -> None:
    page, _ = await at_code(bank_on_each)
    for ending in ("back", "cancel"):
        answers = await asyncio.gather(*(page.browser.post(f"{page.path}/{ending}") for _ in range(4)))
        assert {answer.status_code for answer in answers} == {303}
    left = await page.browser.open(f"{page.path}/leave")
    assert left.answer["poreka_reason"] == "cancelled"
    assert (await bank_on_each.events()).count("ReleaseEnded") == 1


async def test_cancel_and_the_right_code_at_once_have_one_outcome(bank_on_each: BankInProcess) -> None:
    page, code = await at_code(bank_on_each)
    await asyncio.gather(page.browser.post(f"{page.path}/code", code=code), page.browser.post(f"{page.path}/cancel"))
    consent = await bank_on_each.bank.consents.in_force("jan", "sandbox-fapi")
    left = await page.browser.open(page.path)
    if consent is None:
        assert left.left_for is None
    events = await bank_on_each.events()
    assert (consent is not None) == ("ConsentGiven" in events)
    assert events.count("ConsentGiven") + events.count("ReleaseEnded") >= 1


async def test_two_releases_side_by_side_in_two_tabs(bank: BankInProcess) -> None:
    browser = await bank.signed_in()
    first, code = await at_code(bank, browser)
    other_client = bank.fapi("other-fapi", "https://other.example/callback")
    second = await (await other_client.send(browser)).submit("/consent", consent="yes")
    other_code = await bank.deliver()
    if code != other_code:
        assert (await first.submit("/code", code=other_code)).status == 422
    left = await first.submit("/code", code=code)
    assert left.answer["iss"] == bank.bank.origin
    # the first tab's step-up gave the session a new cookie; the second goes on with it
    left = await (await browser.open(second.path)).submit("/code", code=other_code)
    assert left.left_for is not None
    assert left.left_for.startswith("https://other.example/callback?code=")


async def test_the_back_button_shows_what_is_next_now(bank: BankInProcess) -> None:
    page, code = await at_code(bank)
    stale = await page.browser.post(f"{page.path}/consent", consent="yes")
    assert stale.status_code == 303
    assert (await page.browser.open(page.path)).form_to("/code")
    assert (await page.browser.post(f"{page.path}/operation")).status_code == 303
    await bank.worker.send_due()
    assert len(bank.phones.messages) == 1
    await page.submit("/code", code=code)
    finished = await page.browser.open(page.path)
    assert finished.status == 410
    for ending in ("consent", "code", "new-code", "back", "operation", "cancel"):
        answer = await page.browser.post(f"{page.path}/{ending}")
        assert answer.status_code in (303, 410, 400), ending
    assert await bank.bank.consents.in_force("jan", "sandbox-fapi") is not None


async def test_a_code_posted_before_the_consent_does_nothing(bank: BankInProcess) -> None:
    page = await at_consent(bank)
    assert (await page.browser.post(f"{page.path}/code", code="123456")).status_code == 303
    assert (await page.browser.open(page.path)).form_to("/consent")


@pytest.mark.parametrize("ending", ["", "/leave"])
async def test_the_journey_of_another_browser_is_not_shown(bank: BankInProcess, ending: str) -> None:
    page, _ = await at_code(bank)
    other = await bank.signed_in("anna")
    await other.open("/")
    assert (await other.open(page.path + ending)).status == 410


async def test_the_journey_of_another_browser_takes_nothing(bank: BankInProcess) -> None:
    page, code = await at_code(bank)
    other = await bank.signed_in("jan")  # even the same person, in another browser
    await other.open("/finances/services")
    for ending in ("consent", "code", "new-code", "back", "cancel", "operation"):
        answer = await other.post(f"{page.path}/{ending}")
        assert answer.status_code == 410, ending
    assert "code" in (await page.submit("/code", code=code)).answer


async def test_another_customer_in_the_middle_starts_over_and_gets_nobody_s_consent(
    bank: BankInProcess,
) -> None:
    page, code = await at_code(bank)
    browser = await bank.signed_in("anna", browser=page.browser)
    shown = await browser.open(page.path)
    assert shown.form_to("/consent")
    assert "Nowak-Zielińska" in shown.text
    assert "83041741039" not in shown.response.text
    await browser.post(f"{page.path}/code", code=code)
    assert (await browser.open(page.path)).form_to("/consent")
    assert await bank.bank.consents.in_force("anna", "sandbox-fapi") is None
    assert await bank.bank.consents.in_force("jan", "sandbox-fapi") is None


async def test_a_session_that_ended_in_the_middle_asks_for_a_sign_in(bank: BankInProcess) -> None:
    page, code = await at_code(bank)
    page.browser.cookies.at(bank.site.host).pop("session")
    shown = await page.browser.open(page.path)
    assert shown.path.startswith("/sign-in")
    assert (await page.browser.post(f"{page.path}/code", code=code)).status_code in (303, 403)
    assert await bank.bank.database.all("SELECT * FROM authorization_codes") == []


async def test_a_form_of_another_site_is_refused(bank: BankInProcess) -> None:
    page = await at_consent(bank)
    browser = page.browser
    cookie = browser.cookies.header(bank.site.host, "/", cross_site=False, method="POST")
    fields = {"csrf_token": browser.token, "consent": "yes"}
    for name, value in (
        ("origin", "https://evil.example"),
        ("origin", "null"),
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
    ):
        answer = await bank.site.call(
            "POST", f"{page.path}/consent", form=fields, headers=[("cookie", cookie), (name, value)]
        )
        assert answer.status_code == 403, name
    for token in ("", "x" * 43, bank.browser().token):
        answer = await browser.request("POST", f"{page.path}/consent", {"csrf_token": token, "consent": "yes"})
        assert answer.status_code == 403
    assert await bank.bank.database.all("SELECT id FROM outbox") == []


async def test_cookies_off_in_the_middle_says_so(bank: BankInProcess) -> None:
    page = await at_consent(bank)
    nobody = bank.browser()
    nobody.token = page.browser.token
    assert (await nobody.post(f"{page.path}/consent", consent="yes")).status_code == 403
    assert (await bank.browser().open(page.path)).status == 400


async def test_unknown_and_repeated_fields_are_refused(bank: BankInProcess) -> None:
    page = await at_consent(bank)
    assert (await page.browser.post(f"{page.path}/consent", consent="yes", admin="1")).status_code == 400
    pairs = [("csrf_token", page.browser.token), ("consent", "yes"), ("consent", "yes")]
    assert (await page.browser.request("POST", f"{page.path}/consent", pairs)).status_code == 400
    assert (await page.browser.open(page.path)).form_to("/consent")


async def test_the_other_tab_is_told_the_truth_and_leads_to_the_service(bank: BankInProcess) -> None:
    page, code = await at_code(bank)
    assert "code" in (await page.submit("/code", code=code)).answer
    other = await page.browser.open(page.path)
    assert other.status == 410
    assert "przekazaliśmy już do" in other.text
    assert "nie przekazała nikomu" not in other.text
    assert other.html.css_first('main a[href="http://127.0.0.1/"]') is not None


@pytest.mark.parametrize(
    ("minutes", "leads_to"), [(31, "/release/{release}/leave"), (90, "http://127.0.0.1/")], ids=str
)
async def test_a_sign_in_page_that_was_left_open_leads_back_to_the_service(
    bank: BankInProcess, minutes: int, leads_to: str
) -> None:
    page = await bank.fapi().send(bank.browser())
    assert page.path.startswith("/sign-in/")
    assert page.html.css_first("[data-time-left]") is not None
    release = (page.html.css_first("form#cancel").attributes["action"] or "").split("/")[2]
    bank.clock.advance(minutes * 60)
    late = await page.browser.open(page.path)
    assert late.status == 410
    assert "Czas na zalogowanie minął" in late.heading
    link = late.html.css_first("main .govuk-button-group a")
    assert link.attributes["href"] == leads_to.format(release=release)
    if minutes == 31:
        left = await page.browser.open(link.attributes["href"])
        assert left.answer["poreka_reason"] == "expired"


async def test_a_sign_in_of_the_banks_own_that_was_left_open_begins_again(bank: BankInProcess) -> None:
    page = await bank.browser().open("/settings")
    assert page.path.startswith("/sign-in/")
    bank.clock.advance(31 * 60)
    late = await page.browser.open(page.path)
    link = late.html.css_first("main .govuk-button-group a")
    again = await page.browser.open(link.attributes["href"])
    assert again.status == 200
    assert again.path.startswith("/sign-in/")
    stranger = await bank.browser().open(page.path)
    assert stranger.status in (400, 410)
    assert stranger.html.css_first('main a[href*="next"]') is None

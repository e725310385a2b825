"""Authorization requests as they come with a browser: what is shown, what is sent back (Core §3.1.2)."""

import json

import msgspec
import pytest

from poreka.rules.levels import Factor
from tests.support.asgi import answer_in
from tests.support.in_process import PASSWORD, BankInProcess

LOW, SUBSTANTIAL, HIGH = (f"http://eidas.europa.eu/LoA/{name}" for name in ("low", "substantial", "high"))


@pytest.mark.parametrize(
    "changes",
    [
        {"client_id": None},
        {"client_id": "nobody"},
        {"client_id": "no\u00a0body"},
        {"redirect_uri": None},
        {"redirect_uri": "https://evil.example/"},
        {"redirect_uri": "http://127.0.0.1:3000/callback/../evil"},
        {"redirect_uri": "javascript:alert(1)"},
        {"redirect_uri": "http://127.0.0.1:3000@evil.example/callback"},
        {"redirect_uri": "http://[::1/callback"},
        {"request": "x.y.z"},
    ],
)
async def test_nothing_is_redirected_before_client_and_address_are_proven(
    bank: BankInProcess, changes: dict[str, str | None]
) -> None:
    """oidcc-ensure-registered-redirect-uri and its like: no open redirect."""
    await bank.change_client("sandbox", sandbox=False, loopback_redirects=True)
    page = await bank.openid().send(await bank.returning("sandbox"), **changes)
    assert (page.status, page.left_for) == (400, None)
    assert "evil.example" not in page.response.text


async def test_a_repeated_address_or_client_is_shown_here(bank: BankInProcess) -> None:
    client, browser = bank.openid(), await bank.returning("sandbox")
    for name in ("client_id", "redirect_uri"):
        pairs = [*client.parameters().items(), (name, "x")]
        page = await browser.send("POST", "/authorize", pairs)
        assert (page.status, page.left_for) == (400, None)


async def test_another_repeated_parameter_is_sent_back(bank: BankInProcess) -> None:
    client, browser = bank.openid(), await bank.returning("sandbox")
    page = await browser.send("POST", "/authorize", [*client.parameters().items(), ("nonce", "n")])
    assert page.answer["error"] == "invalid_request"
    page = await browser.send("POST", "/authorize", [*client.parameters().items(), ("state", "n")])
    assert page.answer.keys() == {"error", "error_description", "iss"}


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"response_type": None}, "invalid_request"),
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"scope": "profile"}, "invalid_scope"),
        ({"scope": "openid identity"}, "invalid_scope"),
        ({"code_challenge": None, "code_challenge_method": None}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"request_uri": "https://other.example/r.jwt"}, ""),
        ({"registration": "{}"}, "registration_not_supported"),
        ({"claims": "[]"}, "invalid_request"),
        ({"claims": '{"userinfo": {"a": ' + "[" * 900 + "]" * 900 + "}}"}, "invalid_request"),
        ({"id_token_hint": "x.y.z"}, "invalid_request"),
        ({"max_age": "-1"}, "invalid_request"),
        ({"prompt": "none consent"}, "invalid_request"),
        ({"nonce": "n" * 513}, "invalid_request"),
    ],
)
async def test_every_other_fault_is_sent_back_with_state_and_iss(
    bank: BankInProcess, changes: dict[str, str | None], error: str
) -> None:
    page = await bank.openid().send(await bank.returning("sandbox"), **changes)
    if not error:  # a reference that is not ours names no request at all
        assert (page.status, page.left_for) == (400, None)
        return
    assert page.answer["error"] == error
    assert (page.answer["state"], page.answer["iss"]) == ("st 1~&=", bank.bank.origin)
    assert "code" not in page.answer


async def test_oidcc_prompt_none_not_logged_in(bank: BankInProcess) -> None:
    page = await bank.openid().send(bank.browser(), prompt="none")
    assert page.answer["error"] == "login_required"


async def test_oidcc_prompt_none_logged_in(bank: BankInProcess) -> None:
    page = await bank.openid().send(await bank.returning("sandbox"), prompt="none")
    assert "code" in page.answer


async def test_prompt_none_without_consent_with_too_weak_a_session_and_refused(bank: BankInProcess) -> None:
    client = bank.openid()
    assert (await client.send(await bank.signed_in(), prompt="none")).answer["error"] == "consent_required"
    returning = await bank.returning("sandbox")
    stronger = await client.send(returning, prompt="none", acr_values=SUBSTANTIAL)
    assert stronger.answer["error"] == "interaction_required"
    refused = await client.send(await bank.signed_in("piotr"), prompt="none")
    assert (refused.answer["error"], refused.answer["poreka_reason"]) == ("access_denied", "refused")


async def test_a_refusal_without_a_page_is_recorded_and_uses_the_reference_up(bank: BankInProcess) -> None:
    client, browser = bank.fapi(), await bank.signed_in("piotr")
    path = client.authorize_path(await client.reference(prompt="none"))
    assert (await browser.open(path)).answer["poreka_reason"] == "refused"
    assert (await browser.open(path)).status == 400
    rows = await bank.bank.database.all("SELECT person_id, details FROM audit_entries WHERE event = 'ReleaseRefused'")
    assert [row["person_id"] for row in rows] == ["piotr"]
    assert "sandbox-fapi" in rows[0]["details"]


async def test_a_session_that_idled_out_is_none(bank: BankInProcess) -> None:
    client, browser = bank.openid(), await bank.returning("sandbox")
    bank.clock.advance(600)
    assert (await client.send(browser, prompt="none")).answer["error"] == "login_required"


async def test_a_planted_or_strange_session_cookie_is_none(bank: BankInProcess) -> None:
    for value in ("x" * 43, "short", "é" * 43, "x" * 3000):
        browser = bank.browser()
        browser.set_cookie("session", value.encode().decode("latin-1"))
        assert (await bank.openid().send(browser, prompt="none")).answer["error"] == "login_required"


@pytest.mark.parametrize(
    "changes", [{"prompt": "login"}, {"max_age": "0"}, {"max_age": "1"}, {"prompt": "select_account"}]
)
async def test_oidcc_prompt_login_and_oidcc_max_age_1_ask_again(bank: BankInProcess, changes: dict[str, str]) -> None:
    client, browser = bank.openid(), await bank.returning("sandbox")
    bank.clock.advance(100)
    page = await client.send(browser, **changes)
    assert page.left_for is None
    assert page.path.startswith("/sign-in")

    release = next(row["id"] for row in await bank.bank.database.all("SELECT id FROM journeys WHERE kind = 'release'"))
    again = await bank.signed_in(browser=browser, answers=release)
    page = await again.open(f"/release/{release}")
    claims = await client.claims_of((await client.redeem(page.answer["code"])).json()["id_token"])
    assert claims["auth_time"] == bank.clock()


@pytest.mark.parametrize("changes", [{"prompt": "login"}, {"max_age": "0"}, {"prompt": "select_account"}])
async def test_a_sign_in_of_the_same_second_that_was_made_for_something_else_is_no_new_one(
    bank: BankInProcess, changes: dict[str, str]
) -> None:
    client, browser = bank.openid(), await bank.returning("sandbox")
    page = await client.send(browser, **changes)  # in the very second in which the session began
    assert page.path.startswith("/sign-in")
    release = next(row["id"] for row in await bank.bank.database.all("SELECT id FROM journeys WHERE kind = 'release'"))
    for served in ("", "another release"):
        other = await bank.signed_in(browser=browser, answers=served)
        assert (await other.open(f"/release/{release}")).path.startswith("/sign-in")


async def test_a_sign_in_made_for_a_release_meets_the_wish_there_and_nowhere_else(bank: BankInProcess) -> None:
    client, browser = bank.openid(), await bank.returning("sandbox")
    page = await (await client.send(browser, prompt="login")).submit("/number", number="21570133")
    asked = [node.attributes["name"] or "" for node in page.html.css("input[name^=characters_]")]
    characters = {name: "83041741039"[int(name.removeprefix("characters_")) - 1] for name in asked}
    page = await page.submit("/password", password=PASSWORD, **characters)
    assert "code" in page.answer
    assert (await client.send(browser, prompt="login")).path.startswith("/sign-in")


async def test_oidcc_max_age_10000(bank: BankInProcess) -> None:
    client, browser = bank.openid(), await bank.returning("sandbox")
    bank.clock.advance(100)
    claims = await client.claims_of((await client.tokens(browser, max_age="10000"))["id_token"])
    assert claims["auth_time"] == bank.clock() - 100


async def test_prompt_consent_asks_although_it_is_remembered(bank: BankInProcess) -> None:
    page = await bank.openid().send(await bank.returning("sandbox"), prompt="consent")
    assert page.path.startswith("/release/")
    assert page.form_to("/consent")


async def test_oidcc_id_token_hint(bank: BankInProcess) -> None:
    client, browser = bank.openid(), await bank.returning("sandbox")
    hint = (await client.tokens(browser))["id_token"]
    assert "code" in (await client.send(browser, prompt="none", id_token_hint=hint)).answer
    anna = await bank.returning("sandbox", "anna")
    assert (await client.send(anna, prompt="none", id_token_hint=hint)).answer["error"] == "login_required"
    broken = hint[:-6] + "AAAAAA"
    assert (await client.send(browser, prompt="none", id_token_hint=broken)).answer["error"] == "invalid_request"


@pytest.mark.parametrize("acr_values", [LOW, f"{HIGH} {LOW}", f"{LOW} {HIGH}", HIGH, "urn:unknown"])
async def test_oidcc_ensure_request_with_acr_values_succeeds(bank: BankInProcess, acr_values: str) -> None:
    client = bank.openid()
    tokens = await client.tokens(await bank.returning("sandbox"), acr_values=acr_values)
    assert (await client.claims_of(tokens["id_token"]))["acr"] == LOW


async def test_a_stronger_session_answers_at_once(bank: BankInProcess) -> None:
    await bank.agreed("sandbox-fapi")
    browser, client = await bank.signed_in("jan", Factor.PASSWORD, Factor.SMS_CODE), bank.fapi()
    tokens = await client.tokens(browser, acr_values=SUBSTANTIAL)
    assert (await client.claims_of(tokens["id_token"]))["acr"] == SUBSTANTIAL


def essential(value: str) -> str:
    return json.dumps({"id_token": {"acr": {"essential": True, "value": value}}})


@pytest.mark.parametrize("value", [HIGH, "urn:unknown"])
async def test_fapi2_security_profile_final_test_essential_acr_sca_claim_unmet(bank: BankInProcess, value: str) -> None:
    browser, client = await bank.returning(), bank.fapi()
    page = await client.send(browser, claims=essential(value))
    assert page.answer["error"] == "unmet_authentication_requirements"
    assert page.answer["state"] == "st 1~&="


async def test_an_essential_level_that_can_be_reached_asks_for_a_code(bank: BankInProcess) -> None:
    page = await bank.fapi().send(await bank.returning(), claims=essential(SUBSTANTIAL))
    assert page.path.startswith("/release/")
    assert page.form_to("/operation")


async def test_ui_locales_choose_the_language_unless_the_person_did(bank: BankInProcess) -> None:
    client = bank.openid()
    page = await client.send(await bank.signed_in(), ui_locales="de en-GB")
    assert page.html.root is not None
    assert page.html.root.attributes["lang"] == "en"
    chosen = await bank.signed_in()
    chosen.set_cookie("language", "pl")
    page = await client.send(chosen, ui_locales="en")
    assert page.html.root is not None
    assert page.html.root.attributes["lang"] == "pl"


async def test_cookies_off_says_so(bank: BankInProcess) -> None:
    browser = bank.browser()
    browser.keeps_cookies = False
    page = await bank.openid().send(browser)
    assert page.status == 400
    assert "plików cookie" in page.text or "cookies" in page.text.lower()


async def test_a_token_cannot_travel_in_the_address_of_an_answer(bank: BankInProcess) -> None:
    page = await bank.openid().send(await bank.returning("sandbox"), response_mode="fragment")
    assert page.answer["error"] == "invalid_request"
    assert "#" not in (page.left_for or "")


async def test_rfc_8252_outside_the_demonstration_a_page_leads_on_to_a_program_of_the_persons_own(
    bank: BankInProcess,
) -> None:
    """A browser keeps a sent form from ending where `form-action` does not allow; a page may lead there."""
    system = msgspec.structs.replace(bank.bank.settings.system, demo=False)
    settings = msgspec.structs.replace(bank.bank.settings, system=system)
    object.__setattr__(bank.bank, "settings", settings)
    browser, client = await bank.returning(), bank.fapi()
    page = await client.send(browser)
    assert (page.status, page.left_for) == (200, None)
    link = page.html.css_first("main a.govuk-button")
    onward = page.html.css_first('meta[http-equiv="refresh"]')
    assert link is not None
    assert onward is not None
    address = link.attributes["href"] or ""
    assert onward.attributes["content"] == f"0; url={address}"
    assert address.startswith(f"{client.redirect_uri}?")
    assert (await client.redeem(answer_in(address)["code"])).status_code == 200

"""Signing in by both client profiles, from the request to the facts.

Named after the modules of the OpenID Foundation's suite that they answer.
"""

from poreka.oidc import jose
from poreka.rules.levels import Factor
from tests.support.in_process import BankInProcess

PERSONAL = (
    "given_name",
    "family_name",
    "pesel",
    "name",
    "birthdate",
    "email",
    "phone_number",
    "verified_claims",
)


async def test_fapi2_security_profile_final_happy_flow(bank_on_each: BankInProcess) -> None:
    browser, client = await bank_on_each.returning(), bank_on_each.fapi()
    page = await client.send(browser)
    assert page.left_for is not None
    assert page.left_for.startswith(client.redirect_uri + "?")
    assert page.answer.keys() == {"code", "state", "iss"}
    assert page.answer["state"] == "st 1~&="
    assert page.answer["iss"] == bank_on_each.bank.origin

    answer = await client.redeem(page.answer["code"])
    assert answer.status_code == 200, answer.text
    assert answer.headers["cache-control"] == "no-store"
    tokens = answer.json()
    assert tokens.keys() == {"access_token", "token_type", "expires_in", "id_token", "scope"}
    assert (tokens["token_type"], tokens["expires_in"], tokens["scope"]) == ("DPoP", 300, "openid identity")

    facts = await client.facts(tokens["access_token"])
    assert (facts["iss"], facts["aud"]) == (bank_on_each.bank.origin, "sandbox-fapi")
    assert (facts["given_name"], facts["family_name"], facts["pesel"]) == ("Jan", "Kowalski", "83041741039")
    assert facts["sub"] == (await client.claims_of(tokens["id_token"]))["sub"]


async def test_oidcc_server(bank_on_each: BankInProcess) -> None:
    browser, client = await bank_on_each.returning("sandbox"), bank_on_each.openid()
    page = await client.send(browser)
    assert (page.answer["state"], page.answer["iss"]) == ("st 1~&=", bank_on_each.bank.origin)
    answer = await client.redeem(page.answer["code"])
    assert answer.status_code == 200, answer.text
    assert answer.json()["token_type"] == "Bearer"
    told = await client.userinfo(answer.json()["access_token"])
    assert told.headers["content-type"] == "application/json"
    assert told.json().keys() == {"sub", "name", "given_name", "family_name"}


async def test_oidcc_userinfo_post_header(bank: BankInProcess) -> None:
    browser, client = await bank.returning("sandbox"), bank.openid()
    tokens = await client.tokens(browser)
    assert (await client.userinfo(tokens["access_token"], "POST")).json()["given_name"] == "Jan"


async def test_a_token_in_the_query_is_refused(bank: BankInProcess) -> None:
    browser, client = await bank.returning("sandbox"), bank.openid()
    token = (await client.tokens(browser))["access_token"]
    in_query = await bank.site.call("GET", f"/userinfo?access_token={token}")
    assert in_query.status_code == 401
    assert in_query.headers["www-authenticate"].startswith("Bearer ")


async def test_id_token_says_who_and_how_and_nothing_personal(bank: BankInProcess) -> None:
    await bank.agreed("sandbox-fapi")
    browser, client = await bank.signed_in("jan", Factor.PASSWORD, Factor.SMS_CODE), bank.fapi()
    signed_in_at = bank.clock()
    bank.clock.advance(100)
    tokens = await client.tokens(browser)
    claims = await client.claims_of(tokens["id_token"])
    assert claims["iss"] == bank.bank.origin
    assert claims["aud"] == "sandbox-fapi"
    assert claims["auth_time"] == signed_in_at
    assert (claims["iat"], claims["exp"]) == (bank.clock(), bank.clock() + 300)
    assert claims["nonce"] == "n-1"
    assert claims["acr"] == "http://eidas.europa.eu/LoA/substantial"
    assert {"pwd", "sms"} <= set(claims["amr"])
    assert not set(PERSONAL) & claims.keys()
    assert "jan" not in (claims["sub"], claims["sid"])
    assert "83041741039" not in str(jose.peek(tokens["id_token"]))


async def test_oidcc_ensure_post_request_succeeds(bank: BankInProcess) -> None:
    browser, client = await bank.returning("sandbox"), bank.openid()
    page = await browser.send("POST", "/authorize", client.parameters())
    assert "code" in page.answer


async def test_oidcc_ensure_request_with_unknown_parameter_succeeds(bank: BankInProcess) -> None:
    browser, client = await bank.returning("sandbox"), bank.openid()
    page = await client.send(browser, extra="foobar", display="popup", ui_locales="pl", claims_locales="pl")
    assert "code" in page.answer


async def test_fapi2_security_profile_final_ensure_authorization_request_without_state_and_nonce_success(
    bank: BankInProcess,
) -> None:
    browser, client = await bank.returning(), bank.fapi()
    page = await client.send(browser, state=None, nonce=None)
    assert page.answer.keys() == {"code", "iss"}
    tokens = (await client.redeem(page.answer["code"])).json()
    assert "nonce" not in await client.claims_of(tokens["id_token"])


async def test_fapi2_security_profile_final_ensure_authorization_request_with_long_state_and_nonce(
    bank: BankInProcess,
) -> None:
    browser, client = await bank.returning(), bank.fapi()
    page = await client.send(browser, state="s" * 1024, nonce="n" * 512)
    assert page.answer["state"] == "s" * 1024
    tokens = (await client.redeem(page.answer["code"])).json()
    assert (await client.claims_of(tokens["id_token"]))["nonce"] == "n" * 512
    assert (await client.push(state="s" * 1025)).json()["error"] == "invalid_request"


async def test_fapi2_security_profile_final_ensure_other_scope_order_succeeds(bank: BankInProcess) -> None:
    browser, client = await bank.returning(), bank.fapi()
    assert "code" in (await client.send(browser, scope="identity openid")).answer


async def test_form_post_sends_code_and_error_in_a_form(bank: BankInProcess) -> None:
    browser, client = await bank.returning("sandbox"), bank.openid()
    page = await client.send(browser, response_mode="form_post")
    form = page.form_to("/callback")
    assert (page.status, form.method, form.action) == (200, "POST", client.redirect_uri)
    assert form.fields["state"] == ["st 1~&="]
    assert form.fields["iss"] == [bank.bank.origin]
    assert (await client.redeem(form.fields["code"][0])).status_code == 200

    denied = await client.send(bank.browser(), response_mode="form_post", prompt="none")
    fields = denied.form_to("/callback").fields
    assert (fields["error"], fields["state"]) == (["login_required"], ["st 1~&="])

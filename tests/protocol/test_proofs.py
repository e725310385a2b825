"""DPoP at the token endpoint and at UserInfo (RFC 9449; fapi2-security-profile-final-dpop-negative-tests)."""

from typing import Any

import pytest

from poreka.oidc import jose
from poreka.oidc.keys import thumbprint
from tests.support.in_process import BankInProcess
from tests.support.relying_client import new_key


async def test_fapi2_security_profile_final_ensure_holder_of_key_required(bank: BankInProcess) -> None:
    browser, client = await bank.returning(), bank.fapi()
    code = await client.code(browser)
    answer = await client.redeem(code, proof="")
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_dpop_proof")
    assert (await client.redeem(code)).status_code == 200


@pytest.mark.parametrize(
    "changes",
    [
        {"htm": "GET"},
        {"htm": None},
        {"htu": "http://millenet.localhost:8000/par"},
        {"htu": "https://millenet.localhost:8000/token"},
        {"htu": "http://evil.example/token"},
        {"htu": "nonsense"},
        {"htu": None},
        {"iat": 1_800_000_000},
        {"iat": 1_800_009_999},
        {"iat": None},
        {"iat": "now"},
        {"jti": None},
        {"jti": "j" * 129},
    ],
)
async def test_fapi2_security_profile_final_dpop_negative_tests(bank: BankInProcess, changes: dict[str, Any]) -> None:
    browser, client = await bank.returning(), bank.fapi()
    code = await client.code(browser)
    answer = await client.redeem(code, proof=client.proof("POST", "/token", **changes))
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_dpop_proof")
    assert (await client.redeem(code)).status_code == 200


@pytest.mark.parametrize("away", [-10, 10])
async def test_fapi2_security_profile_final_ensure_dpopproof_with_iat_10seconds_away_succeeds(
    bank: BankInProcess, away: int
) -> None:
    browser, client = await bank.returning(), bank.fapi()
    proof = client.proof("POST", "/token", iat=bank.clock() + away)
    assert (await client.redeem(await client.code(browser), proof=proof)).status_code == 200


async def test_htu_may_carry_a_query_and_another_spelling(bank: BankInProcess) -> None:
    browser, client = await bank.returning(), bank.fapi()
    proof = client.proof("POST", "/token", htu="HTTP://MilleNet.localhost:8000/token?a=b#c")
    assert (await client.redeem(await client.code(browser), proof=proof)).status_code == 200


async def test_a_proof_is_good_once(bank_on_each: BankInProcess) -> None:
    browser, client = await bank_on_each.returning(), bank_on_each.fapi()
    proof = client.proof("POST", "/token")
    code = await client.code(browser)
    assert (await client.redeem(code, proof=proof)).status_code == 200
    second = await client.code(browser)
    assert (await client.redeem(second, proof=proof)).status_code == 400
    token = (await client.redeem(second)).json()["access_token"]

    shown = client.proof("GET", "/userinfo", token)
    assert (await client.userinfo(token, proof=shown)).status_code == 200
    replayed = await client.userinfo(token, proof=shown)
    assert replayed.status_code == 401
    assert 'error="invalid_dpop_proof"' in replayed.headers["www-authenticate"]
    assert (await bank_on_each.events()).count("FactsReleased") == 1


async def test_a_proof_signed_wrongly_or_by_a_secret_is_refused(bank: BankInProcess) -> None:
    browser, client = await bank.returning(), bank.fapi()
    code = await client.code(browser)
    good = client.proof("POST", "/token")
    private = jose.sign_with_embedded_key({}, client.proof_key, "dpop+jwt")
    for proof in (good[:-4] + "AAAA", good.replace(".", "", 1), "x", private, client.assertion()):
        assert (await client.redeem(code, proof=proof)).json()["error"] == "invalid_dpop_proof"


async def test_two_proofs_in_one_request_are_refused(bank: BankInProcess) -> None:
    browser, client = await bank.returning(), bank.fapi()
    code = await client.code(browser)
    headers = [("dpop", client.proof("POST", "/token")), ("dpop", client.proof("POST", "/token"))]
    form = {**client.exchange(code), **client.proven()}
    answer = await bank.site.call("POST", "/token", form=form, headers=headers)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_dpop_proof")


async def test_a_bound_token_is_no_bearer_token(bank: BankInProcess) -> None:
    browser, client = await bank.returning(), bank.fapi()
    token = (await client.tokens(browser))["access_token"]
    for answer in (
        await client.userinfo(token, scheme="Bearer"),
        await client.userinfo(token, scheme="Bearer", proof=""),
        await client.userinfo(token, proof=""),
    ):
        assert answer.status_code == 401
        assert "error=" in answer.headers["www-authenticate"]
        assert answer.content == b""


async def test_fapi2_security_profile_final_access_token_type_header_case_sensitivity(
    bank: BankInProcess,
) -> None:
    browser, client = await bank.returning(), bank.fapi()
    token = (await client.tokens(browser))["access_token"]
    assert (await client.userinfo(token, scheme="dPoP")).status_code == 200


async def test_a_proof_at_userinfo_is_about_this_key_token_and_address(bank: BankInProcess) -> None:
    browser, client = await bank.returning(), bank.fapi()
    token = (await client.tokens(browser))["access_token"]
    for proof in (
        client.proof("GET", "/userinfo", token, key=new_key()),
        client.proof("GET", "/userinfo", token + "x"),
        client.proof("GET", "/userinfo"),
        client.proof("POST", "/userinfo", token),
        client.proof("GET", "/token", token),
    ):
        assert (await client.userinfo(token, proof=proof)).status_code == 401
    assert (await client.userinfo(token, method="POST")).status_code == 200


async def test_an_unbound_token_does_not_become_a_bound_one(bank: BankInProcess) -> None:
    browser, client, fapi = await bank.returning("sandbox"), bank.openid(), bank.fapi()
    token = (await client.tokens(browser))["access_token"]
    assert (await fapi.userinfo(token)).status_code == 401


async def test_fapi2_security_profile_final_ensure_mismatched_dpop_jkt_fails(bank: BankInProcess) -> None:
    browser, client = await bank.returning(), bank.fapi()
    other = new_key()
    code = await client.code(browser, dpop_jkt=thumbprint(other.private_jwk))
    assert (await client.redeem(code)).json()["error"] == "invalid_dpop_proof"
    assert (await client.redeem(code, proof=client.proof("POST", "/token", key=other))).status_code == 200


async def test_fapi2_security_profile_final_ensure_dpopproof_at_par_endpoint_binding_success(
    bank: BankInProcess,
) -> None:
    browser, client = await bank.returning(), bank.fapi()
    pushed = await client.push(proof=client.proof("POST", "/par"))
    page = await browser.open(client.authorize_path(pushed.json()["request_uri"]))
    wrong = client.proof("POST", "/token", key=new_key())
    assert (await client.redeem(page.answer["code"], proof=wrong)).json()["error"] == "invalid_dpop_proof"
    assert (await client.redeem(page.answer["code"])).status_code == 200


async def test_a_push_whose_proof_and_jkt_differ_is_refused(bank: BankInProcess) -> None:
    client = bank.fapi()
    answer = await client.push(proof=client.proof("POST", "/par"), dpop_jkt=thumbprint(new_key().private_jwk))
    assert answer.json()["error"] == "invalid_dpop_proof"

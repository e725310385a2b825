"""The token endpoint: a code is good once, for one client, with its verifier, for a minute."""

import asyncio

import pytest

from tests.support.in_process import BankInProcess
from tests.support.relying_client import changed


async def test_oidcc_codereuse(bank_on_each: BankInProcess) -> None:
    """The second use is refused and revokes what the first gave (RFC 6749 §4.1.2)."""
    browser, client = await bank_on_each.returning(), bank_on_each.fapi()
    code = await client.code(browser)
    token = (await client.redeem(code)).json()["access_token"]
    assert (await client.userinfo(token)).status_code == 200

    again = await client.redeem(code)
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")
    refused = await client.userinfo(token)
    assert refused.status_code == 401
    assert 'error="invalid_token"' in refused.headers["www-authenticate"]
    assert (await client.redeem(code)).json()["error"] == "invalid_grant"
    assert (await bank_on_each.events()).count("GrantRevoked") == 1


async def test_fapi2_security_profile_final_attempt_reuse_authorization_code_after_one_second(
    bank: BankInProcess,
) -> None:
    browser, client = await bank.returning(), bank.fapi()
    code = await client.code(browser)
    await client.redeem(code)
    bank.clock.advance(1)
    assert (await client.redeem(code)).json()["error"] == "invalid_grant"


async def test_of_many_who_bring_the_same_code_one_gets_tokens(bank_on_each: BankInProcess) -> None:
    browser, client = await bank_on_each.returning(), bank_on_each.fapi()
    code = await client.code(browser)
    answers = await asyncio.gather(*(client.redeem(code) for _ in range(6)))
    assert sorted(answer.status_code for answer in answers) == [200, 400, 400, 400, 400, 400]
    token = next(answer.json()["access_token"] for answer in answers if answer.status_code == 200)
    assert (await client.userinfo(token)).status_code == 401


async def test_fapi2_security_profile_final_ensure_authorization_code_is_bound_to_client(
    bank: BankInProcess,
) -> None:
    browser, client, other = await bank.returning(), bank.fapi(), bank.fapi("other-fapi")
    code = await client.code(browser)
    assert (await other.redeem(code)).json()["error"] == "invalid_grant"
    assert (await client.redeem(code)).status_code == 200


async def test_fapi2_security_profile_final_ensure_token_endpoint_fails_with_expired_auth_code(
    bank: BankInProcess,
) -> None:
    browser, client = await bank.returning(), bank.fapi()
    code = await client.code(browser)
    bank.clock.advance(60)
    assert (await client.redeem(code)).json()["error"] == "invalid_grant"


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"code_verifier": None}, "invalid_grant"),
        ({"code_verifier": "another-verifier-of-forty-three-characters-012345"}, "invalid_grant"),
        ({"code_verifier": "short"}, "invalid_grant"),
        ({"redirect_uri": None}, "invalid_grant"),
        ({"redirect_uri": "http://127.0.0.1:3001/callback"}, "invalid_grant"),
        ({"code": None}, "invalid_request"),
        ({"code": "c" * 129}, "invalid_grant"),
        ({"code": "nobody-s"}, "invalid_grant"),
        ({"grant_type": None}, "invalid_request"),
        ({"grant_type": "refresh_token"}, "unauthorized_client"),
        ({"grant_type": "client_credentials"}, "unsupported_grant_type"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
    ],
)
async def test_a_faulty_exchange_is_refused_and_leaves_the_code_good(
    bank: BankInProcess, changes: dict[str, str | None], error: str
) -> None:
    """fapi2-…-ensure-pkce-code-verifier-required, …-incorrect-pkce-code-verifier-rejected and their like."""
    browser, client = await bank.returning(), bank.fapi()
    code = await client.code(browser)
    form = changed({**client.exchange(code), **client.proven()}, changes)
    proof = ("dpop", client.proof("POST", "/token"))
    answer = await bank.site.call("POST", "/token", form=form, headers=[proof])
    assert (answer.status_code, answer.json()["error"]) == (400, error), answer.text
    assert (await client.redeem(code)).status_code == 200


async def test_fapi2_security_profile_final_ensure_client_assertion_in_token_endpoint(
    bank: BankInProcess,
) -> None:
    browser, client = await bank.returning(), bank.fapi()
    code = await client.code(browser)
    form = {**client.exchange(code), "client_id": client.client_id}
    proof = ("dpop", client.proof("POST", "/token"))
    answer = await bank.site.call("POST", "/token", form=form, headers=[proof])
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")


async def test_an_access_token_lives_five_minutes(bank: BankInProcess) -> None:
    browser, client = await bank.returning(), bank.fapi()
    token = (await client.tokens(browser))["access_token"]
    bank.clock.advance(299)
    assert (await client.userinfo(token)).status_code == 200
    bank.clock.advance(1)
    assert (await client.userinfo(token)).status_code == 401


async def test_oidcc_userinfo_without_a_token_only_asks_for_one(bank: BankInProcess) -> None:
    answer = await bank.site.call("GET", "/userinfo")
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == 'Bearer realm="poreka"'


@pytest.mark.parametrize("header", ["Bearer ", "Bearer a b", "Bearer " + "x" * 600, "Bearer \xe9", "Bearer"])
async def test_a_malformed_authorization_is_a_bad_request(bank: BankInProcess, header: str) -> None:
    answer = await bank.site.call("GET", "/userinfo", headers=[("authorization", header)])
    assert answer.status_code in (400, 401)
    assert answer.headers["www-authenticate"].startswith("Bearer")


async def test_an_id_token_or_code_is_no_access_token(bank: BankInProcess) -> None:
    browser, client = await bank.returning("sandbox"), bank.openid()
    code = await client.code(browser)
    tokens = (await client.redeem(code)).json()
    for other in (code, tokens["id_token"][:500]):
        assert (await client.userinfo(other)).status_code == 401
    assert (await client.userinfo(tokens["access_token"])).status_code == 200


async def test_secrets_are_kept_as_hashes_only_and_people_sealed(bank: BankInProcess) -> None:
    browser, client = await bank.returning(), bank.fapi()
    reference = await client.reference()
    code = (await browser.open(client.authorize_path(reference))).answer["code"]
    token = (await client.redeem(code)).json()["access_token"]
    tables = await bank.bank.database.all("SELECT name FROM sqlite_master WHERE type = 'table'")
    everything = ""
    for table in tables:
        rows = await bank.bank.database.all(f"SELECT * FROM {table['name']}")
        everything += repr([tuple(row) for row in rows])
    assert "FactsReleased" in everything or "TokensIssued" in everything
    for secret in (reference.rpartition(":")[2], code, token, browser.cookie("session"), "83041741039"):
        assert secret is not None
        assert secret not in everything

"""Refresh tokens: rotating, bound, and gone with the sign-out or the withdrawal (RFC 6749 §6, RFC 9700 §4.14)."""

import asyncio
from typing import Any

import httpx2
import pytest

from poreka.oidc.provider.refresh_token import REFRESH_TOKEN_LIFE
from tests.support.asgi import AsgiBrowser
from tests.support.in_process import BankInProcess
from tests.support.relying_client import FapiClient, new_key

OTHER = ("other-fapi", "https://other.example/callback")


async def registered(bank: BankInProcess, client_id: str = "sandbox-fapi", **changes: Any) -> None:
    grant_types = frozenset({"authorization_code", "refresh_token"})
    await bank.change_client(client_id, grant_types=grant_types, **changes)


async def refreshed(client: FapiClient, token: str, *, proof: str | None = None, **form: str) -> httpx2.Response:
    sent = {"grant_type": "refresh_token", "refresh_token": token, **form, **client.proven()}
    made = client.proof("POST", "/token") if proof is None else proof
    return await client.site.call("POST", "/token", form=sent, headers=[("dpop", made)] if made else [])


async def first(bank: BankInProcess) -> tuple[AsgiBrowser, FapiClient, dict[str, Any]]:
    await registered(bank)
    browser, client = await bank.returning(), bank.fapi()
    return browser, client, await client.tokens(browser)


async def error(client: FapiClient, token: str, **more: Any) -> str:
    answer = await refreshed(client, token, **more)
    assert answer.status_code == 400, answer.text
    said: str = answer.json()["error"]
    return said


async def test_a_refresh_token_gives_new_tokens_and_its_successor(bank_on_each: BankInProcess) -> None:
    """fapi2-security-profile-final-refresh-token"""
    _, client, tokens = await first(bank_on_each)
    bank_on_each.clock.advance(400)
    assert (await client.userinfo(tokens["access_token"])).status_code == 401
    answer = await refreshed(client, tokens["refresh_token"])
    assert answer.status_code == 200, answer.text
    new = answer.json()
    assert new["refresh_token"] != tokens["refresh_token"]
    assert (await client.facts(new["access_token"]))["pesel"] == "83041741039"
    before, after = [await client.claims_of(one["id_token"]) for one in (tokens, new)]
    assert (after["sub"], after["auth_time"]) == (before["sub"], before["auth_time"])
    assert after["iat"] > before["iat"]
    assert "nonce" not in after


async def test_who_did_not_register_for_them_gets_none(bank: BankInProcess) -> None:
    browser, client = await bank.returning(), bank.fapi()
    assert "refresh_token" not in await client.tokens(browser)
    assert await error(client, "x") == "unauthorized_client"


async def test_a_copy_revokes_the_whole_grant(bank_on_each: BankInProcess) -> None:
    _, client, tokens = await first(bank_on_each)
    second = (await refreshed(client, tokens["refresh_token"])).json()
    third = (await refreshed(client, second["refresh_token"])).json()
    assert await error(client, tokens["refresh_token"]) == "invalid_grant"
    assert await error(client, third["refresh_token"]) == "invalid_grant"
    assert (await client.userinfo(third["access_token"])).status_code == 401
    assert "GrantRevoked" in await bank_on_each.events()


async def test_a_client_whose_answer_was_lost_may_ask_again(bank_on_each: BankInProcess) -> None:
    _, client, tokens = await first(bank_on_each)
    lost = (await refreshed(client, tokens["refresh_token"])).json()
    again = await refreshed(client, tokens["refresh_token"])
    assert again.status_code == 200
    assert await error(client, lost["refresh_token"]) == "invalid_grant"
    assert (await refreshed(client, again.json()["refresh_token"])).status_code == 200


async def test_of_many_uses_at_once_one_successor_is_left(bank_on_each: BankInProcess) -> None:
    _, client, tokens = await first(bank_on_each)
    answers = await asyncio.gather(*(refreshed(client, tokens["refresh_token"]) for _ in range(8)))
    good = [answer.json()["refresh_token"] for answer in answers if answer.status_code == 200]
    assert good
    rows = await bank_on_each.bank.database.all("SELECT token_hash FROM refresh_tokens")
    assert len(rows) == 2, "the first and its one successor"


async def test_they_end_with_the_sign_out(bank: BankInProcess) -> None:
    browser, client, tokens = await first(bank)
    await (await browser.open("/")).submit("/sign-out")
    assert await error(client, tokens["refresh_token"]) == "invalid_grant"


async def test_nothing_is_given_for_a_customer_who_is_none_any_more(bank: BankInProcess) -> None:
    _, client, tokens = await first(bank)
    async with bank.bank.database.transaction() as transaction:
        await transaction.run("DELETE FROM customers WHERE id = $1", "jan")
    assert await error(client, tokens["refresh_token"]) == "invalid_grant"


async def test_they_end_with_the_withdrawal_of_the_consent(bank: BankInProcess) -> None:
    browser, client, tokens = await first(bank)
    consent = (await bank.bank.consents.in_force("jan", "sandbox-fapi")).id  # type: ignore[union-attr]
    page = await browser.open(f"/settings/security/consents/{consent}/withdraw")
    await page.submit("/withdraw")
    assert await error(client, tokens["refresh_token"]) == "invalid_grant"


async def test_they_end_when_the_code_comes_a_second_time(bank: BankInProcess) -> None:
    await registered(bank)
    browser, client = await bank.returning(), bank.fapi()
    code = await client.code(browser)
    tokens = (await client.redeem(code)).json()
    assert (await client.redeem(code)).status_code == 400
    assert await error(client, tokens["refresh_token"]) == "invalid_grant"


async def test_they_end_eight_hours_after_the_sign_in_however_often_they_were_used(bank: BankInProcess) -> None:
    _, client, tokens = await first(bank)
    bank.clock.advance(REFRESH_TOKEN_LIFE - 10)
    new = (await refreshed(client, tokens["refresh_token"])).json()
    bank.clock.advance(10)
    assert await error(client, new["refresh_token"]) == "invalid_grant"


async def test_revoking_one_revokes_the_grant(bank: BankInProcess) -> None:
    _, client, tokens = await first(bank)
    assert (await client.ask_about("/revoke", tokens["refresh_token"])).status_code == 200
    assert await error(client, tokens["refresh_token"]) == "invalid_grant"
    assert (await client.userinfo(tokens["access_token"])).status_code == 401


async def test_they_are_bound_to_the_client_and_their_tokens_to_the_key_that_is_shown(bank: BankInProcess) -> None:
    """fapi2-security-profile-final-refresh-token: a confidential client may bring another key (RFC 9449 §5)."""
    _, client, tokens = await first(bank)
    await registered(bank, OTHER[0])
    token = tokens["refresh_token"]
    assert await error(bank.fapi(*OTHER), token) == "invalid_grant"
    assert await error(client, token, proof="") == "invalid_dpop_proof"
    former = client.proof_key
    client.proof_key = new_key()
    new = await refreshed(client, token)
    assert new.status_code == 200, new.text
    assert (await client.userinfo(new.json()["access_token"])).status_code == 200
    client.proof_key = former
    assert (await client.userinfo(new.json()["access_token"])).status_code == 401


async def test_who_was_bound_stays_so(bank: BankInProcess) -> None:
    await registered(bank, "sandbox")
    browser, client, prover = await bank.returning("sandbox"), bank.openid(), bank.fapi()

    async def asked(sent: dict[str, Any], *, proven: bool) -> httpx2.Response:
        proof = [("dpop", prover.proof("POST", "/token"))] if proven else []
        return await client.site.call("POST", "/token", form=sent, headers=[client.basic, *proof])

    tokens = (await asked(client.exchange(await client.code(browser)), proven=True)).json()
    sent = {"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"]}
    bare = await asked(sent, proven=False)
    assert (bare.status_code, bare.json()["error"]) == (400, "invalid_grant")
    good = await asked(sent, proven=True)
    assert (good.status_code, good.json()["token_type"]) == (200, "DPoP")


async def test_a_scope_may_be_narrowed_and_never_widened(bank: BankInProcess) -> None:
    _, client, tokens = await first(bank)
    assert await error(client, tokens["refresh_token"], scope="openid profile") == "invalid_scope"
    new = (await refreshed(client, tokens["refresh_token"], scope="openid")).json()
    assert new["scope"] == "openid"
    assert "pesel" not in await client.facts(new["access_token"])
    wide = (await refreshed(client, new["refresh_token"])).json()
    assert wide["scope"] == "openid identity"


@pytest.mark.parametrize("token", ["", "x" * 129, "unknown"])
async def test_what_is_no_refresh_token(bank: BankInProcess, token: str) -> None:
    _, client, _ = await first(bank)
    assert await error(client, token) in ("invalid_request", "invalid_grant")

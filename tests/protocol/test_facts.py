"""What is told about a person: only what was asked for, consented to, and allowed to this client."""

import json

import pytest

from poreka.rules.people.person import Fact
from tests.support.asgi import AsgiBrowser
from tests.support.in_process import BankInProcess
from tests.support.relying_client import FapiClient

VERIFIED = {
    "userinfo": {
        "verified_claims": {
            "verification": {"trust_framework": {"value": "pl_poreka_demo"}, "evidence": None},
            "claims": {"given_name": None, "pesel": None},
        }
    }
}


async def test_openid_profile_never_gets_a_pesel(bank: BankInProcess) -> None:
    """Not by scope, not by claims, not verified, not even where the registration lists it."""
    await bank.change_client(
        "sandbox",
        scopes=frozenset({"openid", "profile", "identity"}),
        claims=frozenset(f.value for f in Fact),
    )
    browser, client = await bank.returning("sandbox"), bank.openid()
    for changes in (
        {"scope": "openid identity"},
        {"claims": json.dumps({"userinfo": {"given_name": None, "pesel": {"essential": True}}})},
        {"claims": json.dumps(VERIFIED)},
    ):
        answer = await client.userinfo((await client.tokens(browser, **changes))["access_token"])
        assert "pesel" not in answer.text
        assert "83041741039" not in answer.text


async def test_a_scope_the_client_may_not_ask_for_is_refused(bank: BankInProcess) -> None:
    page = await bank.openid().send(await bank.returning("sandbox"), scope="openid identity")
    assert page.answer["error"] == "invalid_scope"


async def test_oidcc_scope_profile_and_unknown_scopes(bank: BankInProcess) -> None:
    await bank.agreed("sandbox-fapi", Fact.FIRST_NAME, Fact.SURNAME)
    browser, client = await bank.signed_in(), bank.fapi()
    tokens = await client.tokens(browser, scope="openid profile phone offline_access")
    assert tokens["scope"] == "openid profile"
    facts = await client.facts(tokens["access_token"])
    assert facts.keys() - {"iss", "aud", "iat"} == {"sub", "name", "given_name", "family_name"}
    assert "refresh_token" not in tokens


async def test_openid_alone_asks_for_no_facts_and_gets_none(bank: BankInProcess) -> None:
    browser, client = await bank.signed_in(), bank.fapi()
    page = await client.send(browser, scope="openid")
    assert page.path.startswith("/release/")  # a sign-in, too, is consented to once


async def test_fapi2_security_profile_final_test_claims_parameter_identity_claims(
    bank: BankInProcess,
) -> None:
    await bank.agreed("sandbox-fapi", Fact.PESEL)
    browser, client = await bank.signed_in(), bank.fapi()
    claims = json.dumps({"userinfo": {"pesel": {"essential": True}, "email": None, "unknown": None}})
    tokens = await client.tokens(browser, scope="openid", claims=claims)
    facts = await client.facts(tokens["access_token"])
    assert facts.keys() - {"iss", "aud", "iat"} == {"sub", "pesel"}


async def test_the_name_by_itself_asks_for_its_two_parts(bank: BankInProcess) -> None:
    """oidcc-claims-essential, fapi2-security-profile-final-test-claims-parameter-identity-claims."""
    await bank.agreed("sandbox-fapi", Fact.FIRST_NAME, Fact.SURNAME)
    browser, client = await bank.signed_in(), bank.fapi()
    tokens = await client.tokens(browser, scope="openid", claims='{"userinfo": {"name": {"strange": "x"}}}')
    facts = await client.facts(tokens["access_token"])
    assert facts.keys() - {"iss", "aud", "iat"} == {"sub", "name"}
    assert facts["name"] == "Jan Kowalski"


async def test_less_than_was_agreed_to_is_told_without_a_question(bank: BankInProcess) -> None:
    """oidcc-scope-profile, then oidcc-display-page: a smaller request after a consent."""
    browser, client = await bank.returning(), bank.fapi()
    for scope, told in (("openid profile", {"given_name", "family_name"}), ("openid", set())):
        facts = await client.facts((await client.tokens(browser, scope=scope))["access_token"])
        assert set(facts) & {"given_name", "family_name", "pesel"} == told


async def test_more_than_was_agreed_to_asks_again(bank: BankInProcess) -> None:
    await bank.agreed("sandbox-fapi", Fact.FIRST_NAME, Fact.SURNAME)
    browser, client = await bank.signed_in(), bank.fapi()
    page = await client.send(browser, scope="openid identity")
    assert page.form_to("/consent")


async def test_plain_oauth_gives_no_id_token(bank: BankInProcess) -> None:
    """FAPI 2.0 without OpenID Connect: no scope openid."""
    browser, client = await bank.returning(), bank.fapi()
    tokens = await client.tokens(browser, scope="identity", nonce=None)
    assert "id_token" not in tokens
    assert (await client.facts(tokens["access_token"]))["pesel"] == "83041741039"


async def test_userinfo_is_signed_only_for_those_who_registered_so(bank: BankInProcess) -> None:
    """fapi2-security-profile-final-test-claims-parameter-identity-claims: OpenID Connect Core §5.3.2."""
    await bank.change_client("sandbox-fapi", userinfo_signed_response_alg=None)
    browser, client = await bank.returning(), bank.fapi()
    answer = await client.userinfo((await client.tokens(browser))["access_token"])
    assert answer.headers["content-type"] == "application/json"
    assert answer.json()["pesel"] == "83041741039"


@pytest.mark.parametrize(("mode", "posted"), [("jwt", False), ("query.jwt", False), ("form_post.jwt", True)])
async def test_jarm_the_answer_comes_as_one_signed_token(bank: BankInProcess, mode: str, posted: bool) -> None:
    browser, client = await bank.returning(), bank.fapi()
    page = await client.send(browser, response_mode=mode)
    answer = {name: values[0] for name, values in page.form_to("/callback").fields.items()} if posted else page.answer
    assert set(answer) == {"response"}
    claims = await client.claims_of(answer["response"])
    assert (claims["aud"], claims["iss"], claims["state"]) == (client.client_id, client.issuer, "st 1~&=")
    assert (await client.redeem(claims["code"])).status_code == 200


async def test_jarm_a_refusal_is_signed_too(bank: BankInProcess) -> None:
    browser, client = await bank.signed_in(), bank.fapi()
    page = await client.send(browser, response_mode="jwt", prompt="none")
    claims = await client.claims_of(page.answer["response"])
    assert (claims["error"], claims["aud"]) == ("consent_required", client.client_id)


async def test_verified_claims_come_with_how_they_were_verified_and_never_the_evidence_itself(
    bank_on_each: BankInProcess,
) -> None:
    await bank_on_each.agreed("sandbox-fapi", Fact.FIRST_NAME, Fact.PESEL)
    browser, client = await bank_on_each.signed_in(), bank_on_each.fapi()
    tokens = await client.tokens(browser, scope="openid", claims=json.dumps(VERIFIED))
    facts = await client.facts(tokens["access_token"])
    assert "pesel" not in facts
    verified = facts["verified_claims"]
    assert verified["claims"] == {"given_name": "Jan", "pesel": "83041741039"}
    assert verified["verification"]["trust_framework"] == "pl_poreka_demo"
    assert verified["verification"]["evidence"] == [{"type": "electronic_record", "record": {"type": "bank_account"}}]


async def test_a_framework_we_are_not_in_verifies_nothing(bank: BankInProcess) -> None:
    await bank.agreed("sandbox-fapi", Fact.FIRST_NAME)
    wish = {
        "userinfo": {
            "verified_claims": {
                "verification": {"trust_framework": {"value": "de_aml"}},
                "claims": {"given_name": None},
            }
        }
    }
    browser, client = await bank.signed_in(), bank.fapi()
    tokens = await client.tokens(browser, scope="openid", claims=json.dumps(wish))
    facts = await client.facts(tokens["access_token"])
    assert "verified_claims" not in facts
    assert "given_name" not in facts


async def test_verified_claims_are_not_put_into_the_id_token(bank: BankInProcess) -> None:
    claims = json.dumps({"id_token": VERIFIED["userinfo"]})
    assert (await bank.fapi().push(claims=claims)).json()["error"] == "invalid_request"


async def test_personal_claims_asked_into_the_id_token_do_not_get_there(bank: BankInProcess) -> None:
    browser, client = await bank.returning(), bank.fapi()
    tokens = await client.tokens(browser, claims=json.dumps({"id_token": {"pesel": None, "given_name": None}}))
    claims = await client.claims_of(tokens["id_token"])
    assert not {"pesel", "given_name"} & claims.keys()


async def test_subjects_are_pairwise_stable_and_tell_nothing(bank: BankInProcess) -> None:
    await bank.agreed("other-fapi")
    browser, client = await bank.returning(), bank.fapi()
    other = bank.fapi("other-fapi", "https://other.example/callback")
    first = await client.claims_of((await client.tokens(browser))["id_token"])
    again = await client.claims_of((await client.tokens(browser))["id_token"])
    elsewhere = await other.claims_of((await other.tokens(browser))["id_token"])
    anna = await client.claims_of((await client.tokens(await bank.returning(person="anna")))["id_token"])
    assert first["sub"] == again["sub"]
    assert len({first["sub"], elsewhere["sub"], anna["sub"]}) == 3
    assert first["sid"] != elsewhere["sid"]
    assert first["sid"] == again["sid"]


async def test_session_names_are_pairwise_and_tell_nothing(bank: BankInProcess) -> None:
    """`sid`: one name a session and sector, in ID Tokens and in logout tokens; never the one we know it by."""
    await bank.agreed("other-fapi")
    browser, client = await bank.returning(), bank.fapi()
    other = bank.fapi("other-fapi", "https://other.example/callback")
    own = (await bank.bank.database.all("SELECT sid FROM sessions"))[0]["sid"]

    async def name(one: FapiClient, at: AsgiBrowser) -> str:
        sid: str = (await one.claims_of((await one.tokens(at))["id_token"]))["sid"]
        return sid

    here, there = await name(client, browser), await name(other, browser)
    another_session = await name(client, await bank.signed_in())
    assert len({own, here, there, another_session}) == 4
    assert own not in here + there

    await (await browser.open("/")).submit("/sign-out")
    notices = await bank.bank.outbox.claim_due(bank.clock(), limit=9, to_people=False)
    assert [json.loads(message.body)["sid"] for message in notices] == [there]

    await bank.change_client("other-fapi", sector_identifier="127.0.0.1")
    together = await bank.signed_in()
    assert await name(client, together) == await name(other, together)


async def test_facts_are_read_at_the_moment_of_the_call(bank: BankInProcess) -> None:
    browser, client = await bank.returning(), bank.fapi()
    token = (await client.tokens(browser))["access_token"]
    await bank.bank.database.run("UPDATE customers SET surname = $1 WHERE id = $2", "Kowalski-Nowy", "jan")
    assert (await client.facts(token))["family_name"] == "Kowalski-Nowy"


async def test_what_left_is_recorded_by_name_and_never_by_value(bank: BankInProcess) -> None:
    browser, client = await bank.returning(), bank.fapi()
    await client.facts((await client.tokens(browser))["access_token"])
    rows = await bank.bank.database.all("SELECT details FROM audit_entries WHERE event = 'FactsReleased'")
    assert len(rows) == 1
    details = str(rows[0]["details"])
    assert "pesel" in details
    assert "83041741039" not in details
    assert "Kowalski" not in details


async def test_oidcc_userinfo_rs256_is_not_for_fapi2(bank: BankInProcess) -> None:
    browser, client = await bank.returning(), bank.fapi()
    answer = await client.userinfo((await client.tokens(browser))["access_token"])
    assert answer.headers["content-type"] == "application/jwt"
    assert answer.headers["cache-control"] == "no-store"


async def test_a_removed_client_gets_nothing_more(bank: BankInProcess) -> None:
    browser, client = await bank.returning(), bank.fapi()
    token = (await client.tokens(browser))["access_token"]
    await bank.bank.clients.remove(bank.bank.database, client.client_id)
    bank.bank.registry._kept.clear()
    assert (await client.userinfo(token)).status_code == 401
    assert (await client.push()).status_code == 401


@pytest.mark.parametrize("claims", ['{"userinfo":{"pesel":{"value":"\\u0000"}}}', '{"userinfo":{"\\u0000":null}}'])
async def test_strange_wishes_are_stored_and_answered_without_a_failure(
    bank_on_each: BankInProcess, claims: str
) -> None:
    client = bank_on_each.fapi()
    page = await client.send(await bank_on_each.signed_in(), scope="openid", claims=claims)
    assert page.status == 200


async def test_verification_tells_when_and_how_surely_the_person_was_proven_and_never_the_sign_in(
    bank: BankInProcess,
) -> None:
    await bank.agreed("sandbox-fapi", Fact.FIRST_NAME, Fact.PESEL)
    wish = {"userinfo": {"verified_claims": {"verification": {"trust_framework": None}, "claims": {"pesel": None}}}}
    wish["userinfo"]["verified_claims"]["verification"] |= {"time": None, "assurance_level": None}  # type: ignore[dict-item]
    browser, client = await bank.signed_in(), bank.fapi()
    for verified_at, level in ((1_551_697_200, "substantial"), (None, None)):
        sql = "UPDATE customers SET identity_verified_at = $1, identity_assurance = $2 WHERE id = 'jan'"
        async with bank.bank.database.transaction() as transaction:
            await transaction.run(sql, verified_at, level)
        token = (await client.tokens(browser, scope="openid", claims=json.dumps(wish)))["access_token"]
        verification = (await client.facts(token))["verified_claims"]["verification"]
        proven = {"time": "2019-03-04T11:00:00Z", "assurance_level": "http://eidas.europa.eu/LoA/substantial"}
        assert verification == {"trust_framework": "pl_poreka_demo", **(proven if verified_at else {})}


async def test_a_bearer_may_bring_its_token_in_the_body_and_the_profile_has_a_name(bank: BankInProcess) -> None:
    """oidcc-userinfo-post-body, oidcc-scope-profile (OpenID Connect Core §5.3.1, §5.4; RFC 6750 §2.2)."""
    browser, client = await bank.returning("sandbox"), bank.openid()
    token = (await client.tokens(browser))["access_token"]
    answer = await client.site.call("POST", "/userinfo", form={"access_token": token})
    assert (answer.status_code, answer.json()["name"]) == (200, "Jan Kowalski")
    twice = [("authorization", f"Bearer {token}")]
    both = await client.site.call("POST", "/userinfo", form={"access_token": token}, headers=twice)
    assert both.status_code == 400
    bound = (await bank.fapi().tokens(await bank.returning()))["access_token"]
    assert (await client.site.call("POST", "/userinfo", form={"access_token": bound})).status_code == 401

"""POST /introspect and POST /revoke (RFC 7662, RFC 7009), and what else ends a token's life."""

from poreka.oidc import jose
from tests.support.in_process import BankInProcess


async def test_introspection_tells_the_client_what_its_token_is_worth(bank_on_each: BankInProcess) -> None:
    browser, client = await bank_on_each.returning(), bank_on_each.fapi()
    tokens = await client.tokens(browser)
    told = (await client.ask_about("/introspect", tokens["access_token"])).json()
    assert told["active"] is True
    assert (told["client_id"], told["scope"], told["token_type"]) == (
        "sandbox-fapi",
        "openid identity",
        "DPoP",
    )
    assert told["sub"] == (await client.claims_of(tokens["id_token"]))["sub"]
    assert told["cnf"].keys() == {"jkt"}
    assert told["exp"] - told["iat"] == 300
    assert not {"given_name", "pesel", "username"} & told.keys()


async def test_introspection_tells_nobody_else_anything(bank: BankInProcess) -> None:
    browser, client, other = await bank.returning(), bank.fapi(), bank.fapi("other-fapi")
    token = (await client.tokens(browser))["access_token"]
    for answer in (
        await other.ask_about("/introspect", token),
        await client.ask_about("/introspect", "nobody-s"),
    ):
        assert (answer.status_code, answer.json()) == (200, {"active": False})
    bank.clock.advance(300)
    assert (await client.ask_about("/introspect", token)).json() == {"active": False}


async def test_both_need_a_proven_client_and_one_token(bank: BankInProcess) -> None:
    client = bank.fapi()
    for path in ("/introspect", "/revoke"):
        nobody = await bank.site.call("POST", path, form={"token": "t"})
        assert (nobody.status_code, nobody.json()["error"]) == (401, "invalid_client")
        without = await bank.site.call("POST", path, form=client.proven())
        assert (without.status_code, without.json()["error"]) == (400, "invalid_request")
        twice = [("token", "t"), ("token", "t"), *client.proven().items()]
        assert (await bank.site.call("POST", path, form=twice)).status_code == 400
        assert (await bank.site.call("GET", path)).status_code == 405


async def test_revocation_ends_the_grant(bank_on_each: BankInProcess) -> None:
    browser, client = await bank_on_each.returning(), bank_on_each.fapi()
    token = (await client.tokens(browser))["access_token"]
    answer = await client.ask_about("/revoke", token)
    assert (answer.status_code, answer.content) == (200, b"")
    assert (await client.userinfo(token)).status_code == 401
    assert (await client.ask_about("/introspect", token)).json() == {"active": False}
    assert (await client.ask_about("/revoke", token)).status_code == 200
    assert (await bank_on_each.events()).count("GrantRevoked") == 1


async def test_revocation_answers_the_same_for_a_token_of_nobody_or_of_another(bank: BankInProcess) -> None:
    browser, client, other = await bank.returning(), bank.fapi(), bank.fapi("other-fapi")
    token = (await client.tokens(browser))["access_token"]
    for answer in (await other.ask_about("/revoke", token), await client.ask_about("/revoke", "nobody-s")):
        assert (answer.status_code, answer.content) == (200, b"")
    assert (await client.userinfo(token)).status_code == 200


async def test_a_replayed_revocation_is_refused(bank: BankInProcess) -> None:
    client = bank.fapi()
    form = {"token": "t", **client.proven()}
    assert (await bank.site.call("POST", "/revoke", form=form)).status_code == 200
    again = await bank.site.call("POST", "/revoke", form=form)
    assert (again.status_code, again.json()["error"]) == (400, "invalid_request")


async def test_withdrawing_the_consent_ends_every_token_at_once_and_tells_the_client(
    bank_on_each: BankInProcess,
) -> None:
    consent = await bank_on_each.agreed("other-fapi")
    browser = await bank_on_each.signed_in()
    client = bank_on_each.fapi("other-fapi", "https://other.example/callback")
    tokens = await client.tokens(browser)
    assert (await client.userinfo(tokens["access_token"])).status_code == 200

    page = await browser.open(f"/settings/security/consents/{consent}/withdraw")
    done = await page.submit("/withdraw")
    assert done.status == 200
    assert (await client.userinfo(tokens["access_token"])).status_code == 401
    assert (await client.send(browser, prompt="none")).answer["error"] == "consent_required"

    waiting = await bank_on_each.bank.database.all("SELECT channel FROM outbox")
    assert [row["channel"] for row in waiting] == ["logout"]
    assert {"ConsentWithdrawn", "GrantRevoked"} <= set(await bank_on_each.events())


async def test_a_consent_of_somebody_else_cannot_be_withdrawn(bank: BankInProcess) -> None:
    consent = await bank.agreed("other-fapi", person="anna")
    browser = await bank.signed_in("jan")
    path = f"/settings/security/consents/{consent}/withdraw"
    assert (await browser.open(path)).status == 404
    await browser.open("/")
    assert (await browser.post(path)).status_code == 404
    assert await bank.bank.consents.in_force("anna", "other-fapi") is not None


async def test_signing_out_ends_the_tokens_of_this_session(bank: BankInProcess) -> None:
    browser, client = await bank.returning(), bank.fapi()
    token = (await client.tokens(browser))["access_token"]
    page = await (await browser.open("/")).submit("/sign-out")
    assert page.status == 200
    assert (await client.userinfo(token)).status_code == 401
    assert (await client.send(browser, prompt="none")).answer["error"] == "login_required"


async def test_rfc_9701_an_introspection_answer_is_signed_for_who_asks_for_it(bank: BankInProcess) -> None:
    browser, client = await bank.returning(), bank.fapi()
    token = (await client.tokens(browser))["access_token"]
    accept = ("accept", "application/token-introspection+jwt")
    for asked, active in ((token, True), ("unknown", False)):
        form = {"token": asked, **client.proven()}
        answer = await client.site.call("POST", "/introspect", form=form, headers=[accept])
        assert answer.headers["content-type"] == accept[1]
        kinds = frozenset({"token-introspection+jwt"})
        claims = jose.verify(answer.text, await client.published_keys(), frozenset({"ES256"}), kinds)
        assert (claims["iss"], claims["aud"]) == (client.issuer, client.client_id)
        assert claims["token_introspection"]["active"] is active

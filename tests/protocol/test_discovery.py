"""The metadata tells the truth about the routes; the keys turn without breaking anyone."""

from urllib.parse import urlsplit

from poreka.oidc import jose
from poreka.oidc.keys import KeySet
from poreka.oidc.lasting.key_rotation import DAY
from poreka.oidc.relying_party.exchange import Answer
from poreka.oidc.relying_party.provider_metadata import check_provider_metadata
from tests.support.in_process import BankInProcess

WELL_KNOWN = "/.well-known/openid-configuration"


async def test_oidcc_discovery_endpoint_verification(bank: BankInProcess) -> None:
    answer = await bank.site.call("GET", WELL_KNOWN)
    document = answer.json()
    assert document["issuer"] == bank.bank.origin
    for name, address in document.items():
        if not name.endswith(("_endpoint", "_uri")):
            continue
        parts = urlsplit(address)
        assert f"{parts.scheme}://{parts.netloc}" == bank.bank.origin, name
        answers = [await bank.site.call(method, parts.path, form={}) for method in ("GET", "POST")]
        assert any(one.status_code not in (404, 405) for one in answers), name


async def test_fapi2_security_profile_final_discovery_end_point_verification(bank: BankInProcess) -> None:
    document = (await bank.site.call("GET", WELL_KNOWN)).json()
    assert document["authorization_response_iss_parameter_supported"] is True
    assert document["code_challenge_methods_supported"] == ["S256"]
    assert "private_key_jwt" in document["token_endpoint_auth_methods_supported"]
    assert set(document["dpop_signing_alg_values_supported"]) >= {"ES256", "EdDSA", "PS256"}
    assert "RS256" not in document["dpop_signing_alg_values_supported"]
    assert document["response_types_supported"] == ["code"]
    assert document["subject_types_supported"] == ["pairwise"]
    assert document["verified_claims_supported"] is True
    assert document["backchannel_logout_supported"] is True
    assert document["id_token_signing_alg_values_supported"] == list(bank.bank.key_ring.algorithms)


async def test_our_own_relying_side_can_read_it(bank: BankInProcess) -> None:
    got = await bank.site.call("GET", WELL_KNOWN)
    answer = Answer(status=200, headers=dict(got.headers), body=got.content)
    metadata = check_provider_metadata(answer, bank.bank.origin, allow_http=True)
    assert metadata.issuer == bank.bank.origin


async def test_both_documents_may_be_kept_and_read_from_anywhere(bank: BankInProcess) -> None:
    for path in (WELL_KNOWN, "/jwks"):
        answer = await bank.site.call("GET", path)
        assert answer.headers["content-type"] == "application/json"
        assert answer.headers["access-control-allow-origin"] == "*"
        assert "max-age" in answer.headers["cache-control"]
        assert "set-cookie" not in answer.headers


async def test_published_keys_hold_nothing_private(bank: BankInProcess) -> None:
    keys = (await bank.site.call("GET", "/jwks")).json()["keys"]
    assert keys
    for key in keys:
        assert not {"d", "p", "q", "dp", "dq", "qi", "k"} & key.keys()
        assert key["use"] == "sig"
        assert key["kid"]


async def test_oidcc_server_rotate_keys(bank_on_each: BankInProcess) -> None:
    """The next key is published a day ahead; what the old one signed verifies until it has died."""
    bank = bank_on_each
    browser, client, ring = await bank.returning(), bank.fapi(), bank.bank.key_ring
    old = (await client.tokens(browser))["id_token"]
    first = ring.signing("ES256").kid

    async def look() -> KeySet:
        ring._read_at = 0.0
        return await client.published_keys()

    bank.clock.advance(89 * DAY)
    ahead = await look()
    assert len(ahead.keys) == 2
    assert ring.signing("ES256").kid == first

    bank.clock.advance(DAY)
    turned = await look()
    assert ring.signing("ES256").kid != first
    assert {key.kid for key in turned.keys} == {key.kid for key in ahead.keys}
    assert jose.verify(old, turned, frozenset({"ES256"}))["nonce"] == "n-1"
    again = await bank.signed_in(browser=browser)
    new = (await client.tokens(again))["id_token"]
    assert jose.verify(new, ahead, frozenset({"ES256"}))  # also with the keys somebody fetched a day before

    bank.clock.advance(DAY)
    assert len((await look()).keys) == 1


async def test_oidcc_3rd_party_init_login(bank: BankInProcess) -> None:
    """Entering a service from the bank sends the browser there with `iss` and nothing about the person."""
    browser = await bank.signed_in()
    page = await browser.open("/finances/services")
    left = await page.submit("/services/other-fapi/enter")
    assert left.left_for is not None
    assert left.left_for.startswith("https://other.example/initiate?")
    assert left.answer == {"iss": bank.bank.origin}

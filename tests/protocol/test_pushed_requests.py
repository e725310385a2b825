"""POST /par and what becomes of its references (RFC 9126, FAPI 2.0 Security Profile §5.3.2.2)."""

import pytest

from poreka.oidc.pkce import challenge_of
from tests.support.asgi import Site
from tests.support.in_process import BankInProcess


async def test_push_without_authentication_is_refused(bank: BankInProcess) -> None:
    answer = await bank.site.call("POST", "/par", form=bank.fapi().parameters())
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")
    assert "request_uri" not in answer.json()


async def test_push_answers_a_reference_for_a_minute(bank: BankInProcess) -> None:
    answer = await bank.fapi().push()
    assert answer.status_code == 201
    assert answer.json()["expires_in"] == 60
    assert answer.json()["request_uri"].startswith("urn:ietf:params:oauth:request_uri:")


async def test_fapi2_security_profile_final_par_attempt_invalid_http_method(bank: BankInProcess) -> None:
    answer = await bank.site.call("GET", "/par")
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")
    assert answer.headers["content-type"] == "application/json"


async def test_fapi2_security_profile_final_par_attempt_reuse_request_uri(
    bank_on_each: BankInProcess,
) -> None:
    browser, client = await bank_on_each.returning(), bank_on_each.fapi()
    path = client.authorize_path(await client.reference())
    assert "code" in (await browser.open(path)).answer
    again = await browser.open(path)
    assert (again.status, again.left_for) == (400, None)


async def test_a_reference_is_used_up_by_the_journey_it_began(bank: BankInProcess) -> None:
    browser, client = await bank.signed_in(), bank.fapi()
    path = client.authorize_path(await client.reference())
    assert (await browser.request("GET", path)).headers["location"].startswith("/release/")
    assert (await bank.browser().open(path)).status == 400


async def test_fapi2_security_profile_final_par_attempt_to_use_expired_request_uri(
    bank: BankInProcess,
) -> None:
    browser, client = await bank.returning(), bank.fapi()
    path = client.authorize_path(await client.reference())
    bank.clock.advance(60)
    assert (await browser.open(path)).status == 400


async def test_fapi2_security_profile_final_par_attempt_to_use_request_uri_for_different_client(
    bank: BankInProcess,
) -> None:
    browser, client = await bank.returning(), bank.fapi()
    reference = await client.reference()
    other = await browser.open(bank.fapi("other-fapi").authorize_path(reference))
    assert (other.status, other.left_for) == (400, None)
    assert "code" in (await browser.open(client.authorize_path(reference))).answer


async def test_only_what_was_pushed_counts(bank: BankInProcess) -> None:
    browser, client = await bank.returning(), bank.fapi()
    path = client.authorize_path(await client.reference())
    page = await browser.open(path + "&state=other&redirect_uri=https%3A%2F%2Fevil.example%2F&scope=openid")
    assert page.answer["state"] == "st 1~&="
    assert page.left_for is not None
    assert page.left_for.startswith(client.redirect_uri)


@pytest.mark.parametrize(
    "reference",
    ["urn:ietf:params:oauth:request_uri:nothing", "https://other.example/request.jwt", "x" * 3000],
)
async def test_a_reference_of_nobody_is_shown_to_the_person(bank: BankInProcess, reference: str) -> None:
    page = await (await bank.returning()).open(bank.fapi().authorize_path(reference))
    assert (page.status, page.left_for) == (400, None)


async def test_fapi2_security_profile_final_par_authorization_request_containing_request_uri(
    bank: BankInProcess,
) -> None:
    client = bank.fapi()
    answer = await client.push(request_uri=await client.reference())
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


async def test_fapi2_security_profile_final_ensure_unsigned_authorization_request_without_using_par_fails(
    bank: BankInProcess,
) -> None:
    client = bank.fapi()
    page = await (await bank.returning()).send("POST", "/authorize", client.parameters())
    assert page.answer["error"] == "invalid_request"
    assert page.answer.keys() == {"error", "error_description", "state", "iss"}


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"code_challenge": None, "code_challenge_method": None}, "invalid_request"),
        ({"code_challenge": "v" * 43, "code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge_method": None}, "invalid_request"),
        ({"code_challenge": "short"}, "invalid_request"),
        ({"redirect_uri": None}, "invalid_request"),
        ({"redirect_uri": "http://127.0.0.1:3000/other"}, "invalid_request"),
        ({"redirect_uri": "http://127.0.0.1:3000/callback?a=b"}, "invalid_request"),
        ({"redirect_uri": "http://127.0.0.1:3000/callback#f"}, "invalid_request"),
        ({"redirect_uri": "http://127.0.0.1.evil.example/callback"}, "invalid_request"),
        ({"redirect_uri": "http://user@127.0.0.1:3000/callback"}, "invalid_request"),
        ({"response_type": "code id_token"}, "unsupported_response_type"),
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"response_type": None}, "invalid_request"),
        ({"response_mode": "fragment"}, "invalid_request"),
        ({"scope": "unknown"}, "invalid_scope"),
        ({"scope": None}, "invalid_scope"),
        ({"prompt": "none login"}, "invalid_request"),
        ({"prompt": "perhaps"}, "invalid_request"),
        ({"max_age": "soon"}, "invalid_request"),
        ({"claims": "{"}, "invalid_request"),
        ({"claims": '{"userinfo": {"verified_claims": []}}'}, "invalid_request"),
        ({"dpop_jkt": "x"}, "invalid_request"),
        ({"resource": "https://other.example"}, "invalid_target"),
        ({"registration": "{}"}, "registration_not_supported"),
        ({"client_id": "other-fapi"}, "invalid_client"),
        ({"request": "eyJhbGciOiJub25lIn0.e30."}, "invalid_request_object"),
    ],
)
async def test_a_faulty_push_is_refused_at_once(
    bank: BankInProcess, changes: dict[str, str | None], error: str
) -> None:
    await bank.change_client("sandbox-fapi", sandbox=False, loopback_redirects=True)
    answer = await bank.fapi().push(**changes)
    assert answer.json()["error"] == error, answer.text
    assert answer.status_code in (400, 401)


async def test_fapi2_security_profile_final_par_without_duplicate_parameters(bank: BankInProcess) -> None:
    client = bank.fapi()
    pairs = [*client.parameters().items(), *client.proven().items(), ("scope", "openid")]
    answer = await bank.site.call("POST", "/par", form=pairs)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


async def test_fapi2_security_profile_final_par_plain_pkce_rejected(bank: BankInProcess) -> None:
    answer = await bank.fapi().push(code_challenge=challenge_of("v" * 43), code_challenge_method="plain")
    assert answer.json()["error"] == "invalid_request"


@pytest.mark.parametrize(
    ("content_type", "body", "status"),
    [
        ("application/json", b"{}", 415),
        ("application/x-www-form-urlencoded", b"a=%ff", 400),
        ("application/x-www-form-urlencoded", b"a=%00", 400),
        ("application/x-www-form-urlencoded", "a=ą".encode(), 400),
        ("application/x-www-form-urlencoded", b"a=" + b"x" * 70_000, 413),
        ("application/x-www-form-urlencoded", b"&".join(b"a%d=b" % n for n in range(101)), 400),
        ("", b"", 415),
    ],
)
async def test_a_body_that_is_no_form_gets_a_json_error(
    bank: BankInProcess, content_type: str, body: bytes, status: int
) -> None:
    headers = [("content-type", content_type)] if content_type else []
    answer = await bank.site.call("POST", "/par", body=body, headers=headers)
    assert (answer.status_code, answer.json()["error"]) == (status, "invalid_request")


async def test_a_compressed_body_is_not_opened(bank: BankInProcess) -> None:
    headers = [("content-type", "application/x-www-form-urlencoded"), ("content-encoding", "gzip")]
    answer = await bank.site.call("POST", "/par", body=b"\x1f\x8b", headers=headers)
    assert answer.status_code == 415


async def test_a_body_in_parts_without_a_length_is_limited_too(bank: BankInProcess) -> None:
    site: Site = bank.site
    headers = [("content-type", "application/x-www-form-urlencoded")]
    answer = await site.raw("POST", "/par", b"", headers, [b"a=" + b"x" * 40_000, b"y" * 40_000])
    assert answer.status_code == 413

"""Client authentication at the direct endpoints (RFC 7523, FAPI 2.0 Security Profile §5.3.2.1)."""

import base64
from typing import Any

import pytest

from poreka.oidc import jose
from tests.support.in_process import BankInProcess
from tests.support.relying_client import new_key


@pytest.mark.parametrize(
    "changes",
    [
        {"aud": ["http://millenet.localhost:8000"]},
        {"aud": "http://millenet.localhost:8000/par"},
        {"aud": "http://millenet.localhost:8000/token"},
        {"aud": "https://other.example"},
        {"aud": None},
        {"sub": None},
        {"sub": "other-fapi"},
        {"iss": "other-fapi"},
        {"iss": None},
        {"jti": None},
        {"exp": None},
        {"exp": 1_799_999_000},
        {"exp": 1_900_000_000},
        {"nbf": 1_800_009_000},
        {"iat": 1_800_009_000},
        {"exp": "soon"},
        {"jti": 7},
        {"jti": ""},
    ],
)
async def test_fapi2_security_profile_final_par_assertion_that_is_not_for_this_is_refused(
    bank: BankInProcess, changes: dict[str, Any]
) -> None:
    client = bank.fapi()
    answer = await client.push(assertion=client.assertion(**changes))
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client"), answer.text


async def test_fapi2_security_profile_final_par_assertion_with_nbf_8_seconds_in_the_future_is_accepted(
    bank: BankInProcess,
) -> None:
    client = bank.fapi()
    answer = await client.push(assertion=client.assertion(nbf=bank.clock() + 8, iat=bank.clock() + 8))
    assert answer.status_code == 201


async def test_assertion_used_twice_is_refused_at_every_endpoint(bank_on_each: BankInProcess) -> None:
    client = bank_on_each.fapi()
    assertion = client.assertion()
    assert (await client.push(assertion=assertion)).status_code == 201
    for path in ("/par", "/token", "/introspect", "/revoke"):
        form = {**client.parameters(), **client.exchange("c"), "token": "t", **client.proven(assertion)}
        answer = await bank_on_each.site.call("POST", path, form=form)
        assert answer.status_code in (400, 401), path
        assert answer.json()["error"] in ("invalid_request", "invalid_grant", "invalid_dpop_proof"), path


async def test_a_replayed_assertion_leaves_nothing(bank: BankInProcess) -> None:
    client = bank.fapi()
    assertion = client.assertion()
    await client.push(assertion=assertion)
    before = await bank.bank.database.all("SELECT * FROM pushed_requests")
    assert (await client.push(assertion=assertion)).status_code == 400
    assert len(await bank.bank.database.all("SELECT * FROM pushed_requests")) == len(before)


async def test_assertions_by_other_keys_are_refused(bank: BankInProcess) -> None:
    client = bank.fapi()
    for assertion in (client.assertion(key=new_key()), client.assertion(key=bank.keys["other-fapi"])):
        assert (await client.push(assertion=assertion)).json()["error"] == "invalid_client"


async def test_a_key_that_the_assertion_brings_along_is_not_believed(bank: BankInProcess) -> None:
    client, now = bank.fapi(), bank.clock()
    named = {"iss": client.client_id, "sub": client.client_id, "aud": client.issuer}
    claims = {**named, "jti": "j", "iat": now, "exp": now + 60}
    assertion = jose.sign_with_embedded_key(claims, new_key(), "JWT")
    assert (await client.push(assertion=assertion)).json()["error"] == "invalid_client"


@pytest.mark.parametrize("header", [b'{"alg":"none"}', b'{"alg":"HS256"}', b'{"alg":"RS256"}', b"{}", b"[]", b"\xff"])
async def test_fapi2_security_profile_final_ensure_signed_client_assertion_with_other_algorithms_fails(
    bank: BankInProcess, header: bytes
) -> None:
    client = bank.fapi()
    _, payload, signature = client.assertion().split(".")
    encoded = base64.urlsafe_b64encode(header).decode().rstrip("=")
    for assertion in (f"{encoded}.{payload}.{signature}", f"{encoded}.{payload}."):
        assert (await client.push(assertion=assertion)).status_code == 401


@pytest.mark.parametrize(
    "changes",
    [
        {"client_assertion_type": None},
        {"client_assertion_type": "urn:other"},
        {"client_assertion": None},
        {"client_secret": "a-secret"},
        {"client_assertion": "x.y.z"},
        {"client_assertion": "x" * 17_000},
    ],
)
async def test_half_an_authentication_is_none(bank: BankInProcess, changes: dict[str, str | None]) -> None:
    client = bank.fapi()
    form = {**client.parameters(), **client.proven(), **changes}
    sent = {name: value for name, value in form.items() if value is not None}
    answer = await bank.site.call("POST", "/par", form=sent)
    assert answer.status_code in (400, 401)
    assert answer.json()["error"] in ("invalid_client", "invalid_request")


async def test_another_method_than_the_registered_one_is_refused_and_the_registered_one_named(
    bank: BankInProcess,
) -> None:
    await bank.change_client("sandbox", sandbox=False)
    client = bank.openid()
    form = {**client.exchange("c"), "client_id": client.client_id, "client_secret": client.secret}
    answer = await bank.site.call("POST", "/token", form=form)
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")
    assert "client_secret_basic" in answer.json()["error_description"]


async def test_the_sandbox_takes_its_secret_in_the_header_and_in_the_form(bank: BankInProcess) -> None:
    browser, client = await bank.returning("sandbox"), bank.openid()
    form = {**client.exchange(await client.code(browser)), "client_id": client.client_id}
    wrong = await bank.site.call("POST", "/token", form={**form, "client_secret": "guessed"})
    assert wrong.status_code == 401
    right = await bank.site.call("POST", "/token", form={**form, "client_secret": client.secret})
    assert right.status_code == 200


@pytest.mark.parametrize(
    "header",
    [
        "Basic",
        "Basic !!!",
        "Basic c2FuZGJveA==",
        "Basic c2FuZGJveDp3cm9uZw==",
        "Basic AA==",
        "Basic JTAwOng=",
        "Bearer x",
        "Basic /////w==",
    ],
)
async def test_a_wrong_basic_header_is_refused(bank_on_each: BankInProcess, header: str) -> None:
    client = bank_on_each.openid()
    answer = await bank_on_each.site.call(
        "POST", "/token", form=client.exchange("c"), headers=[("authorization", header)]
    )
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")


async def test_unknown_client_and_wrong_secret_look_the_same(bank: BankInProcess) -> None:
    def basic(pair: str) -> list[tuple[str, str]]:
        return [("authorization", "Basic " + base64.b64encode(pair.encode()).decode())]

    form = bank.openid().exchange("c")
    unknown = await bank.site.call("POST", "/token", form=form, headers=basic("nobody:secret"))
    wrong = await bank.site.call("POST", "/token", form=form, headers=basic("sandbox:secret"))
    assert (unknown.status_code, unknown.json()) == (wrong.status_code, wrong.json())
    assert unknown.headers["www-authenticate"] == wrong.headers["www-authenticate"]


@pytest.mark.parametrize("sub", ["\0", "x" * 300, "nobody\0", "ł"])
async def test_an_assertion_that_claims_a_strange_name_is_refused(bank_on_each: BankInProcess, sub: str) -> None:
    client = bank_on_each.fapi()
    form = {**client.parameters(client_id=None), **client.proven(client.assertion(sub=sub, iss=sub))}
    answer = await bank_on_each.site.call("POST", "/par", form=form)
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")

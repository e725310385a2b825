from typing import Any

import pytest

from poreka.oidc import dpop
from poreka.oidc.errors import KeyUnknown
from poreka.oidc.keys import KeySet
from poreka.oidc.relying_party.callback import Code
from poreka.oidc.relying_party.client_authentication import ClientCredentials
from poreka.oidc.relying_party.exchange import Answer
from poreka.oidc.relying_party.faults import ProviderFault
from poreka.oidc.relying_party.proof_nonce import RetryWithNonce
from poreka.oidc.relying_party.registration import Registration
from poreka.oidc.relying_party.token import SignedIn, process_token_answer, token_request
from tests.oidc.relying_party.foreign_provider import (
    CREDENTIALS,
    IDS,
    ISSUER,
    KEYS,
    NOW,
    OTHER_KEY,
    begun,
    form_of,
    id_token,
    json_answer,
    metadata,
    plain_registration,
    registration,
    signed_in,
    token_answer,
)


def process(answer: Answer, known: Registration | None = None, **named: Any) -> SignedIn | RetryWithNonce:
    known = known or registration()
    return process_token_answer(known, begun(known).pending, KEYS, answer, NOW, **named)


def refused(answer: Answer, known: Registration | None = None) -> ProviderFault:
    with pytest.raises(ProviderFault) as fault:
        process(answer, known)
    return fault.value


def test_the_code_is_exchanged_with_every_proof() -> None:
    request = token_request(
        registration(), metadata(), CREDENTIALS, begun().pending, Code(code="c-1"), IDS, NOW, proof_nonce="n"
    )
    form = form_of(request)
    assert request.url == f"{ISSUER}/token"
    assert form["grant_type"] == "authorization_code"
    assert form["code"] == "c-1"
    assert form["code_verifier"] == "v" * 43
    assert form["redirect_uri"] == "https://portal.example/callback"
    assert "client_assertion" in form
    dpop.check_proof(request.headers["dpop"], method="POST", url=request.url, now=NOW, nonces=frozenset({"n"}))


def test_the_code_is_exchanged_with_a_secret() -> None:
    known = plain_registration()
    request = token_request(
        known, metadata(), ClientCredentials(secret="s"), begun(known).pending, Code(code="c"), IDS, NOW
    )
    assert "dpop" not in request.headers
    assert request.headers["authorization"].startswith("Basic ")


def test_a_code_never_goes_to_another_provider() -> None:
    other = metadata(issuer="https://evil.example", token_endpoint="https://evil.example/token")
    with pytest.raises(ValueError, match="only to the provider"):
        token_request(registration(), other, CREDENTIALS, begun().pending, Code(code="c-1"), IDS, NOW)


def test_fapi2_security_profile_final_client_test_happy_path() -> None:
    token = id_token()
    assert process(token_answer(token)) == signed_in(id_token=token)


def test_fapi2_security_profile_final_client_test_token_endpoint_response_without_expires_in() -> None:
    assert isinstance(process(token_answer(expires_in=..., scope=...)), SignedIn)


@pytest.mark.parametrize("token_type", ["dpop", "DPOP", "dPOp"])
def test_fapi2_security_profile_final_client_test_token_type_case_insensitivity(token_type: str) -> None:
    done = process(token_answer(token_type=token_type))
    assert isinstance(done, SignedIn)
    assert done.token_type == "DPoP"


@pytest.mark.parametrize("token_type", ["Bearer", "N_A", "", ..., 1])
def test_a_token_of_another_kind(token_type: object) -> None:
    assert refused(token_answer(token_type=token_type)).kind == "token_answer"


def test_a_bearer_token_where_that_was_agreed() -> None:
    done = process(token_answer(token_type="bearer"), plain_registration())
    assert isinstance(done, SignedIn)
    assert done.token_type == "Bearer"
    refused(token_answer(token_type="DPoP"), plain_registration())


@pytest.mark.parametrize(
    "answer",
    [
        json_answer({"error": "invalid_grant"}, 400),
        json_answer({"error": "invalid_client"}, 401),
        json_answer({"access_token": "a"}, 302),
        Answer(status=200, headers={"content-type": "text/html"}, body=b"{}"),
        Answer(status=200, headers={"content-type": "application/json"}, body=b"[]"),
        token_answer(access_token=...),
        token_answer(access_token=""),
        token_answer(access_token=["a"]),
        token_answer(id_token=...),
        token_answer(id_token={"a": 1}),
        token_answer(scope="identity"),
        token_answer(scope=7),
    ],
)
def test_an_answer_without_a_sign_in(answer: Answer) -> None:
    assert refused(answer).kind == "token_answer"


def test_the_error_code_is_for_the_log_only() -> None:
    fault = refused(json_answer({"error": "invalid_grant", "error_description": "private"}, 400))
    assert fault.detail == "status 400, error invalid_grant"
    assert "invalid_grant" not in fault.description


def test_the_id_token_is_checked() -> None:
    assert refused(token_answer(id_token(aud="someone-else"))).kind == "id_token"


def test_a_nonce_for_the_proof_is_used_once() -> None:
    answer = json_answer({"error": "use_dpop_nonce"}, 400, dpop_nonce="n-1")
    assert process(answer) == RetryWithNonce(nonce="n-1")
    with pytest.raises(ProviderFault):
        process(answer, retried=True)


def test_oidcc_client_test_signing_key_rotation_just_before_signing() -> None:
    """The same answer is processed again with newer keys: the code is not sent twice."""
    answer = token_answer(id_token(OTHER_KEY))
    with pytest.raises(KeyUnknown):
        process(answer)
    newer = KeySet([OTHER_KEY.verification()])
    assert isinstance(process_token_answer(registration(), begun().pending, newer, answer, NOW), SignedIn)

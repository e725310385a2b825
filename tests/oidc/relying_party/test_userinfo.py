from typing import Any

import pytest

from poreka.oidc import dpop
from poreka.oidc.errors import KeyUnknown
from poreka.oidc.relying_party.exchange import Answer
from poreka.oidc.relying_party.faults import ProviderFault
from poreka.oidc.relying_party.proof_nonce import RetryWithNonce
from poreka.oidc.relying_party.registration import Registration
from poreka.oidc.relying_party.released_facts import ReleasedFacts
from poreka.oidc.relying_party.userinfo import process_userinfo, userinfo_request
from tests.oidc.relying_party.foreign_provider import (
    CLIENT,
    IDS,
    ISSUER,
    KEYS,
    NOW,
    OTHER_KEY,
    PESEL,
    RSA_KEY,
    begun,
    id_token,
    json_answer,
    jwt_answer,
    metadata,
    plain_registration,
    registration,
    signed_in,
    unsigned,
    userinfo_answer,
    userinfo_claims,
)


def process(answer: Answer, known: Registration | None = None, **named: Any) -> ReleasedFacts | RetryWithNonce:
    return process_userinfo(known or registration(), signed_in(), KEYS, answer, NOW, **named)


def refused(answer: Answer, known: Registration | None = None) -> ProviderFault:
    with pytest.raises(ProviderFault) as fault:
        process(answer, known)
    assert fault.value.kind == "userinfo"
    return fault.value


def test_the_question_about_the_person_is_bound_to_token_and_key() -> None:
    request = userinfo_request(metadata(), begun().pending, signed_in(), IDS, NOW, proof_nonce="n-1")
    assert (request.method, request.url) == ("GET", f"{ISSUER}/me")
    assert request.headers["authorization"] == "DPoP access-1"
    dpop.check_proof(
        request.headers["dpop"],
        method="GET",
        url=request.url,
        now=NOW,
        access_token="access-1",
        nonces=frozenset({"n-1"}),
    )


def test_oidcc_client_test_userinfo_bearer_header() -> None:
    known = plain_registration()
    bearer = signed_in(token_type="Bearer")
    request = userinfo_request(metadata(), begun(known).pending, bearer, IDS, NOW)
    assert request.headers["authorization"] == "Bearer access-1"
    assert "dpop" not in request.headers
    assert "access-1" not in request.url


def test_a_provider_without_userinfo() -> None:
    with pytest.raises(ProviderFault):
        userinfo_request(metadata(userinfo_endpoint=None), begun().pending, signed_in(), IDS, NOW)


def test_oidcc_client_test_userinfo_signed() -> None:
    facts = process(userinfo_answer())
    assert isinstance(facts, ReleasedFacts)
    assert (facts.given_name, facts.family_name, facts.pesel) == ("Jagoda", "Wrona", PESEL)
    assert facts.verification is None


def test_times_are_checked_where_they_are_given() -> None:
    assert isinstance(process(userinfo_answer(iat=NOW, exp=NOW + 60)), ReleasedFacts)
    refused(userinfo_answer(exp=NOW - 60))
    refused(userinfo_answer(iat=NOW + 61))
    refused(userinfo_answer(nbf=NOW + 61))


def test_oidcc_client_test_userinfo_invalid_sub() -> None:
    for sub in ("person-2", "", ..., None, 1):
        refused(userinfo_answer(sub=sub))
        refused(json_answer(userinfo_claims(sub=sub)), plain_registration())


@pytest.mark.parametrize(
    "changes",
    [{"iss": "https://evil.example"}, {"iss": ...}, {"aud": "other"}, {"aud": ...}, {"aud": [CLIENT, "x"]}],
)
def test_a_signed_answer_from_or_for_another(changes: dict[str, Any]) -> None:
    refused(userinfo_answer(**changes))


def test_an_unsigned_answer_in_disguise() -> None:
    refused(jwt_answer(unsigned(userinfo_claims())))
    refused(userinfo_answer(RSA_KEY))
    refused(Answer(status=200, headers={"content-type": "application/jwt"}, body=b"\xff.\xfe.\xfd"))


def test_an_encrypted_answer_is_refused_in_plain_words() -> None:
    assert "encrypted" in refused(jwt_answer("a.b.c.d.e")).description


def test_an_id_token_is_no_answer_about_a_person() -> None:
    assert "nonce" in refused(jwt_answer(id_token())).detail
    refused(userinfo_answer(typ="logout+jwt"))


def test_newer_keys_may_be_needed_here_too() -> None:
    with pytest.raises(KeyUnknown):
        process(userinfo_answer(OTHER_KEY))


def test_plain_json_only_where_that_was_agreed() -> None:
    plain = json_answer(userinfo_claims())
    assert "not signed" in refused(plain).description
    facts = process(plain, plain_registration())
    assert isinstance(facts, ReleasedFacts)
    assert (facts.given_name, facts.pesel) == ("Jagoda", None)


@pytest.mark.parametrize("status", [204, 302, 401, 403, 500])
def test_no_answer(status: int) -> None:
    refused(json_answer({"error": "invalid_token"}, status))


def test_a_nonce_for_the_proof_is_used_once() -> None:
    demand = Answer(
        status=401,
        headers={"www-authenticate": 'DPoP error="use_dpop_nonce"', "dpop-nonce": "n-1"},
        body=b"",
    )
    assert process(demand) == RetryWithNonce(nonce="n-1")
    with pytest.raises(ProviderFault):
        process(demand, retried=True)

from typing import Any

import pytest

from poreka.oidc.dpop import token_hash
from poreka.oidc.errors import RefusedBearer
from poreka.oidc.jose import sign_with_embedded_key
from poreka.oidc.provider.access import (
    Access,
    Presented,
    check_access,
    presented_token,
)
from poreka.oidc.provider.token_request import Binding
from poreka.oidc.provider.tokens import AccessToken
from tests.oidc.provider.samples import issued
from tests.oidc.signing_keys import NOW, signing_key

URL = "https://bank.example/userinfo"
BOUND = issued().record
BEARER = issued(binding=Binding()).record
CERTIFIED = issued(binding=Binding(x5t="t")).record


def proof(key: str = "one", **changes: Any) -> str:
    claims = {"jti": "a", "htm": "GET", "htu": URL, "iat": NOW, "ath": token_hash("token"), **changes}
    return sign_with_embedded_key(claims, signing_key(key), "dpop+jwt")


def access(record: AccessToken | None, scheme: str = "dpop", **changes: Any) -> Access:
    facts = {"proof": None, "method": "GET", "url": URL, "thumbprint": None, "now": NOW, **changes}
    return check_access(Presented(scheme=scheme, token="token"), record, **facts)


def refusal(record: AccessToken | None, scheme: str = "dpop", **changes: Any) -> RefusedBearer:
    with pytest.raises(RefusedBearer) as refused:
        access(record, scheme, **changes)
    return refused.value


def test_rfc_6750_2_1_and_rfc_9449_7_1_the_header() -> None:
    assert presented_token("Bearer abc") == Presented(scheme="bearer", token="abc")
    assert presented_token("DPoP abc") == Presented(scheme="dpop", token="abc")
    for header, status in (
        (None, 401),
        ("Basic abc", 401),
        ("Bearer", 400),
        ("Bearer a b", 400),
        ("DPoP " + "a" * 513, 400),
        ("Bearer ł", 400),
    ):
        with pytest.raises(RefusedBearer) as refused:
            presented_token(header)
        assert refused.value.status == status
        assert refused.value.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_bound_token_with_its_proof_is_good_once() -> None:
    good = access(BOUND, proof=proof())
    assert good.token == BOUND
    assert good.single_use is not None


def test_rfc_9449_7_2_a_bound_token_is_no_bearer_token() -> None:
    assert refusal(BOUND, "bearer").error == "invalid_token"
    assert refusal(BOUND, "bearer", proof=proof()).error == "invalid_token"


@pytest.mark.parametrize(
    ("given", "error"),
    [
        (None, "invalid_dpop_proof"),
        (proof(ath=token_hash("other")), "invalid_dpop_proof"),
        (proof(htm="POST"), "invalid_dpop_proof"),
        (proof(iat=NOW - 999), "invalid_dpop_proof"),
        (proof("other"), "invalid_token"),
    ],
)
def test_rfc_9449_7_1_without_the_right_proof_it_is_refused(given: str | None, error: str) -> None:
    refused = refusal(BOUND, proof=given)
    assert refused.error == error
    assert refused.headers["WWW-Authenticate"].startswith("DPoP ")
    assert 'algs="ES256 Ed25519 EdDSA PS256"' in refused.headers["WWW-Authenticate"]


def test_rfc_9449_9_a_nonce_is_asked_for() -> None:
    refused = refusal(BOUND, proof=proof(), nonces=frozenset({"n"}), next_nonce="n")
    assert (refused.error, refused.headers["DPoP-Nonce"]) == ("use_dpop_nonce", "n")


@pytest.mark.parametrize("scheme", ["bearer", "dpop"])
def test_unknown_and_expired_tokens_are_the_same(scheme: str) -> None:
    unknown, expired = refusal(None, scheme), refusal(BOUND, scheme, now=NOW + 300, proof=proof())
    assert (unknown.status, unknown.headers) == (expired.status, expired.headers)


def test_bearer_and_certificate_tokens() -> None:
    assert access(BEARER, "bearer").single_use is None
    assert refusal(BEARER, "dpop", proof=proof()).error == "invalid_token"
    assert access(CERTIFIED, "bearer", thumbprint="t")
    for thumbprint in (None, "u"):
        assert refusal(CERTIFIED, "bearer", thumbprint=thumbprint).error == "invalid_token"

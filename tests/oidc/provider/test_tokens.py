import hashlib

import msgspec
import pytest

from poreka.oidc.algorithms import FAPI2_ALGORITHMS
from poreka.oidc.jose import verify
from poreka.oidc.provider.token_request import Binding
from poreka.oidc.provider.tokens import AccessToken, half_hash, id_token_claims, stored_hash
from tests.oidc.provider.samples import ISSUER, OWN_KEY, granted, issued
from tests.oidc.signing_keys import NOW, key_set


def test_rfc_6749_5_1_the_answer_and_the_record() -> None:
    made = issued()
    assert (made.answer.access_token, made.answer.token_type, made.answer.expires_in) == (
        "token",
        "DPoP",
        300,
    )
    assert made.answer.scope == "openid identity"
    assert made.record.token_hash == stored_hash("token") == hashlib.sha256(b"token").hexdigest()
    assert made.record.expires_at == NOW + 300
    assert msgspec.json.decode(msgspec.json.encode(made.record), type=AccessToken) == made.record
    assert b'"token"' not in msgspec.json.encode(made.record)


@pytest.mark.parametrize("binding", [Binding(), Binding(x5t="t")])
def test_without_a_proof_the_token_is_a_bearer_token(binding: Binding) -> None:
    assert issued(binding=binding).answer.token_type == "Bearer"


def test_core_2_the_id_token_says_who_and_how_and_nothing_personal() -> None:
    claims = verify(issued().answer.id_token, key_set(OWN_KEY), FAPI2_ALGORITHMS)
    assert claims == {
        "iss": ISSUER,
        "sub": "pairwise",
        "aud": "portal",
        "exp": NOW + 300,
        "iat": NOW,
        "auth_time": NOW - 5,
        "acr": "substantial",
        "amr": ["pwd", "otp"],
        "sid": "sid-1",
        "nonce": "n",
        "at_hash": half_hash("token"),
    }


def test_without_nonce_or_with_eddsa_the_optional_claims_are_left_out() -> None:
    claims = id_token_claims(granted(nonce=None), ISSUER, "token", "EdDSA", NOW)
    assert not {"nonce", "at_hash"} & set(claims)


def test_core_appendix_a_at_hash_example() -> None:
    assert half_hash("jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y") == "77QmUPtjPfzWtF2AnpK9RQ"

from typing import Any

import pytest

from poreka.oidc.errors import TokenRefused
from poreka.oidc.jose import sign
from poreka.oidc.provider.request_object import open_request_object
from tests.oidc.provider.samples import ISSUER, openid_client
from tests.oidc.signing_keys import NOW, forged, key_set, signing_key

KEY = signing_key("client")
CLAIMS: dict[str, Any] = {
    "iss": "portal",
    "aud": [ISSUER],
    "exp": NOW + 60,
    "client_id": "portal",
    "scope": "openid",
}


def opened(token: str) -> Any:
    return open_request_object(token, openid_client(), key_set(KEY), issuer=ISSUER, now=NOW)


def test_rfc_9101_4_parameters_are_the_claims_as_they_would_stand_in_a_query() -> None:
    found = opened(sign({**CLAIMS, "max_age": 60, "claims": {"userinfo": {"pesel": None}}, "nonce": None}, KEY))
    assert found.get("max_age") == "60"
    assert found.get("claims") == '{"userinfo":{"pesel":null}}'
    assert "nonce" not in found
    assert not [name for name in ("iss", "aud", "exp") if name in found]


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "other"},
        {"aud": "https://other.example"},
        {"exp": NOW - 60},
        {"exp": NOW + 3661},
        {"exp": None},
        {"nbf": NOW + 61},
        {"client_id": "other"},
        {"client_id": None},
        {"request": "a.b.c"},
        {"request_uri": "urn:x"},
    ],
)
def test_rfc_9101_6_an_object_that_says_something_else_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(TokenRefused):
        opened(sign({**CLAIMS, **changes}, KEY))


def test_rfc_9101_10_8_another_kind_of_token_and_an_unsigned_object_are_refused() -> None:
    for token in (
        sign(CLAIMS, KEY, "at+jwt"),
        forged({"alg": "none"}, CLAIMS),
        sign(CLAIMS, signing_key("foreign")),
    ):
        with pytest.raises(TokenRefused):
            opened(token)

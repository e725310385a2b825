from typing import Any

import pytest

from poreka.oidc.errors import TokenRefused
from poreka.oidc.jose import sign
from poreka.oidc.provider.request_object import open_backchannel_request, open_request_object
from tests.oidc.provider.samples import ISSUER, client, openid_client
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


HOUR = 3600


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"nbf": None}, id="ensure-request-object-without-nbf-fails"),
        pytest.param({"exp": None}, id="ensure-request-object-without-exp-fails"),
        pytest.param({"exp": NOW + 70 * 60}, id="ensure-request-object-with-exp-over-60-fails"),
        pytest.param({"nbf": NOW - 70 * 60}, id="ensure-request-object-with-nbf-over-60-fails"),
        pytest.param({"nbf": NOW - 30 * 60, "exp": NOW + 31 * 60}, id="a life of more than an hour"),
        pytest.param({"nbf": NOW + 61}, id="not yet"),
    ],
)
def test_fapi2_message_signing_5_3_1_a_request_object_lives_an_hour_at_most(changes: dict[str, Any]) -> None:
    with pytest.raises(TokenRefused):
        open_request_object(sign(changed(changes), KEY), client(), key_set(KEY), issuer=ISSUER, now=NOW)


def test_fapi2_message_signing_5_3_1_a_good_one_is_taken() -> None:
    for good in ({}, {"nbf": NOW - 59 * 60}, {"nbf": NOW, "exp": NOW + HOUR}):
        found = open_request_object(sign(changed(good), KEY), client(), key_set(KEY), issuer=ISSUER, now=NOW)
        assert found.get("scope") == "openid"


def changed(changes: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in {**CLAIMS, "nbf": NOW, **changes}.items() if value is not None}


SIGNED = {**CLAIMS, "nbf": NOW, "iat": NOW, "jti": "j-1", "client_notification_token": "t"}


def asked_in_the_app(registered: str | None = None, **changes: Any) -> Any:
    claims = {name: value for name, value in {**SIGNED, **changes}.items() if value is not None}
    whose = client(backchannel_authentication_request_signing_alg=registered)
    return open_backchannel_request(sign(claims, KEY), whose, key_set(KEY), issuer=ISSUER, now=NOW)


def test_ciba_7_1_1_a_signed_request_is_good_once_for_us() -> None:
    found, use = asked_in_the_app("ES256")
    assert found.get("client_notification_token") == "t"
    assert (use.kind, use.value) == ("backchannel_request", "portal j-1")
    assert use.expires_at > NOW + 60


@pytest.mark.parametrize(
    "changes",
    [{"jti": None}, {"iat": None}, {"nbf": None}, {"exp": None}, {"aud": "https://other.example"}, {"iss": "other"}],
)
def test_ciba_7_1_1_what_a_signed_request_must_say(changes: dict[str, Any]) -> None:
    with pytest.raises(TokenRefused):
        asked_in_the_app(**changes)


def test_ciba_4_another_algorithm_than_the_registered_one_is_refused() -> None:
    with pytest.raises(TokenRefused):
        asked_in_the_app("PS256")

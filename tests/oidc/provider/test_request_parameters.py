from typing import Any

import pytest

from poreka.oidc.errors import SentToClient
from poreka.oidc.jose import sign
from tests.oidc.provider.samples import ISSUER, OWN_KEY, client, openid_client, request

HINT = {"iss": ISSUER, "aud": "portal", "sub": "pairwise", "exp": 1}


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"request_uri": "https://evil.example/request"}, "request_uri_not_supported"),
        ({"registration": "{}"}, "registration_not_supported"),
        ({"resource": "https://api.example"}, "invalid_target"),
        ({"response_type": None}, "invalid_request"),
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"response_type": "code id_token"}, "unsupported_response_type"),
        ({"response_mode": "fragment"}, "invalid_request"),
        ({"scope": None}, "invalid_scope"),
        ({"scope": "unknown"}, "invalid_scope"),
        ({"scope": "openid phone"}, "invalid_scope"),
        ({"code_challenge": None}, "invalid_request"),
        ({"code_challenge": None, "code_challenge_method": None}, "invalid_request"),
        ({"dpop_jkt": "short"}, "invalid_request"),
        ({"prompt": "create"}, "invalid_request"),
        ({"prompt": "none login"}, "invalid_request"),
        ({"max_age": "-1"}, "invalid_request"),
        ({"max_age": "١"}, "invalid_request"),
        ({"max_age": "1" * 10}, "invalid_request"),
        ({"state": "x" * 1025}, "invalid_request"),
        ({"nonce": "x" * 513}, "invalid_request"),
        ({"nonce": "\n"}, "invalid_request"),
        ({"login_hint": "x" * 257}, "invalid_request"),
        ({"claims": "x"}, "invalid_request"),
        ({"id_token_hint": "x"}, "invalid_request"),
        ({"id_token_hint": sign({**HINT, "aud": "other"}, OWN_KEY)}, "invalid_request"),
        (
            {"id_token_hint": sign(HINT, OWN_KEY), "claims": '{"id_token":{"sub":{"value":"x"}}}'},
            "invalid_request",
        ),
        ({"claims": '{"id_token":{"sub":{"value":5}}}'}, "invalid_request"),
    ],
)
def test_core_3_1_2_6_each_fault_has_its_error(changes: dict[str, Any], error: str) -> None:
    with pytest.raises(SentToClient) as refused:
        request(**changes)
    assert refused.value.error == error
    assert refused.value.destination is not None
    assert '"' not in refused.value.description
    assert refused.value.description.isascii()


def test_core_3_1_2_1_unknown_scopes_are_ignored_and_repeated_ones_counted_once() -> None:
    assert request(scope="openid  unknown identity openid").scopes == ("openid", "identity")


def test_a_client_registered_without_pkce_may_do_without() -> None:
    without: dict[str, Any] = {"code_challenge": None, "code_challenge_method": None}
    assert request(openid_client(require_pkce=False), **without).code_challenge is None
    with pytest.raises(SentToClient):
        request(client(require_pkce=False), **without)


def test_what_is_asked_is_what_is_read() -> None:
    asked = request(
        dpop_jkt="j" * 43,
        response_mode="form_post",
        prompt="login login",
        max_age="0",
        login_hint="someone",
        ui_locales="pl en",
        acr_values="high low",
    )
    assert (asked.dpop_jkt, asked.response_mode, asked.prompt, asked.max_age) == (
        "j" * 43,
        "form_post",
        ("login",),
        0,
    )
    assert (asked.login_hint, asked.ui_locales, asked.acr_values) == (
        "someone",
        ("pl", "en"),
        ("high", "low"),
    )


def test_levels_by_claims_go_before_the_parameter_and_the_default() -> None:
    claims = '{"id_token":{"acr":{"value":"high","essential":true}}}'
    by_claims = request(client(default_acr="low"), acr_values="substantial", claims=claims)
    assert (by_claims.acr_values, by_claims.acr_essential) == (("high",), True)
    by_default = request(client(default_acr="low"), claims='{"id_token":{"acr":{"essential":true}}}')
    assert (by_default.acr_values, by_default.acr_essential) == (("low",), False)


def test_a_hint_even_an_expired_one_names_the_person() -> None:
    assert request(id_token_hint=sign(HINT, OWN_KEY)).hinted_subject == "pairwise"
    assert request(claims='{"id_token":{"sub":{"value":"pairwise"}}}').hinted_subject == "pairwise"
    assert request(claims='{"id_token":{"sub":null}}').hinted_subject is None

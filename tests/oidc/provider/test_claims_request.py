import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poreka.oidc.errors import SentToClient
from poreka.oidc.provider.claims_request import (
    ClaimsWish,
    read_claims_parameter,
    requested_claims,
    wanted_acr,
)


def test_core_5_5_example() -> None:
    wish = read_claims_parameter(
        '{"userinfo": {"given_name": {"essential": true}, "nickname": null,'
        ' "email": {"value": "a@b.example"}},'
        ' "id_token": {"auth_time": {"essential": true}, "acr": {"values": ["high", 5]}}, "other": 1}'
    )
    assert set(wish.userinfo) == {"given_name", "nickname", "email"}
    assert wish.userinfo["given_name"] is not None
    assert wish.userinfo["given_name"].essential
    assert wanted_acr(wish) == (("high",), False)


def test_nothing_asked() -> None:
    assert read_claims_parameter(None) == read_claims_parameter("{}") == ClaimsWish()
    assert wanted_acr(ClaimsWish()) == ((), False)


def test_core_5_5_1_1_an_essential_level_by_value() -> None:
    assert wanted_acr(read_claims_parameter('{"id_token":{"acr":{"value":"high","essential":true}}}')) == (
        ("high",),
        True,
    )


def verified(**member: Any) -> str:
    return json.dumps({"userinfo": {"verified_claims": member}})


def test_identity_assurance_6_one_or_several_verified_requests() -> None:
    one = {"verification": {"trust_framework": None}, "claims": {"pesel": None}}
    assert len(read_claims_parameter(json.dumps({"userinfo": {"verified_claims": one}})).verified) == 1
    assert len(read_claims_parameter(json.dumps({"userinfo": {"verified_claims": [one, one]}})).verified) == 2


@pytest.mark.parametrize(
    "value",
    [
        "",
        "x",
        "[]",
        "[" * 4000,
        '{"userinfo": []}',
        '{"userinfo": {"a": {"value": ' + "[" * 200 + "]" * 200 + "}}}",
        '{"userinfo": {"a": 5}}',
        '{"userinfo": {"a": {"essential": "yes"}}}',
        '{"id_token": {"acr": {"values": "high"}}}',
        verified(),
        verified(verification={}, claims={}),
        verified(verification=None, claims={"a": None}),
        verified(verification={}, claims=["a"]),
        '{"userinfo": {"verified_claims": null}}',
        '{"userinfo": {"verified_claims": []}}',
        json.dumps({"userinfo": {"verified_claims": [{"verification": {}, "claims": {"a": None}}] * 5}}),
        '{"id_token": {"verified_claims": {"verification": {}, "claims": {"a": null}}}}',
        json.dumps({"userinfo": {str(number): None for number in range(33)}}),
    ],
)
def test_malformed_or_excessive_wishes_are_refused(value: str) -> None:
    with pytest.raises(SentToClient) as refused:
        read_claims_parameter(value)
    assert refused.value.error == "invalid_request"


@given(st.text())
def test_no_text_breaks_the_reader(value: str) -> None:
    with suppress(SentToClient):
        read_claims_parameter(value)


def test_consent_is_about_everything_asked_for_in_any_way() -> None:
    wish = read_claims_parameter(
        '{"userinfo":{"email":null,"verified_claims":{"verification":{},"claims":{"birthdate":null}}}}'
    )
    assert requested_claims(("openid", "profile", "unknown"), wish) == {
        "given_name",
        "family_name",
        "email",
        "birthdate",
    }

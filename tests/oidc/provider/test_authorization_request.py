from typing import Any

import msgspec
import pytest

from poreka.oidc.clients.client import Client
from poreka.oidc.errors import Destination, SentToClient, ShownToPerson
from poreka.oidc.jose import sign
from poreka.oidc.parameters import Parameters
from poreka.oidc.provider.authorization_request import AuthorizationRequest, check_request
from tests.oidc.provider.samples import (
    BACK,
    ISSUER,
    SUPPORTED,
    client,
    openid_client,
    pairs,
    parameters,
    request,
)
from tests.oidc.signing_keys import NOW, key_set, signing_key


def check(given: Parameters, asking: Client | None, *, pushed: bool = True) -> AuthorizationRequest:
    return check_request(given, asking, SUPPORTED, now=NOW, client_keys=key_set(signing_key("client")), pushed=pushed)


def test_a_good_request_survives_storage() -> None:
    good = request(prompt="login consent", max_age="60", acr_values="high low", claims='{"userinfo":{"pesel":null}}')
    assert good.scopes == ("openid", "identity")
    assert good.destination.redirect_uri == BACK
    assert msgspec.json.decode(msgspec.json.encode(good), type=AuthorizationRequest) == good


@pytest.mark.parametrize(
    ("changes", "asking"),
    [
        ({}, None),
        ({"client_id": "other"}, client()),
        ({"client_id": None}, client()),
        ({"redirect_uri": None}, client()),
        ({"redirect_uri": "https://evil.example/back"}, client()),
        ({"redirect_uri": BACK + "/"}, client()),
        ({"request": "x"}, client()),
    ],
)
def test_rfc_6749_4_1_2_1_before_client_and_address_are_proven_nothing_is_redirected(
    changes: dict[str, Any], asking: Client | None
) -> None:
    with pytest.raises(ShownToPerson):
        check(parameters(**changes), asking)


@pytest.mark.parametrize("name", ["client_id", "redirect_uri", "request"])
def test_repeated_proofs_of_the_client_are_shown(name: str) -> None:
    with pytest.raises(ShownToPerson, match="repeated"):
        check(Parameters.of_pairs([*pairs(), (name, "x"), (name, "y")]), client())


def test_any_other_repeated_parameter_is_sent_back() -> None:
    with pytest.raises(SentToClient, match="repeated") as refused:
        check(Parameters.of_pairs([*pairs(), ("nonce", "n")]), client())
    assert refused.value.destination is not None
    assert refused.value.destination.state == "s"


@pytest.mark.parametrize("spoilt", [[("state", "other")], []])
def test_a_spoilt_state_is_not_echoed(spoilt: list[tuple[str, str]]) -> None:
    given = [*pairs(state="ł" if not spoilt else "s"), *spoilt]
    with pytest.raises(SentToClient) as refused:
        check(Parameters.of_pairs(given), client())
    assert refused.value.destination is not None
    assert refused.value.destination.state is None


def test_a_fault_goes_back_by_the_mode_asked_for() -> None:
    for mode, expected in (("form_post", "form_post"), ("fragment", "query")):
        with pytest.raises(SentToClient) as refused:
            check(parameters(response_mode=mode, scope="x"), client())
        assert refused.value.destination is not None
        assert refused.value.destination.response_mode == expected


def test_rfc_9126_5_a_fapi2_client_must_push() -> None:
    with pytest.raises(SentToClient, match="pushed"):
        check(parameters(), client(), pushed=False)
    assert check(parameters(), openid_client(), pushed=False)


def test_a_bad_challenge_is_sent_back_as_an_invalid_request() -> None:
    with pytest.raises(SentToClient) as refused:
        check(parameters(code_challenge_method="plain"), client())
    assert refused.value.error == "invalid_request"


def request_object(**changes: Any) -> str:
    claims = {**dict(pairs()), "iss": "portal", "aud": ISSUER, "nbf": NOW, "exp": NOW + 60, **changes}
    return sign(claims, signing_key("client"), "oauth-authz-req+jwt")


def test_rfc_9101_6_3_only_what_is_inside_the_object_counts() -> None:
    outside = Parameters.of_pairs(
        [("client_id", "portal"), ("scope", "openid"), ("request", request_object(nonce="inner"))]
    )
    found = check(outside, openid_client(), pushed=False)
    assert (found.nonce, found.scopes) == ("inner", ("openid", "identity"))
    assert check(outside, client(), pushed=True) == found


def test_a_request_object_of_no_worth_is_shown() -> None:
    with pytest.raises(ShownToPerson) as refused:
        check(
            Parameters.of_pairs([("client_id", "portal"), ("request", request_object(aud="x"))]),
            openid_client(),
        )
    assert refused.value.error == "invalid_request_object"


def test_a_client_that_must_sign_is_refused_without_a_request_object() -> None:
    """ensure-unsigned-authorization-request-without-using-par-fails, and pushed."""
    signing = client(require_signed_request_object=True)
    with pytest.raises(ShownToPerson, match="must sign"):
        check(parameters(), signing, pushed=True)
    signed = Parameters.of_pairs([("client_id", "portal"), ("request", request_object())])
    assert check(signed, signing, pushed=True).client_id == "portal"


def test_a_request_in_a_jwt_response_mode_is_answered_with_the_registered_algorithm() -> None:
    found = check(parameters(response_mode="jwt"), client(authorization_signed_response_alg="PS256"), pushed=True)
    assert found.destination == Destination(
        redirect_uri=found.redirect_uri,
        state=found.state,
        response_mode="jwt",
        client_id="portal",
        signed_with="PS256",
    )


def test_only_profiles_that_may_sign_a_request_in_the_browser_do() -> None:
    with pytest.raises(ShownToPerson) as refused:
        check(
            Parameters.of_pairs([("client_id", "portal"), ("request", request_object())]),
            client(),
            pushed=False,
        )
    assert refused.value.error == "request_not_supported"

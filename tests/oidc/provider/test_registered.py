"""Each refusal that the registration causes names what is registered, in characters that a description may have."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poreka.oidc.clients.authentication import ASSERTION_TYPE, Authenticated, authenticate
from poreka.oidc.clients.client import Client
from poreka.oidc.clients.registered import MOST_NAMED, registered
from poreka.oidc.errors import Fault
from poreka.oidc.jose import sign
from poreka.oidc.keys import KeySet
from poreka.oidc.parameters import Parameters
from poreka.oidc.provider.authorization_request import check_request
from poreka.oidc.provider.backchannel_request import registered_for_it
from poreka.oidc.provider.end_session import LogoutAsked, check_logout
from poreka.oidc.provider.refresh_token import presented_refresh_token
from poreka.oidc.provider.token_request import bound_as_required
from tests.oidc.provider.samples import ISSUER, SUPPORTED, TOKEN_ENDPOINT, client, openid_client, pairs
from tests.oidc.signing_keys import NOW, key_set, signing_key

CALLER = Authenticated(client_id="portal", method="private_key_jwt")
NO_KEYS = KeySet(())


def asking(client_: Client, *, pushed: bool = True, **changes: Any) -> Callable[[], object]:
    return lambda: check_request(Parameters.of_pairs(pairs(**changes)), client_, SUPPORTED, now=NOW, pushed=pushed)


def proving(client_: Client, *, keys: KeySet = NO_KEYS, **form: str) -> Callable[[], object]:
    return lambda: authenticate(
        client_,
        Parameters.of_pairs(form.items()),
        authorization=None,
        certificate=None,
        keys=keys,
        issuer=ISSUER,
        endpoint=TOKEN_ENDPOINT,
        now=NOW,
    )


def assertion(algorithm: str = "ES256", **changes: Any) -> dict[str, str]:
    claims = {"iss": "portal", "sub": "portal", "aud": ISSUER, "exp": NOW + 60, "jti": "1", **changes}
    token = sign(claims, signing_key("client", algorithm))
    return {"client_assertion": token, "client_assertion_type": ASSERTION_TYPE}


def leaving(client_: Client) -> Callable[[], object]:
    asked = LogoutAsked(client_id="portal", hinted=None, return_to="https://x.example", state=None)
    return lambda: check_logout(asked, client_, session_sid=None)


KEYS = key_set(signing_key("client"))
REFUSALS: dict[str, tuple[Callable[[], object], str]] = {
    "address": (
        asking(client(), redirect_uri="https://portal.example/other"),
        "Registered redirect_uris: https://portal.example/back.",
    ),
    "sandbox": (
        asking(client(sandbox=True), redirect_uri="https://x.example"),
        "Registered redirect_uris: any path and port of http://127.0.0.1 or http://[::1].",
    ),
    "PKCE by profile": (
        asking(client(), code_challenge=None, code_challenge_method=None),
        "Registered profile: fapi2.",
    ),
    "PKCE": (
        asking(openid_client(), code_challenge=None, code_challenge_method=None),
        "Registered require_pkce: true.",
    ),
    "push": (asking(client(), pushed=False), "Registered profile: fapi2."),
    "signed": (asking(client(require_signed_request_object=True)), "Registered require_signed_request_object: true."),
    "request object": (asking(client(), pushed=False, request="x"), "Registered profile: fapi2."),
    "scope": (asking(client(), scope="openid phone"), "Registered scopes: identity, openid."),
    "unknown scope": (asking(client(), scope="everything"), "Registered scopes: identity, openid."),
    "details": (asking(client(), authorization_details="[]"), "Registered authorization_details_types: none."),
    "method": (
        proving(client(), client_secret="x"),
        "Registered token_endpoint_auth_method: private_key_jwt.",
    ),
    "no method": (proving(client()), "Registered token_endpoint_auth_method: private_key_jwt."),
    "certificate": (
        proving(client(token_endpoint_auth_method="tls_client_auth")),
        "Registered token_endpoint_auth_method: tls_client_auth.",
    ),
    "algorithm": (proving(client(), keys=KEYS, **assertion("RS256")), "allowed: ES256, Ed25519, EdDSA, PS256."),
    "key": (proving(client(), **assertion()), "Registered jwks: client."),
    "key elsewhere": (
        proving(client(jwks=None, jwks_uri="https://portal.example/jwks"), **assertion()),
        "Registered jwks_uri: https://portal.example/jwks.",
    ),
    "audience": (proving(client(), keys=KEYS, **assertion(aud="x")), "must be our issuer, https://bank.example,"),
    "life": (proving(client(), keys=KEYS, **assertion(exp=NOW + 3600)), "expires in 3600 seconds; 300 are allowed"),
    "DPoP": (
        lambda: bound_as_required(client(dpop_required=True), CALLER, None),
        "Registered dpop_required: true.",
    ),
    "binding": (lambda: bound_as_required(client(), CALLER, None), "Registered profile: fapi2."),
    "refreshing": (
        lambda: presented_refresh_token(Parameters.of_pairs(()), client()),
        "Registered grant_types: authorization_code.",
    ),
    "asking": (lambda: registered_for_it(client()), "Registered grant_types: authorization_code."),
    "sign-out": (leaving(client()), "Registered post_logout_redirect_uris: https://portal.example/bye."),
}


@pytest.mark.parametrize(("refused", "named"), REFUSALS.values(), ids=REFUSALS.keys())
def test_a_refusal_names_what_is_registered(refused: Callable[[], object], named: str) -> None:
    with pytest.raises(Fault) as fault:
        refused()
    assert named in fault.value.description
    assert re.fullmatch(r"[\x20-\x21\x23-\x5b\x5d-\x7e]+", fault.value.description)


@given(st.lists(st.text(max_size=300), max_size=40))
def test_rfc_6749_5_2_whatever_is_registered_is_told_shortly_and_in_allowed_characters(uris: list[str]) -> None:
    told = registered(client(redirect_uris=tuple(uris)), "redirect_uris")
    assert re.fullmatch(r"[\x20-\x21\x23-\x5b\x5d-\x7e]+", told)
    assert len(told) < 1200
    assert (f"and {len(uris) - MOST_NAMED} more" in told) == (len(uris) > MOST_NAMED)

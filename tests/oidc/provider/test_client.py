from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poreka.oidc.clients.client import PROFILES, owns_post_logout_redirect_uri, owns_redirect_uri
from poreka.oidc.clients.registration_faults import registration_faults
from tests.oidc.provider.samples import BACK, IDENTITY, client, openid_client


def test_fapi2_allows_no_secret_no_rs256_and_no_plain_request() -> None:
    fapi2 = PROFILES["fapi2"]
    assert not [method for method in fapi2.authentication if "secret" in method]
    assert "RS256" not in fapi2.algorithms
    assert (fapi2.pushed_only, fapi2.pkce_always, fapi2.bound_tokens_always) == (True, True, True)


def test_only_fapi2_may_receive_a_pesel() -> None:
    assert "pesel" in client().releasable_claims
    assert "pesel" not in openid_client(claims=IDENTITY).releasable_claims


def test_good_registrations_have_no_faults() -> None:
    assert registration_faults(client()) == []
    assert registration_faults(openid_client(redirect_uris=("http://127.0.0.1/back",), loopback_redirects=True)) == []
    secret = {"token_endpoint_auth_method": "client_secret_basic", "secret_hash": "ab", "jwks": None}
    assert registration_faults(openid_client(**secret)) == []
    demo = client(redirect_uris=("http://pue.localhost:8000/back",), jwks_uri="http://pue.localhost:8000/jwks")
    assert registration_faults(demo, plain_http=True) == []
    for method, fact in (
        ("tls_client_auth", {"tls_subject": "CN=x"}),
        ("self_signed_tls_client_auth", {"tls_thumbprints": ("t",)}),
    ):
        assert registration_faults(client(token_endpoint_auth_method=method, jwks=None, **fact)) == []


@pytest.mark.parametrize(
    "changes",
    [
        {"token_endpoint_auth_method": "client_secret_basic", "secret_hash": "ab"},
        {"token_endpoint_auth_method": "tls_client_auth"},
        {"jwks": None},
        {"id_token_signed_response_alg": "RS256"},
        {"userinfo_signed_response_alg": "none"},
        {"scopes": frozenset()},
        {"authorization_signed_response_alg": "RS256"},
        {"introspection_signed_response_alg": "none"},
        {"redirect_uris": ()},
        {"require_pkce": False},
        {"redirect_uris": ("http://portal.example/back",)},
        {"redirect_uris": ("https://portal.example/back#part",)},
        {"redirect_uris": ("https://[broken/back",)},
        {"redirect_uris": ("https:///back",)},
        {"backchannel_logout_uri": "ftp://portal.example"},
        {"profile": "openid"},
        {"name": {"en": "Office"}},
        {"name": {"pl": "Urząd", "en": ""}},
        {"name": {"pl": "Urząd\nKod SMS nr 1: 000000"}},
        {"name": {"pl": "\u202eUrząd"}},
        {"name": {"pl": "U" * 121}},
        {"purpose": {"pl": "sprawy\r\nSet-Cookie: a=b"}},
        {"offers": {"pl": ("x",) * 6}},
        {"offers": {"pl": ("x" * 121,)}},
        {"offers": {"pl": ("wnioski",), "en": ("",)}},
    ],
)
def test_a_registration_beyond_its_profile_is_named(changes: dict[str, Any]) -> None:
    assert len(registration_faults(client(**changes))) == 1


def test_rfc_9700_2_1_addresses_are_compared_exactly() -> None:
    assert owns_redirect_uri(client(), BACK)
    for other in (BACK + "/", BACK + "?a=b", BACK.upper(), BACK + "#", "https://portal.example:443/back", ""):
        assert not owns_redirect_uri(client(), other)


LOOPBACK = client(redirect_uris=("http://127.0.0.1/back", "http://[::1]/back"), loopback_redirects=True)


@given(port=st.integers(1, 65535))
def test_rfc_8252_7_3_any_port_of_a_loopback_address(port: int) -> None:
    assert owns_redirect_uri(LOOPBACK, f"http://127.0.0.1:{port}/back")
    assert owns_redirect_uri(LOOPBACK, f"http://[::1]:{port}/back")
    assert not owns_redirect_uri(client(redirect_uris=("http://127.0.0.1/back",)), f"http://127.0.0.1:{port}/back")


@pytest.mark.parametrize(
    "other",
    [
        "http://127.0.0.1:5/other",
        "https://127.0.0.1:5/back",
        "http://localhost:5/back",
        "http://127.0.0.1.evil.example/back",
        "http://127.0.0.1:5@evil.example/back",
        "http://evil@127.0.0.1:5/back",
        "http://127.0.0.1:5/back#f",
        "http://127.0.0.1:x/back",
        "http://127.0.0.1:05/back",
        "http://127.0.0.1:/back",
    ],
)
def test_rfc_8252_7_3_only_the_port_may_differ(other: str) -> None:
    assert not owns_redirect_uri(LOOPBACK, other)


def test_derived_settings() -> None:
    assert client().sector == "portal.example"
    assert client(sector_identifier="sector").sector == "sector"
    assert client(redirect_uris=("x",)).sector == "portal"
    assert client(require_pkce=False).pkce_needed
    assert not openid_client(require_pkce=False).pkce_needed
    assert client().bound_tokens_needed
    assert openid_client(dpop_required=True).bound_tokens_needed
    assert not openid_client().bound_tokens_needed


ON_THIS_MACHINE = ("http://127.0.0.1:8080/login/oauth2/code/poreka", "http://[::1]:3000/x?y=1", "http://127.0.0.1/")
ELSEWHERE = ("https://127.0.0.1/", "http://127.0.0.1.evil.example/", "http://user@127.0.0.1/", "http://localhost:1/")


def test_a_sandbox_client_returns_to_any_address_of_its_own_machine_and_nowhere_else() -> None:
    sandbox = openid_client(sandbox=True)
    for owns in (owns_redirect_uri, owns_post_logout_redirect_uri):
        assert all(owns(sandbox, uri) for uri in ON_THIS_MACHINE)
        assert not any(owns(sandbox, uri) for uri in ELSEWHERE)
        assert not any(owns(openid_client(), uri) for uri in ON_THIS_MACHINE)


def test_a_sandbox_client_exists_in_the_demonstration_only() -> None:
    sandbox = openid_client(sandbox=True)
    assert registration_faults(sandbox, plain_http=True) == []
    assert registration_faults(sandbox) == ["sandbox exists in the demonstration only"]

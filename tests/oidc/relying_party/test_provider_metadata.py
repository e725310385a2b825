from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poreka.oidc.relying_party.exchange import LARGEST_JSON, Answer
from poreka.oidc.relying_party.faults import ProviderFault
from poreka.oidc.relying_party.provider_metadata import check_fits, check_provider_metadata, discovery_url
from tests.oidc.relying_party.foreign_provider import (
    ISSUER,
    METADATA,
    json_answer,
    metadata,
    plain_registration,
    registration,
    spoiled,
)


def document(**changes: Any) -> Answer:
    return json_answer(spoiled(METADATA, changes))


def test_oidcc_client_test_discovery_openid_config() -> None:
    read = check_provider_metadata(document(), ISSUER, allow_http=False)
    assert read.token_endpoint == f"{ISSUER}/token"
    assert read.supports_par
    assert read.supports_dpop
    assert read.authorization_response_iss_parameter_supported
    assert not read.backchannel_logout_supported


@pytest.mark.parametrize("issuer", ["https://other.example", ISSUER + "/", "HTTPS://foreign.example"])
def test_oidcc_client_test_discovery_issuer_mismatch(issuer: str) -> None:
    with pytest.raises(ProviderFault) as refused:
        check_provider_metadata(document(issuer=issuer), ISSUER, allow_http=False)
    assert refused.value.kind == "issuer"


test_fapi2_security_profile_final_client_test_discovery_issuer_mismatch = (
    test_oidcc_client_test_discovery_issuer_mismatch
)


def test_the_document_is_found_under_the_issuer() -> None:
    assert discovery_url("https://a.example") == "https://a.example/.well-known/openid-configuration"
    assert discovery_url("https://a.example/x/") == "https://a.example/x/.well-known/openid-configuration"


@pytest.mark.parametrize(
    "changes",
    [
        {"token_endpoint": ...},
        {"jwks_uri": ...},
        {"authorization_endpoint": 7},
        {"token_endpoint": "http://foreign.example/token"},
        {"jwks_uri": "https://user@foreign.example/jwks"},
        {"userinfo_endpoint": "file:///etc/passwd"},
        {"end_session_endpoint": "https://foreign.example\\@evil.example/"},
        {"response_types_supported": ["id_token"]},
        {"dpop_signing_alg_values_supported": "ES256"},
    ],
)
def test_an_unusable_document_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(ProviderFault):
        check_provider_metadata(document(**changes), ISSUER, allow_http=False)


def test_optional_endpoints_may_be_missing() -> None:
    read = check_provider_metadata(document(end_session_endpoint=..., userinfo_endpoint=None), ISSUER, allow_http=False)
    assert read.end_session_endpoint is None
    assert read.userinfo_endpoint is None


def test_an_issuer_with_a_query_is_refused() -> None:
    issuer = "https://foreign.example?tenant=1"
    with pytest.raises(ProviderFault):
        check_provider_metadata(document(issuer=issuer), issuer, allow_http=False)


def test_plain_http_is_for_the_demo_only() -> None:
    issuer = "http://bank.localhost:8001"
    demo = {
        name: value.replace(ISSUER, issuer) if isinstance(value, str) else value for name, value in METADATA.items()
    }
    assert check_provider_metadata(json_answer(demo), issuer, allow_http=True).issuer == issuer
    with pytest.raises(ProviderFault):
        check_provider_metadata(json_answer(demo), issuer, allow_http=False)


@pytest.mark.parametrize(
    "answer",
    [
        json_answer(METADATA, 404),
        json_answer([]),
        Answer(status=200, headers={"content-type": "text/html"}, body=b"{}"),
        Answer(status=200, headers={"content-type": "application/json"}, body=b"{" + b" " * LARGEST_JSON + b"}"),
        Answer(status=200, headers={"content-type": "application/json"}, body=b'{"a":' + b"[" * 100_000),
        Answer(status=200, headers={"content-type": "application/json"}, body=b'{"issuer":"\xff"}'),
    ],
)
def test_what_is_no_document_is_refused(answer: Answer) -> None:
    with pytest.raises(ProviderFault):
        check_provider_metadata(answer, ISSUER, allow_http=False)


@given(st.dictionaries(st.sampled_from(sorted(METADATA)), st.none() | st.integers() | st.text() | st.lists(st.text())))
def test_a_spoiled_document_is_refused_or_safe(changes: dict[str, Any]) -> None:
    try:
        read = check_provider_metadata(document(**changes), ISSUER, allow_http=False)
    except ProviderFault:
        return
    assert read.issuer == ISSUER
    assert read.token_endpoint.startswith("https://")


def test_what_we_need_is_offered() -> None:
    check_fits(metadata(), registration())
    check_fits(
        metadata(
            pushed_authorization_request_endpoint=None,
            dpop_signing_alg_values_supported=(),
            code_challenge_methods_supported=(),
            authorization_response_iss_parameter_supported=False,
            token_endpoint_auth_methods_supported=("client_secret_basic",),
        ),
        plain_registration(),
    )


@pytest.mark.parametrize(
    "changes",
    [
        {"pushed_authorization_request_endpoint": None},
        {"dpop_signing_alg_values_supported": ()},
        {"authorization_response_iss_parameter_supported": False},
        {"code_challenge_methods_supported": ("plain",)},
        {"userinfo_endpoint": None},
        {"id_token_signing_alg_values_supported": ("RS256",)},
        {"token_endpoint_auth_methods_supported": ("client_secret_post",)},
        {"issuer": "https://other.example"},
    ],
)
def test_what_we_need_and_is_missing_is_found_at_start(changes: dict[str, Any]) -> None:
    with pytest.raises(ProviderFault) as refused:
        check_fits(metadata(**changes), registration())
    assert refused.value.kind == "unsupported"

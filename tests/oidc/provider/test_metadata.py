from typing import Any

from poreka.oidc.provider.metadata import Endpoints, Offered, metadata
from tests.oidc.provider.samples import ACR, ISSUER, SUPPORTED

ENDPOINTS: dict[str, Any] = {
    name: f"{ISSUER}/{name}"
    for name in (
        "authorization",
        "pushed_authorization_request",
        "token",
        "userinfo",
        "jwks",
        "introspection",
        "revocation",
        "end_session",
    )
}


def document(endpoints: dict[str, Any] | None = None, **offered: Any) -> dict[str, Any]:
    return metadata(
        SUPPORTED,
        Endpoints(**ENDPOINTS, **(endpoints or {})),
        Offered(signing_algorithms=("ES256",), **offered),
    )


def test_discovery_3_what_must_be_there_is_there() -> None:
    found = document()
    assert found["issuer"] == ISSUER
    assert found["response_types_supported"] == ["code"]
    assert found["subject_types_supported"] == ["pairwise"]
    assert found["acr_values_supported"] == list(ACR)
    assert "pesel" in found["claims_supported"]
    assert found["pushed_authorization_request_endpoint"].endswith("/pushed_authorization_request")


def test_what_we_do_not_do_is_not_promised() -> None:
    found = document()
    assert found["request_uri_parameter_supported"] is False
    assert found["require_pushed_authorization_requests"] is False
    assert found["authorization_response_iss_parameter_supported"] is True
    assert "RS256" not in found["dpop_signing_alg_values_supported"]
    assert not [name for name in found if "mtls" in name or "tls_client" in name]
    assert "tls_client_auth" not in found["token_endpoint_auth_methods_supported"]
    assert found["verified_claims_supported"] is False
    assert "none" not in str(found["request_object_signing_alg_values_supported"])


def test_rfc_8705_5_aliases_only_where_mutual_tls_is_set_up() -> None:
    found = document({"mtls_token": "https://mtls.bank.example/token"})
    assert found["mtls_endpoint_aliases"] == {"token_endpoint": "https://mtls.bank.example/token"}
    assert "tls_client_auth" in found["token_endpoint_auth_methods_supported"]


def test_identity_assurance_7_what_is_verified() -> None:
    found = document(trust_frameworks=("eidas",), evidence=("electronic_record",), electronic_records=("bank_account",))
    assert found["trust_frameworks_supported"] == ["eidas"]
    assert found["electronic_records_supported"] == ["bank_account"]
    assert "pesel" in found["claims_in_verified_claims_supported"]
    bare = document(trust_frameworks=("eidas",), service_documentation="https://bank.example/docs")
    assert "evidence_supported" not in bare
    assert bare["service_documentation"] == "https://bank.example/docs"

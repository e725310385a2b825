"""The discovery document: what this provider really does, and nothing it does not.

OpenID Connect Discovery 1.0 §3, RFC 8414 §2, with RFC 9126 §5, RFC 9207 §3, RFC 9449 §5.1, RFC 8705 §5,
Identity Assurance 1.0 §7, JARM §4 and RFC 9701 §7. Lists are taken from the same tables that the checks use. Pushing is
not required of *all* clients (only ``fapi2`` ones must), so the general flag is false. Read next: ``client.PROFILES``.
"""

from typing import Any

import msgspec

from poreka.oidc.algorithms import FAPI2_ALGORITHMS, OPENID_ALGORITHMS
from poreka.oidc.backchannel_authentication import GRANT_TYPE
from poreka.oidc.clients.client import PROFILES, REFRESH_TOKEN
from poreka.oidc.provider.claims_request import SCOPE_CLAIMS
from poreka.oidc.provider.request_parameters import PROMPTS, RESPONSE_MODES, Supported


class Endpoints(msgspec.Struct, frozen=True, kw_only=True):
    """Where things are: absolute addresses. The ``mtls_`` ones exist only where mutual TLS is set up."""

    authorization: str
    pushed_authorization_request: str
    token: str
    userinfo: str
    jwks: str
    introspection: str
    revocation: str
    end_session: str
    backchannel_authentication: str | None = None
    mtls_pushed_authorization_request: str | None = None
    mtls_token: str | None = None
    mtls_userinfo: str | None = None
    mtls_introspection: str | None = None
    mtls_revocation: str | None = None
    mtls_backchannel_authentication: str | None = None


class Offered(msgspec.Struct, frozen=True, kw_only=True):
    """What differs from provider to provider, beyond ``Supported``."""

    signing_algorithms: tuple[str, ...]
    """Those we hold a current key for."""
    trust_frameworks: tuple[str, ...] = ()
    assurance_levels: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    electronic_records: tuple[str, ...] = ()
    ui_locales: tuple[str, ...] = ("pl", "en")
    service_documentation: str | None = None


def metadata(supported: Supported, endpoints: Endpoints, offered: Offered) -> dict[str, Any]:
    """The document for ``/.well-known/openid-configuration``."""
    mtls = _mtls_aliases(endpoints)
    claims = sorted({name for scope in supported.scopes for name in SCOPE_CLAIMS.get(scope, ())})
    derived = ["name"] if "profile" in supported.scopes else []
    return {
        "issuer": supported.issuer,
        **_addresses(endpoints),
        **_requests(supported),
        **_backchannel(supported, endpoints),
        **_authentication(bool(mtls)),
        "scopes_supported": sorted(supported.scopes),
        "claim_types_supported": ["normal"],
        "claims_supported": ["sub", "acr", "amr", "auth_time", "sid", *claims, *derived],
        "ui_locales_supported": list(offered.ui_locales),
        "acr_values_supported": list(supported.acr_values),
        "subject_types_supported": ["pairwise"],
        "id_token_signing_alg_values_supported": list(offered.signing_algorithms),
        "userinfo_signing_alg_values_supported": list(offered.signing_algorithms),
        "authorization_signing_alg_values_supported": list(offered.signing_algorithms),
        "introspection_signing_alg_values_supported": list(offered.signing_algorithms),
        "backchannel_logout_supported": True,
        "backchannel_logout_session_supported": True,
        **_verified(offered, claims),
        **({"mtls_endpoint_aliases": mtls, "tls_client_certificate_bound_access_tokens": True} if mtls else {}),
        **({"service_documentation": offered.service_documentation} if offered.service_documentation else {}),
    }


def _addresses(endpoints: Endpoints) -> dict[str, str]:
    return {
        "authorization_endpoint": endpoints.authorization,
        "pushed_authorization_request_endpoint": endpoints.pushed_authorization_request,
        "token_endpoint": endpoints.token,
        "userinfo_endpoint": endpoints.userinfo,
        "jwks_uri": endpoints.jwks,
        "introspection_endpoint": endpoints.introspection,
        "revocation_endpoint": endpoints.revocation,
        "end_session_endpoint": endpoints.end_session,
    }


def _backchannel(supported: Supported, endpoints: Endpoints) -> dict[str, Any]:
    """CIBA Core §4; nothing where nobody is asked in an app."""
    if not supported.backchannel or endpoints.backchannel_authentication is None:
        return {}
    return {
        "backchannel_authentication_endpoint": endpoints.backchannel_authentication,
        "backchannel_token_delivery_modes_supported": ["poll", "ping"],
        "backchannel_authentication_request_signing_alg_values_supported": sorted(FAPI2_ALGORITHMS),
        "backchannel_user_code_parameter_supported": False,
    }


def _requests(supported: Supported) -> dict[str, Any]:
    details = sorted(supported.authorization_details_types)
    return {
        **({"authorization_details_types_supported": details} if details else {}),
        "response_types_supported": ["code"],
        "response_modes_supported": sorted(RESPONSE_MODES, reverse=True),
        "grant_types_supported": [
            "authorization_code",
            REFRESH_TOKEN,
            *([GRANT_TYPE] if supported.backchannel else []),
        ],
        "code_challenge_methods_supported": ["S256"],
        "prompt_values_supported": sorted(PROMPTS),
        "authorization_response_iss_parameter_supported": True,
        "require_pushed_authorization_requests": False,
        "claims_parameter_supported": True,
        "request_parameter_supported": True,
        "request_uri_parameter_supported": False,
        "require_signed_request_object": False,
        "request_object_signing_alg_values_supported": sorted(OPENID_ALGORITHMS),
        "dpop_signing_alg_values_supported": sorted(FAPI2_ALGORITHMS),
    }


def _authentication(mtls: bool) -> dict[str, Any]:
    every = frozenset().union(*(profile.authentication for profile in PROFILES.values()))
    methods = sorted(method for method in every if mtls or "tls_client" not in method)
    algorithms = sorted(OPENID_ALGORITHMS)
    return {
        f"{endpoint}_endpoint_auth_{what}": value
        for endpoint in ("token", "introspection", "revocation")
        for what, value in (("methods_supported", methods), ("signing_alg_values_supported", algorithms))
    }


def _verified(offered: Offered, claims: list[str]) -> dict[str, Any]:
    if not offered.trust_frameworks:
        return {"verified_claims_supported": False}
    document: dict[str, Any] = {
        "verified_claims_supported": True,
        "trust_frameworks_supported": list(offered.trust_frameworks),
        "claims_in_verified_claims_supported": claims,
    }
    if offered.evidence:
        document["evidence_supported"] = list(offered.evidence)
    if "electronic_record" in offered.evidence and offered.electronic_records:
        document["electronic_records_supported"] = list(offered.electronic_records)
    return document


def _mtls_aliases(endpoints: Endpoints) -> dict[str, str]:
    aliases = {
        "pushed_authorization_request_endpoint": endpoints.mtls_pushed_authorization_request,
        "token_endpoint": endpoints.mtls_token,
        "userinfo_endpoint": endpoints.mtls_userinfo,
        "introspection_endpoint": endpoints.mtls_introspection,
        "revocation_endpoint": endpoints.mtls_revocation,
        "backchannel_authentication_endpoint": endpoints.mtls_backchannel_authentication,
    }
    return {name: address for name, address in aliases.items() if address is not None}

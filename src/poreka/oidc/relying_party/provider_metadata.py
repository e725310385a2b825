"""A provider's discovery document, read and checked (OpenID Connect Discovery 1.0 section 4, RFC 8414).

Field names are the standard's own. Unknown members are ignored, known ones must have the right type. The
one check that carries the security is that the document's issuer is the issuer it was fetched for (section
4.3): everything else the relying side believes hangs on it.
"""

import msgspec

from poreka.oidc.relying_party.addresses import read_secure_address
from poreka.oidc.relying_party.exchange import LARGEST_JSON, Answer, media_type
from poreka.oidc.relying_party.faults import ProviderFault
from poreka.oidc.relying_party.registration import Registration

Names = tuple[str, ...]


class ProviderMetadata(msgspec.Struct, frozen=True, kw_only=True):
    """What a provider says of itself; only `check_provider_metadata` makes one that may be believed."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str | None = None
    pushed_authorization_request_endpoint: str | None = None
    end_session_endpoint: str | None = None
    backchannel_authentication_endpoint: str | None = None
    response_types_supported: Names = ("code",)
    code_challenge_methods_supported: Names = ()
    token_endpoint_auth_methods_supported: Names = ("client_secret_basic",)
    id_token_signing_alg_values_supported: Names = ("RS256",)
    userinfo_signing_alg_values_supported: Names = ()
    dpop_signing_alg_values_supported: Names = ()
    acr_values_supported: Names = ()
    require_pushed_authorization_requests: bool = False
    authorization_response_iss_parameter_supported: bool = False
    claims_parameter_supported: bool = False
    verified_claims_supported: bool = False
    backchannel_logout_supported: bool = False
    backchannel_logout_session_supported: bool = False
    authorization_details_types_supported: Names = ()

    @property
    def supports_par(self) -> bool:
        """Whether requests can be pushed (RFC 9126)."""
        return self.pushed_authorization_request_endpoint is not None

    @property
    def supports_dpop(self) -> bool:
        """Whether tokens can be bound to a key of ours (RFC 9449)."""
        return bool(self.dpop_signing_alg_values_supported)


def discovery_url(issuer: str) -> str:
    """Where the document lives: OpenID Connect Discovery 1.0, section 4.1."""
    return issuer.removesuffix("/") + "/.well-known/openid-configuration"


def check_provider_metadata(answer: Answer, issuer: str, *, allow_http: bool) -> ProviderMetadata:
    """Read the answer to `discovery_url(issuer)` and check it, section 4.3."""
    metadata = _read(answer)
    if metadata.issuer != issuer:
        raise ProviderFault("issuer", "The discovery document belongs to another issuer.", "issuer differs")
    for name in ("issuer", *(field for field in metadata.__struct_fields__ if _is_address(field))):
        _check_address(name, getattr(metadata, name), allow_http)
    if "?" in issuer:
        raise ProviderFault("discovery", "The provider's issuer is not usable.", "issuer has a query")
    if "code" not in metadata.response_types_supported:
        raise ProviderFault("unsupported", "The provider does not offer the code flow.", "response_types_supported")
    return metadata


def check_fits(metadata: ProviderMetadata, registration: Registration) -> None:
    """Whether this provider can do what we registered for; better asked at start than half-way through a
    sign-in.
    """
    fapi2 = registration.profile == "fapi2"
    algorithms = {*registration.id_token_algorithms} & {*metadata.id_token_signing_alg_values_supported}
    methods = metadata.token_endpoint_auth_methods_supported
    needed = {
        "pushed requests": metadata.supports_par or not registration.use_par,
        "DPoP": metadata.supports_dpop or not registration.use_dpop,
        "the iss parameter": metadata.authorization_response_iss_parameter_supported or not fapi2,
        "PKCE with S256": "S256" in metadata.code_challenge_methods_supported or not fapi2,
        "UserInfo": metadata.userinfo_endpoint is not None or not registration.requested_facts,
        "an ID Token algorithm of ours": bool(algorithms),
        "our client authentication": registration.client_authentication in methods,
    }
    lacks = [what for what, there in needed.items() if not there]
    if metadata.issuer != registration.issuer or lacks:
        detail = ", ".join(lacks) or "another issuer"
        raise ProviderFault("unsupported", "The provider lacks something we need.", detail)


def _read(answer: Answer) -> ProviderMetadata:
    if answer.status != 200 or media_type(answer) != "application/json" or len(answer.body) > LARGEST_JSON:
        detail = f"status {answer.status}, {media_type(answer)[:60]!r}, {len(answer.body)} bytes"
        raise ProviderFault("discovery", "The provider has no usable discovery document.", detail)
    try:
        return msgspec.json.decode(answer.body, type=ProviderMetadata)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as wrong:
        raise ProviderFault("discovery", "The provider has no usable discovery document.", str(wrong)[:200]) from None


def _is_address(field: str) -> bool:
    return field.endswith(("_endpoint", "_uri"))


def _check_address(name: str, value: str | None, allow_http: bool) -> None:
    if value is None:
        return
    try:
        read_secure_address(value, allow_http=allow_http)
    except ValueError as wrong:
        raise ProviderFault("discovery", "The provider publishes an unusable address.", f"{name}: {wrong}") from None

"""Who is calling? Client authentication at our direct endpoints: push, token, introspection, revocation.

Exactly one method may be used, and it must be the one registered (RFC 6749 §2.3). Of the assertion, only its
single use is left to the caller, who stores ``Authenticated.single_use``. Certificates were checked by the
proxy and come as facts (RFC 9440). Read next: ``pushed_request`` and ``token_request``.
"""

import hashlib
import hmac
from base64 import b64decode
from urllib.parse import unquote_plus

import msgspec

from poreka.oidc.clients.client import Client
from poreka.oidc.clients.registered import registered
from poreka.oidc.errors import AnsweredAsJson, KeyUnknown, SingleUse, TokenRefused
from poreka.oidc.jose import PLAIN_JWT, peek, verify
from poreka.oidc.jwt_claims import SKEW, audience, not_expired, not_from_the_future, text
from poreka.oidc.keys import KeySet
from poreka.oidc.parameters import ParameterRefused, Parameters

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
LONGEST_ASSERTION = 300
"""Seconds an assertion may be valid ahead of now."""

ASSERTION_KINDS = PLAIN_JWT | {"client-authentication+jwt"}
NO_KEYS = KeySet(())
SECRET_METHODS = frozenset({"client_secret_basic", "client_secret_post"})


class PeerCertificate(msgspec.Struct, frozen=True, kw_only=True):
    """What the proxy established about the TLS client: SHA-256 of the DER in base64url, and the subject of a
    *trusted* chain.
    """

    thumbprint: str
    trusted_subject: str | None = None


class Authenticated(msgspec.Struct, frozen=True, kw_only=True):
    """The client is proven; ``single_use`` is to be stored, ``thumbprint`` binds tokens where a certificate was
    shown, however the client authenticated (RFC 8705 §3).
    """

    client_id: str
    method: str
    single_use: SingleUse | None = None
    thumbprint: str | None = None


class ClientNotAuthenticated(AnsweredAsJson):
    """``invalid_client`` (RFC 6749 §5.2). ``key_unknown``: fetching the client's ``jwks_uri`` again may help,
    once.
    """

    def __init__(self, description: str, *, detail: str = "", basic: bool = False, key_unknown: bool = False) -> None:
        headers = {"WWW-Authenticate": 'Basic realm="poreka"'} if basic else {}
        super().__init__("invalid_client", description, status=401, headers=headers, detail=detail)
        self.key_unknown = key_unknown


def claimed_client_id(parameters: Parameters, authorization: str | None) -> str:
    """Whom the caller *says* it is, to know which registration to load; nothing is proven by it."""
    try:
        if authorization is not None:
            return _basic(authorization)[0]
        if (client_id := parameters.get("client_id")) is not None:
            return client_id
        if (assertion := parameters.get("client_assertion")) is not None:
            return text(peek(assertion), "sub", 255)
    except (ParameterRefused, TokenRefused) as fault:
        raise ClientNotAuthenticated(fault.description, detail=fault.detail) from fault
    raise ClientNotAuthenticated("The client did not authenticate.")


def authenticate(
    client: Client | None,
    parameters: Parameters,
    *,
    authorization: str | None,
    certificate: PeerCertificate | None,
    keys: KeySet = NO_KEYS,
    issuer: str,
    endpoint: str,
    now: int,
) -> Authenticated:
    """Prove the client by its registered method; raises ``ClientNotAuthenticated``.

    ``keys`` are the client's own, imported once by the caller. ``endpoint`` is the address called, as the
    client sees it.
    """
    basic = authorization is not None
    try:
        if client is None:
            raise TokenRefused("The client is not known or did not prove itself.", detail="no such client")
        method = _the_one_method(client, parameters, authorization)
        if method != client.token_endpoint_auth_method and not _either_secret(client, method):
            raise _other_method(client, "The client must authenticate by its registered method.", f"used {method}")
        _same_client(client, parameters)
        if method == "private_key_jwt":
            proven = _by_assertion(client, parameters, keys, issuer, endpoint, now)
        elif method in SECRET_METHODS:
            proven = _by_secret(client, method, parameters, authorization, now)
        else:
            proven = _by_certificate(client, method, certificate)
    except (ParameterRefused, TokenRefused) as fault:
        raise ClientNotAuthenticated(
            fault.description, detail=fault.detail, basic=basic, key_unknown=isinstance(fault, KeyUnknown)
        ) from fault
    return msgspec.structs.replace(proven, thumbprint=certificate.thumbprint if certificate else None)


def _the_one_method(client: Client, parameters: Parameters, authorization: str | None) -> str:
    used = []
    if authorization is not None:
        used.append("client_secret_basic")
    if "client_secret" in parameters:
        used.append("client_secret_post")
    if "client_assertion" in parameters or "client_assertion_type" in parameters:
        used.append("private_key_jwt")
    if len(used) > 1:
        raise TokenRefused("The client used more than one way to authenticate.")
    if used:
        return used[0]
    if client.token_endpoint_auth_method in ("tls_client_auth", "self_signed_tls_client_auth"):
        return client.token_endpoint_auth_method
    raise _other_method(client, "The client did not authenticate.")


def _other_method(client: Client, description: str, detail: str = "") -> TokenRefused:
    """The client did not do what it is registered for."""
    return TokenRefused(f"{description} {registered(client, 'token_endpoint_auth_method')}", detail=detail)


def _either_secret(client: Client, method: str) -> bool:
    """The demonstration's sandbox takes its secret in the header and in the form, as libraries differ."""
    return client.sandbox and {method, client.token_endpoint_auth_method} <= SECRET_METHODS


def _same_client(client: Client, parameters: Parameters) -> None:
    if parameters.get("client_id") not in (None, client.client_id):
        raise TokenRefused("The parameter client_id names another client.")


def _by_assertion(
    client: Client, parameters: Parameters, keys: KeySet, issuer: str, endpoint: str, now: int
) -> Authenticated:
    """RFC 7523 §3, with the audience of FAPI 2.0 Security Profile §5.3.2.1: our issuer, as a string."""
    assertion = parameters.get("client_assertion")
    if assertion is None or parameters.get("client_assertion_type") != ASSERTION_TYPE:
        raise TokenRefused("The client assertion is missing or its type is not jwt-bearer.")
    try:
        claims = verify(assertion, keys, client.rules.algorithms, ASSERTION_KINDS)
    except KeyUnknown as fault:
        where = registered(client, "jwks_uri" if client.jwks is None else "jwks")
        raise KeyUnknown(f"{fault.description} {where}", detail=fault.detail) from fault
    if text(claims, "iss") != client.client_id or text(claims, "sub") != client.client_id:
        raise TokenRefused("The client assertion is not about this client.")
    _for_us(client, claims, issuer, endpoint)
    expires_at = not_expired(claims, now, at_most_ahead=LONGEST_ASSERTION)
    not_from_the_future(claims, now)
    seen = hashlib.sha256(f"{client.client_id} {text(claims, 'jti', 256)}".encode()).hexdigest()
    single_use = SingleUse(kind="client_assertion", value=seen, expires_at=expires_at + SKEW + 1)
    return Authenticated(client_id=client.client_id, method="private_key_jwt", single_use=single_use)


def _for_us(client: Client, claims: dict[str, object], issuer: str, endpoint: str) -> None:
    if client.rules.assertion_for_endpoint:
        meant_for = audience(claims)
        if len(meant_for) != 1 or meant_for[0] not in (issuer, endpoint):
            raise TokenRefused(f"The client assertion is for somebody else: its aud must be {issuer} or {endpoint}.")
    elif claims.get("aud") != issuer:
        raise TokenRefused(f"The aud of the client assertion must be our issuer, {issuer}, as a string.")


def _by_secret(
    client: Client, method: str, parameters: Parameters, authorization: str | None, now: int
) -> Authenticated:
    if authorization is not None:
        client_id, secret = _basic(authorization)
    else:
        client_id, secret = client.client_id, parameters.get("client_secret") or ""
    hashed = hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()
    if client_id != client.client_id or not _is_its_secret(client, hashed, now):
        raise TokenRefused("The client is not known or did not prove itself.", detail="wrong secret")
    return Authenticated(client_id=client.client_id, method=method)


def _is_its_secret(client: Client, hashed: str, now: int) -> bool:
    """The secret, or for some days the one before it. Both are always compared, so time tells nothing about either."""
    present = hmac.compare_digest(hashed, client.secret_hash or "")
    former = hmac.compare_digest(hashed, client.former_secret_hash or "")
    return present or (former and now < client.former_secret_until)


def _basic(authorization: str) -> tuple[str, str]:
    """The pair in an ``Authorization: Basic`` header, form-decoded as RFC 6749 §2.3.1 asks."""
    scheme, _, encoded = authorization.partition(" ")
    try:
        client_id, colon, secret = b64decode(encoded.strip(), validate=True).decode().partition(":")
    except ValueError as broken:
        raise TokenRefused("The Authorization header cannot be read.") from broken
    if scheme.lower() != "basic" or not colon:
        raise TokenRefused("The Authorization header cannot be read.")
    return unquote_plus(client_id), unquote_plus(secret)


def _by_certificate(client: Client, method: str, certificate: PeerCertificate | None) -> Authenticated:
    """RFC 8705 §2.1 (a subject under a trusted root) and §2.2 (a certificate registered itself)."""
    if certificate is None:
        raise _other_method(client, "The client showed no certificate.")
    if method == "tls_client_auth":
        proven = certificate.trusted_subject is not None and certificate.trusted_subject == client.tls_subject
    else:
        proven = certificate.thumbprint in client.tls_thumbprints
    if not proven:
        raise TokenRefused("The client is not known or did not prove itself.", detail="another certificate")
    return Authenticated(client_id=client.client_id, method=method)

"""A signed request object: the request parameters as the claims of a JWT (RFC 9101).

What stands outside the object is ignored, except that ``client_id`` must be there and equal (RFC 9101 §5,
§6.3). Only objects sent by value are read: fetching one from a ``request_uri`` of somebody else's would let a
stranger choose where our server connects to (SSRF, RFC 9101 §10.4.1). Read next: ``authorization_request``.
"""

from typing import Any

import msgspec

from poreka.oidc.clients.client import Client
from poreka.oidc.clients.registered import registered
from poreka.oidc.errors import SingleUse, TokenRefused
from poreka.oidc.jose import PLAIN_JWT, take_apart, verify
from poreka.oidc.jwt_claims import SKEW, audience, moment, not_expired, not_from_the_future, text
from poreka.oidc.keys import KeySet
from poreka.oidc.parameters import Parameters

REQUEST_OBJECT_KINDS = PLAIN_JWT | {"oauth-authz-req+jwt"}
LONGEST_LIFE = 3600
"""Seconds a request object may be valid, from now (FAPI allows 60 minutes)."""

NOT_PARAMETERS = frozenset({"iss", "aud", "exp", "iat", "nbf", "jti", "sub"})


def open_request_object(request_object: str, client: Client, keys: KeySet, *, issuer: str, now: int) -> Parameters:
    """The parameters inside a request object signed by the client for us; raises ``TokenRefused`` (RFC 9101
    §6).
    """
    claims = _verified(request_object, client, keys, issuer, now)
    if text(claims, "client_id") != client.client_id:
        raise TokenRefused("The request object names another client.")
    if "request" in claims or "request_uri" in claims:
        raise TokenRefused("A request object may not contain another one.")
    return _parameters(claims)


def open_backchannel_request(
    request_object: str, client: Client, keys: KeySet, *, issuer: str, now: int
) -> tuple[Parameters, SingleUse]:
    """The same for a request to ask somebody in the app, which is good once (CIBA Core §7.1.1)."""
    claims = _verified(request_object, client, keys, issuer, now)
    moment(claims, "iat")
    asked = client.backchannel_authentication_request_signing_alg
    if asked is not None and take_apart(request_object).header.alg != asked:
        raise TokenRefused(
            "The request is not signed with the algorithm that is registered. "
            f"{registered(client, 'backchannel_authentication_request_signing_alg')}"
        )
    value = f"{client.client_id} {text(claims, 'jti', 256)}"
    return _parameters(claims), SingleUse(
        kind="backchannel_request", value=value, expires_at=moment(claims, "exp") + SKEW + 1
    )


def _verified(request_object: str, client: Client, keys: KeySet, issuer: str, now: int) -> dict[str, Any]:
    """The claims, signed by the client, for us, now. By FAPI 2.0 Message Signing §5.3.1 ``nbf`` must be there, and
    neither the past nor the life it opens may be longer than an hour.
    """
    claims = verify(request_object, keys, client.rules.algorithms, REQUEST_OBJECT_KINDS)
    if text(claims, "iss") != client.client_id:
        raise TokenRefused("The request object is not signed for this client.")
    if issuer not in audience(claims):
        raise TokenRefused(f"The request object is for somebody else: its aud must be {issuer}.")
    expires_at = not_expired(claims, now, at_most_ahead=LONGEST_LIFE)
    not_from_the_future(claims, now)
    if client.profile == "fapi2":
        not_before = moment(claims, "nbf")
        if not_before < now - LONGEST_LIFE - SKEW or expires_at - not_before > LONGEST_LIFE:
            raise TokenRefused(f"The request object is good for longer than {LONGEST_LIFE} seconds from its nbf.")
    return claims


def _parameters(claims: dict[str, Any]) -> Parameters:
    return Parameters.of_pairs((name, _as_text(value)) for name, value in claims.items() if name not in NOT_PARAMETERS)


def _as_text(value: Any) -> str:
    """Numbers and JSON objects (``max_age``, ``claims``) as they would have stood in a query."""
    if value is None:
        return ""
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()

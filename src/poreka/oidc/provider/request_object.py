"""A signed request object: the request parameters as the claims of a JWT (RFC 9101).

What stands outside the object is ignored, except that ``client_id`` must be there and equal (RFC 9101 §5,
§6.3). Only objects sent by value are read: fetching one from a ``request_uri`` of somebody else's would let a
stranger choose where our server connects to (SSRF, RFC 9101 §10.4.1). Read next: ``authorization_request``.
"""

from typing import Any

import msgspec

from poreka.oidc.errors import TokenRefused
from poreka.oidc.jose import PLAIN_JWT, verify
from poreka.oidc.jwt_claims import audience, not_expired, not_from_the_future, text
from poreka.oidc.keys import KeySet
from poreka.oidc.parameters import Parameters
from poreka.oidc.provider.client import Client

REQUEST_OBJECT_KINDS = PLAIN_JWT | {"oauth-authz-req+jwt"}
LONGEST_LIFE = 3600
"""Seconds a request object may be valid, from now (FAPI allows 60 minutes)."""

NOT_PARAMETERS = frozenset({"iss", "aud", "exp", "iat", "nbf", "jti", "sub"})


def open_request_object(request_object: str, client: Client, keys: KeySet, *, issuer: str, now: int) -> Parameters:
    """The parameters inside a request object signed by the client for us; raises ``TokenRefused`` (RFC 9101
    §6).
    """
    claims = verify(request_object, keys, client.rules.algorithms, REQUEST_OBJECT_KINDS)
    if text(claims, "iss") != client.client_id:
        raise TokenRefused("The request object is not signed for this client.")
    if issuer not in audience(claims):
        raise TokenRefused("The request object is for somebody else.")
    not_expired(claims, now, at_most_ahead=LONGEST_LIFE)
    not_from_the_future(claims, now)
    if text(claims, "client_id") != client.client_id:
        raise TokenRefused("The request object names another client.")
    if "request" in claims or "request_uri" in claims:
        raise TokenRefused("A request object may not contain another one.")
    return Parameters.of_pairs((name, _as_text(value)) for name, value in claims.items() if name not in NOT_PARAMETERS)


def _as_text(value: Any) -> str:
    """Numbers and JSON objects (``max_age``, ``claims``) as they would have stood in a query."""
    if value is None:
        return ""
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()

"""An ID Token of ours by which a client shows that somebody approved in the app what it asked (OpenID CIBA Core 1.0).

The client fetched it a moment ago as the answer to its own question; it brings it where the approval is to be kept.
That it is ours, for this client, about this person and fresh is checked here; that it counts once is the caller's.
"""

from poreka.oidc.algorithms import OPENID_ALGORITHMS
from poreka.oidc.backchannel_authentication import REQUEST_CLAIM
from poreka.oidc.errors import TokenRefused
from poreka.oidc.jose import PLAIN_JWT, verify
from poreka.oidc.jwt_claims import audience, moment, not_from_the_future, text
from poreka.oidc.keys import KeySet

APPROVAL_LIFE = 15 * 60
"""Seconds after its issue for which an approval can be brought."""
LONGEST_ID = 256


def check_approval(token: str, own_keys: KeySet, *, issuer: str, client_id: str, subject: str, now: int) -> str:
    """The question that was approved, by its `auth_req_id`; raises ``TokenRefused``."""
    claims = verify(token, own_keys, OPENID_ALGORITHMS, PLAIN_JWT)
    if text(claims, "iss") != issuer or audience(claims) != (client_id,):
        raise TokenRefused("The approval was not given here, or not to this client.")
    if text(claims, "sub", 255) != subject:
        raise TokenRefused("Somebody else approved.")
    not_from_the_future(claims, now)
    if moment(claims, "iat") <= now - APPROVAL_LIFE:
        raise TokenRefused("The approval is too old.")
    return text(claims, REQUEST_CLAIM, LONGEST_ID)

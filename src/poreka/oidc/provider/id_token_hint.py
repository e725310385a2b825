"""An ID Token of ours that comes back as a hint of who is meant (OpenID Connect Core §3.1.2.1, RP-Initiated
Logout §2).

It may have expired long ago and be signed by a key since retired: it is a hint, not a credential, and gives
no access. What counts is that it is ours and was made for this client. Read next: ``authorization_request``
and ``end_session``.
"""

import msgspec

from poreka.oidc.algorithms import OPENID_ALGORITHMS
from poreka.oidc.errors import TokenRefused
from poreka.oidc.jose import PLAIN_JWT, verify
from poreka.oidc.jwt_claims import audience, optional_text, text
from poreka.oidc.keys import KeySet


class HintedSession(msgspec.Struct, frozen=True, kw_only=True):
    """Whom and which session the hint names, and for whom the token was made."""

    subject: str
    sid: str | None
    client_id: str


def read_id_token_hint(hint: str, own_keys: KeySet, *, issuer: str, client_id: str | None) -> HintedSession:
    """Read a hint; ``own_keys`` should include the retired ones. Raises ``TokenRefused``.

    ``client_id`` is ``None`` where the request did not name the client: then the only audience of the token
    is the client.
    """
    claims = verify(hint, own_keys, OPENID_ALGORITHMS, PLAIN_JWT)
    if text(claims, "iss") != issuer:
        raise TokenRefused("The hint was not issued here.")
    meant_for = audience(claims)
    if client_id is None and len(meant_for) == 1:
        client_id = meant_for[0]
    if client_id not in meant_for or client_id is None:
        raise TokenRefused("The hint was issued to another client.")
    return HintedSession(subject=text(claims, "sub", 255), sid=optional_text(claims, "sid", 255), client_id=client_id)

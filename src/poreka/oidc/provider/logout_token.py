"""The token that tells a client that a session has ended (OpenID Connect Back-Channel Logout 1.0 §2.4).

Sent by ``delivery``, from the outbox; here it is only made. It never has a ``nonce``, so that it cannot pass
for an ID Token.
"""

from typing import Any

from poreka.oidc.jose import sign
from poreka.oidc.keys import SigningKey

LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout"
LOGOUT_TOKEN_LIFE = 120
"""Seconds: each attempt at delivery makes a new one."""


def logout_token(
    *, issuer: str, client_id: str, subject: str | None, sid: str | None, jti: str, key: SigningKey, now: int
) -> str:
    """A signed logout token; with ``sid`` it ends one session, with ``sub`` alone all of the person's at that
    client.
    """
    if subject is None and sid is None:
        raise ValueError("a logout token must name a subject or a session")
    claims: dict[str, Any] = {
        "iss": issuer,
        "aud": client_id,
        "iat": now,
        "exp": now + LOGOUT_TOKEN_LIFE,
        "jti": jti,
        "events": {LOGOUT_EVENT: {}},
    }
    if subject is not None:
        claims["sub"] = subject
    if sid is not None:
        claims["sid"] = sid
    return sign(claims, key, "logout+jwt")

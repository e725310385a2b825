"""UserInfo: the facts about the person, each only if it was asked for *and* consented to.

Which facts a person has is an argument; values are looked up at the moment of the call, so that nothing
personal is stored with a token. For ``fapi2`` clients the answer is signed, so that it can be kept as a proof
of what was said (Core §5.3.2). OpenID Connect Core §5.3–5.5. Read next: ``verified_claims``.
"""

from collections.abc import Mapping
from typing import Any

from poreka.oidc.jose import sign
from poreka.oidc.keys import SigningKey
from poreka.oidc.provider.claims_request import NAME, NAME_PARTS, claims_by_scope
from poreka.oidc.provider.tokens import AccessToken
from poreka.oidc.provider.verified_claims import Verification, is_as_asked, verified_claims


def userinfo_claims(
    token: AccessToken, facts: Mapping[str, Any], verification: Verification | None, *, now: int
) -> dict[str, Any]:
    """The claims to answer with: ``sub`` and what may be told.

    ``facts`` has the person's values by claim name; ``verification`` is ``None`` where nothing was verified.
    """
    allowed = {name: value for name, value in facts.items() if name in token.consented}
    told: dict[str, Any] = {"sub": token.subject}
    told |= {name: value for name, value in allowed.items() if _asked_for(token, name, value)}
    if allowed.keys() >= NAME_PARTS:
        name = f"{allowed['given_name']} {allowed['family_name']}"
        if "profile" in token.scopes or _asked_for(token, NAME, name):
            told[NAME] = name  # Core §5.4: the same two facts, displayable
    if verification is not None and token.wish.verified:
        verified = verified_claims(token.wish.verified, allowed, verification, now)
        if verified is not None:
            told["verified_claims"] = verified
    return told


def _asked_for(token: AccessToken, name: str, value: Any) -> bool:
    if name in claims_by_scope(token.scopes):
        return True
    return name in token.wish.userinfo and is_as_asked(token.wish.userinfo[name], value)


def signed_userinfo(claims: dict[str, Any], *, issuer: str, client_id: str, key: SigningKey, now: int) -> str:
    """The same as a JWT for this client, media type ``application/jwt`` (Core §5.3.2)."""
    return sign({"iss": issuer, "aud": client_id, "iat": now, **claims}, key)

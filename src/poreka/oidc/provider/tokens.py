"""What a good token request is answered with: an opaque access token and an ID Token.

The access token is a fresh secret of the caller's; what it stands for is the ``AccessToken`` record, stored
under its hash. The ID Token says who and how signed in and nothing personal: facts about the person are at
UserInfo only. Read next: ``access``. RFC 6749 §5.1, OpenID Connect Core §2, RFC 9449 §5.
"""

import hashlib
from typing import Any

import msgspec

from poreka.oidc.backchannel_authentication import REQUEST_CLAIM
from poreka.oidc.jose import encode_segment, sign
from poreka.oidc.keys import SigningKey
from poreka.oidc.provider.authorization_code import Grant
from poreka.oidc.provider.claims_request import ClaimsWish
from poreka.oidc.provider.token_request import Binding

ACCESS_TOKEN_LIFE = 300
ID_TOKEN_LIFE = 300
"""Seconds, both."""


class AccessToken(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What an access token stands for; stored as JSON under the hash of the token."""

    token_hash: str
    client_id: str
    grant_id: str
    person: str
    subject: str
    sid: str
    scopes: tuple[str, ...]
    wish: ClaimsWish = ClaimsWish()
    consented: frozenset[str] = frozenset()
    acr: str
    auth_time: int
    binding: Binding = Binding()
    issued_at: int
    expires_at: int


class TokenAnswer(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The JSON body of a good answer; send it with ``Cache-Control: no-store`` (RFC 6749 §5.1)."""

    access_token: str
    token_type: str
    expires_in: int
    id_token: str | None = None
    """Only where ``openid`` was asked for."""
    refresh_token: str | None = None
    scope: str
    authorization_details: list[dict[str, Any]] = []
    """With the statement of what was signed (RFC 9396 §7)."""


class Issued(msgspec.Struct, frozen=True, kw_only=True):
    """What to store and what to answer."""

    record: AccessToken
    answer: TokenAnswer


def stored_hash(token: str) -> str:
    """How a random secret is stored: SHA-256 in hexadecimal; it is long, so it needs no salt."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def issue(
    grant: Grant,
    binding: Binding,
    *,
    token: str,
    issuer: str,
    key: SigningKey,
    now: int,
    details: list[dict[str, Any]] | None = None,
    auth_req_id: str | None = None,
    refresh_token: str | None = None,
) -> Issued:
    """The tokens of a grant; ``token`` is a fresh secret of at least 128 bits, ``auth_req_id`` the request that
    they answer where nobody brought a code, ``refresh_token`` another fresh secret where the client is given one.
    """
    record = AccessToken(
        token_hash=stored_hash(token),
        client_id=grant.client_id,
        grant_id=grant.grant_id,
        person=grant.person,
        subject=grant.subject,
        sid=grant.sid,
        scopes=grant.scopes,
        wish=grant.wish,
        consented=grant.consented,
        acr=grant.acr,
        auth_time=grant.auth_time,
        binding=binding,
        issued_at=now,
        expires_at=now + ACCESS_TOKEN_LIFE,
    )
    answer = TokenAnswer(
        access_token=token,
        token_type="DPoP" if binding.jkt is not None else "Bearer",
        expires_in=ACCESS_TOKEN_LIFE,
        id_token=_id_token(grant, issuer, token, key, now, auth_req_id) if "openid" in grant.scopes else None,
        refresh_token=refresh_token,
        scope=" ".join(grant.scopes),
        authorization_details=details or [],
    )
    return Issued(record=record, answer=answer)


def _id_token(grant: Grant, issuer: str, token: str, key: SigningKey, now: int, auth_req_id: str | None) -> str:
    return sign(id_token_claims(grant, issuer, token, key.algorithm, now, auth_req_id), key)


def id_token_claims(
    grant: Grant, issuer: str, token: str, algorithm: str, now: int, auth_req_id: str | None = None
) -> dict[str, Any]:
    """The claims of the ID Token: no personal data, ever (OpenID Connect Core §2, §3.1.3.6)."""
    claims: dict[str, Any] = {
        "iss": issuer,
        "sub": grant.subject,
        "aud": grant.client_id,
        "exp": now + ID_TOKEN_LIFE,
        "iat": now,
        "auth_time": grant.auth_time,
        "acr": grant.acr,
        "amr": grant.amr,
    }
    if grant.sid:  # where there is no browser between the two sides there is no session of ours either
        claims["sid"] = grant.sid
    if auth_req_id is not None:
        claims[REQUEST_CLAIM] = auth_req_id
    if grant.nonce is not None:
        claims["nonce"] = grant.nonce
    if algorithm.endswith("256"):
        claims["at_hash"] = half_hash(token)
    return claims


def half_hash(token: str) -> str:
    """``at_hash``: the left half of the SHA-256 of the access token (Core §3.1.3.6).

    It is for ES256, PS256 and RS256, whose hash that is. For EdDSA the standard names none, so the optional
    claim is left out.
    """
    return encode_segment(hashlib.sha256(token.encode()).digest()[:16]).decode()

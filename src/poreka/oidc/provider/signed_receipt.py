"""A consent receipt as a signed JWT, and believing one long after its key was retired.

The receipt itself is a JSON object that this module does not look into (`rules.consent_receipt`). Keys come from
the provider's set of receipt keys, never from the receipt. A past key says in it from when until when it signed
and whether it leaked, by the members of OpenID Federation 1.0 §8.7 (historical keys): whoever stole a key could
give a receipt any date, so a leaked key proves nothing at all. Read next: ``oidc.jose``.
"""

from collections.abc import Mapping
from typing import Any

import msgspec

from poreka.oidc.errors import KeyUnknown, TokenRefused
from poreka.oidc.jose import peek, sign, take_apart, verify
from poreka.oidc.keys import KeyRefused, KeySet, SigningKey, VerificationKey

RECEIPT_TYPE = "consent-receipt+jwt"
RECEIPT_ALGORITHM = "ES256"
MOST_LISTED = 1000
OVERLAP = 300
"""Seconds: a worker may sign with a key for a moment after another one retired it."""


class SignedReceipt(msgspec.Struct, frozen=True, kw_only=True):
    """A receipt whose signature was verified: who signed it, when, and what it says."""

    issuer: str
    signed_at: int
    receipt_id: str
    kid: str
    receipt: dict[str, Any]


class _Claims(msgspec.Struct, frozen=True):
    iss: str
    iat: int
    jti: str
    consent_receipt: dict[str, Any]


class _Listed(msgspec.Struct, frozen=True):
    """What a listed key says about its time."""

    kid: str
    iat: int | None = None
    exp: int | None = None
    revoked: object = None


def sign_receipt(receipt: Mapping[str, Any], key: SigningKey, *, issuer: str, receipt_id: str, now: int) -> str:
    """A signed receipt. It does not expire: it tells what was so when it was signed."""
    claims = {"iss": issuer, "iat": now, "jti": receipt_id, "consent_receipt": receipt}
    return sign(claims, key, RECEIPT_TYPE)


def claimed_issuer(token: str) -> str:
    """Who a receipt says it is from: whose keys to look up, and nothing to be believed; raises ``TokenRefused``."""
    issuer = peek(token).get("iss")
    if not isinstance(issuer, str):
        raise TokenRefused("The receipt does not say who issued it.")
    return issuer


def past_key_jwk(
    public_jwk: Mapping[str, Any], *, used_from: int, used_until: int, leaked_at: int | None
) -> dict[str, Any]:
    """A key that signs no more, as it is listed (OpenID Federation 1.0 §8.7.2)."""
    listed = {**public_jwk, "iat": used_from, "exp": used_until}
    if leaked_at is not None:
        listed["revoked"] = {"revoked_at": leaked_at, "reason": "compromised"}
    return listed


def verify_receipt(token: str, jwks: Mapping[str, Any]) -> SignedReceipt:
    """A receipt signed by a key of this set while that key was in use; raises ``TokenRefused``."""
    kid = take_apart(token).header.kid
    jwk, listed = _listed(jwks, kid)
    claims = verify(token, KeySet([_key(jwk)]), frozenset({RECEIPT_ALGORITHM}), frozenset({RECEIPT_TYPE}))
    try:
        said = msgspec.convert(claims, _Claims)
    except msgspec.ValidationError as broken:
        raise TokenRefused("The receipt does not say what a receipt must say.", detail=str(broken)) from broken
    if listed.revoked is not None:
        raise TokenRefused("The key that signed the receipt has leaked since, so it proves nothing any more.")
    if listed.exp is not None and not (listed.iat or 0) <= said.iat <= listed.exp + OVERLAP:
        raise TokenRefused("The receipt was not signed while its key was in use.")
    return SignedReceipt(
        issuer=said.iss, signed_at=said.iat, receipt_id=said.jti, kid=listed.kid, receipt=said.consent_receipt
    )


def _listed(jwks: Mapping[str, Any], kid: str | None) -> tuple[dict[str, Any], _Listed]:
    """The one key of this name."""
    keys = jwks.get("keys")
    if not isinstance(keys, list) or len(keys) > MOST_LISTED:
        raise TokenRefused("The keys are not a JWK Set, or too large a one.")
    found = [key for key in keys if isinstance(key, dict) and kid is not None and key.get("kid") == kid]
    if not found:
        raise KeyUnknown("The receipt is signed with a key that its issuer does not list.")
    if len(found) > 1:
        raise TokenRefused("The issuer lists two keys of the same name.")
    try:
        return found[0], msgspec.convert(found[0], _Listed)
    except msgspec.ValidationError as broken:
        raise TokenRefused("The key of the receipt cannot be used.", detail=str(broken)) from broken


def _key(jwk: dict[str, Any]) -> VerificationKey:
    try:
        return VerificationKey.of_jwk(jwk)
    except KeyRefused as refused:
        raise TokenRefused("The key of the receipt cannot be used.", detail=str(refused)) from refused

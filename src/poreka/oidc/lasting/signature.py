"""What is signed to last, and believing it long after its key was retired: receipts, statements (docs/adr/0018).

Keys come from the provider's list of lasting keys, never from what was signed. A past key says in it from when until
when it signed and whether it leaked, by the members of OpenID Federation 1.0 §8.7 (historical keys): whoever stole a
key could give a signature any date, so a leaked key proves nothing at all. Read next: ``signed_receipt``,
``signed_statement``.
"""

from collections.abc import Mapping
from typing import Any

import msgspec

from poreka.oidc.errors import KeyUnknown, TokenRefused
from poreka.oidc.jose import peek, take_apart, verify
from poreka.oidc.jwt_claims import moment
from poreka.oidc.keys import KeyRefused, KeySet, VerificationKey

LASTING_ALGORITHM = "ES256"
KEYS_AT = "/receipt-keys"  # below the issuer
MOST_LISTED = 1000
OVERLAP = 300
"""Seconds: a worker may sign with a key for a moment after another one retired it."""


class Believed(msgspec.Struct, frozen=True):
    """The claims of a lasting signature that was verified, and the key that made it."""

    claims: dict[str, Any]
    kid: str


class _Listed(msgspec.Struct, frozen=True):
    """What a listed key says about its time."""

    kid: str
    iat: int | None = None
    exp: int | None = None
    revoked: object = None


def claimed_issuer(token: str, what: str = "receipt") -> str:
    """Who a token says it is from: whose keys to look up, and nothing to be believed; raises ``TokenRefused``."""
    issuer = peek(token).get("iss")
    if not isinstance(issuer, str):
        raise TokenRefused(f"The {what} does not say who issued it.")
    return issuer


def past_key_jwk(
    public_jwk: Mapping[str, Any], *, used_from: int, used_until: int, leaked_at: int | None
) -> dict[str, Any]:
    """A key that signs no more, as it is listed (OpenID Federation 1.0 §8.7.2)."""
    listed = {**public_jwk, "iat": used_from, "exp": used_until}
    if leaked_at is not None:
        listed["revoked"] = {"revoked_at": leaked_at, "reason": "compromised"}
    return listed


def verify_lasting(token: str, jwks: Mapping[str, Any], typ: str, what: str) -> Believed:
    """The claims of a token signed by a key of this set while that key was in use; raises ``TokenRefused``."""
    kid = take_apart(token).header.kid
    jwk, listed = _listed(jwks, kid, what)
    claims = verify(token, KeySet([_key(jwk, what)]), frozenset({LASTING_ALGORITHM}), frozenset({typ}))
    if listed.revoked is not None:
        raise TokenRefused(f"The key that signed the {what} has leaked since, so it proves nothing any more.")
    if listed.exp is not None and not (listed.iat or 0) <= moment(claims, "iat") <= listed.exp + OVERLAP:
        raise TokenRefused(f"The {what} was not signed while its key was in use.")
    return Believed(claims, listed.kid)


def _listed(jwks: Mapping[str, Any], kid: str | None, what: str) -> tuple[dict[str, Any], _Listed]:
    """The one key of this name."""
    keys = jwks.get("keys")
    if not isinstance(keys, list) or len(keys) > MOST_LISTED:
        raise TokenRefused("The keys are not a JWK Set, or too large a one.")
    found = [key for key in keys if isinstance(key, dict) and kid is not None and key.get("kid") == kid]
    if not found:
        raise KeyUnknown(f"The {what} is signed with a key that its issuer does not list.")
    if len(found) > 1:
        raise TokenRefused("The issuer lists two keys of the same name.")
    try:
        return found[0], msgspec.convert(found[0], _Listed)
    except msgspec.ValidationError as broken:
        raise TokenRefused(f"The key of the {what} cannot be used.", detail=str(broken)) from broken


def _key(jwk: dict[str, Any], what: str) -> VerificationKey:
    try:
        return VerificationKey.of_jwk(jwk)
    except KeyRefused as refused:
        raise TokenRefused(f"The key of the {what} cannot be used.", detail=str(refused)) from refused

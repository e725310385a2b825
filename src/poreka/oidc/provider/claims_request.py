"""Which facts a request asks for: by scope and by the ``claims`` parameter.

Read strictly (a malformed ``claims`` is a fault, not a guess), but what is well-formed and unknown to us is
ignored, as OpenID Connect Core §5.5 asks. ``verified_claims`` is read by OpenID Connect for Identity
Assurance 1.0 §6. Nothing is decided here about what a person consents to or what a client may have. Read
next: ``userinfo``, ``verified_claims``.
"""

from typing import Any

import msgspec

from poreka.oidc.errors import SentToClient

SCOPE_CLAIMS: dict[str, tuple[str, ...]] = {
    "identity": ("given_name", "family_name", "pesel"),
    "profile": ("given_name", "family_name"),  # and `name`, made of the two
    "phone": ("phone_number", "phone_number_verified"),
    "email": ("email", "email_verified"),
}
"""What a scope stands for (``identity`` is ours, the others are of Core §5.4, cut down to what a provider
here knows).
"""

NAME, NAME_PARTS = "name", frozenset({"given_name", "family_name"})
"""A claim that is made of two others: whoever asks for it is told no more than those (Core §5.1)."""

MOST_CLAIMS = 32
MOST_VERIFIED_REQUESTS = 4
DEEPEST = 10


class ClaimWish(msgspec.Struct, frozen=True, omit_defaults=True):
    """How one claim is asked for (Core §5.5.1)."""

    essential: bool = False
    value: Any = None
    values: tuple[Any, ...] | None = None


class VerifiedWish(msgspec.Struct, frozen=True, omit_defaults=True):
    """One request for facts together with how they were verified."""

    verification: dict[str, Any]
    claims: dict[str, ClaimWish | None]


class ClaimsWish(msgspec.Struct, frozen=True, omit_defaults=True):
    """Everything a ``claims`` parameter asks for; empty where there was none."""

    userinfo: dict[str, ClaimWish | None] = {}
    id_token: dict[str, ClaimWish | None] = {}
    verified: tuple[VerifiedWish, ...] = ()


class _Parameter(msgspec.Struct, frozen=True):
    userinfo: dict[str, Any] | None = None
    id_token: dict[str, Any] | None = None


def read_claims_parameter(value: str | None) -> ClaimsWish:
    """Parse the ``claims`` parameter; raises ``SentToClient`` with ``invalid_request`` (Core §5.5)."""
    if value is None:
        return ClaimsWish()
    try:
        given = msgspec.json.decode(value, type=_Parameter)
        _not_too_deep([given.userinfo, given.id_token], DEEPEST)
        userinfo, verified = _split(given.userinfo or {})
        id_token, in_id_token = _split(given.id_token or {})
    except (ValueError, RecursionError) as broken:
        raise SentToClient(
            "invalid_request", "The parameter claims is malformed.", detail=str(broken)[:200]
        ) from broken
    if in_id_token:
        raise SentToClient("invalid_request", "Verified claims are given at UserInfo only, not in the ID Token.")
    if len(userinfo) + len(id_token) + sum(len(wish.claims) for wish in verified) > MOST_CLAIMS:
        raise SentToClient("invalid_request", "The parameter claims asks for too many claims.")
    return ClaimsWish(userinfo, id_token, verified)


def _not_too_deep(value: Any, left: int) -> None:
    """What is stored and read again deeper inside something else must not exhaust the stack there."""
    if left == 0:
        raise ValueError("claims is nested too deeply")
    if isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            _not_too_deep(inner, left - 1)


def _split(member: dict[str, Any]) -> tuple[dict[str, ClaimWish | None], tuple[VerifiedWish, ...]]:
    plain = {name: wish for name, wish in member.items() if name != "verified_claims"}
    verified: tuple[VerifiedWish, ...] = ()
    if "verified_claims" in member:
        asked = member["verified_claims"]
        listed = asked if isinstance(asked, list) else [asked]
        verified = msgspec.convert(listed, tuple[VerifiedWish, ...])
        if not 1 <= len(verified) <= MOST_VERIFIED_REQUESTS or not all(wish.claims for wish in verified):
            raise ValueError("verified_claims is empty or too long")
    return msgspec.convert(plain, dict[str, ClaimWish | None]), verified


def claims_by_scope(scopes: tuple[str, ...]) -> frozenset[str]:
    """The claims that the scopes stand for (Core §5.4)."""
    return frozenset(name for scope in scopes for name in SCOPE_CLAIMS.get(scope, ()))


def requested_claims(scopes: tuple[str, ...], wish: ClaimsWish) -> frozenset[str]:
    """Every personal claim asked for in any way: what consent has to be about."""
    verified = frozenset(name for one in wish.verified for name in one.claims)
    parts = NAME_PARTS if NAME in wish.userinfo else frozenset()
    return claims_by_scope(scopes) | frozenset(wish.userinfo) | verified | parts


def wanted_acr(wish: ClaimsWish) -> tuple[tuple[str, ...], bool]:
    """The ``acr`` values of the ``claims`` parameter and whether one of them is essential (Core §5.5.1.1)."""
    asked = wish.id_token.get("acr")
    if asked is None:
        return (), False
    values = asked.values if asked.values is not None else (asked.value,)
    return tuple(value for value in values if isinstance(value, str)), asked.essential

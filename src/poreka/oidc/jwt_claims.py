"""Reading the claims of a verified JWT one by one, with their types.

A claim that is missing or of another type is a fault of the token's maker, never a ``KeyError`` here (RFC
7519 §4.1). What the values must *be* is for each kind of token to say. Read next: ``dpop`` or
``provider.client_authentication``.
"""

from typing import Any

from poreka.oidc.errors import TokenRefused

SKEW = 60
"""Seconds by which a peer's clock may differ from ours: what FAPI 2.0 Security Profile §5.3.2.1 allows at most for
``iat`` and ``nbf`` in the future, and for a token that just expired."""

SIGN_IN_SKEW = 10
"""Seconds by which a sign-in may be older than was asked: both moments are then of one clock, but for the way."""


def text(claims: dict[str, Any], name: str, longest: int = 1024) -> str:
    """A claim that must be a string, not empty and at most ``longest`` characters."""
    value = optional_text(claims, name, longest)
    if value is None:
        raise TokenRefused(f"The token lacks the claim {name}.")
    return value


def optional_text(claims: dict[str, Any], name: str, longest: int = 1024) -> str | None:
    """The same where it may be missing."""
    value = claims.get(name)
    if value is not None and (not isinstance(value, str) or not 0 < len(value) <= longest):
        raise TokenRefused(f"The claim {name} is not what it should be.")
    return value


def moment(claims: dict[str, Any], name: str) -> int:
    """A claim that must be a NumericDate, in whole seconds since the epoch (RFC 7519 §2)."""
    value = claims.get(name)
    if value is None:
        raise TokenRefused(f"The token lacks the claim {name}.")
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 1 << 53:
        raise TokenRefused(f"The claim {name} is not a moment in time.")
    return int(value)


def audience(claims: dict[str, Any]) -> tuple[str, ...]:
    """``aud`` as a tuple, whether it came as a string or as an array (RFC 7519 §4.1.3)."""
    value = claims.get("aud")
    listed = [value] if isinstance(value, str) else value
    if not isinstance(listed, list) or not listed or not all(isinstance(one, str) for one in listed):
        raise TokenRefused("The token does not say for whom it is.")
    return tuple(listed)


def not_expired(claims: dict[str, Any], now: int, *, at_most_ahead: int | None = None) -> int:
    """``exp`` is in the future (and not too far in it, in seconds); returns it (RFC 7519 §4.1.4)."""
    expires_at = moment(claims, "exp")
    if expires_at <= now - SKEW:
        raise TokenRefused(f"The token has expired: by our clock {now - expires_at} seconds ago.")
    if at_most_ahead is not None and expires_at > now + at_most_ahead + SKEW:
        raise TokenRefused(
            f"By our clock the token expires in {expires_at - now} seconds; {at_most_ahead} are allowed, or the clocks"
            f" differ by more than {SKEW} s."
        )
    return expires_at


def not_from_the_future(claims: dict[str, Any], now: int) -> None:
    """``iat`` and ``nbf``, where present, have passed (RFC 7519 §4.1.5–4.1.6)."""
    for name in ("iat", "nbf"):
        if name in claims:
            not_ahead(moment(claims, name), now, f"The moment {name} of the token has not come yet")


def not_ahead(at: int, now: int, what: str) -> None:
    """A moment by a peer's clock has passed by ours, but for a difference; ``what`` is the beginning of the refusal."""
    if at > now + SKEW:
        raise TokenRefused(f"{what}: the clocks differ by {at - now} s, at most {SKEW} s are allowed.")

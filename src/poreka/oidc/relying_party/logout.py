"""Signing out on both sides: told by the provider in a logout token, or by sending the browser there.

A logout token (OpenID Connect Back-Channel Logout 1.0) comes from the network without a browser, so it is
checked like a sign-in. What it ends is for the caller to find, by `sid` or by `sub`; that it is used once
only is a row in its store. RP-initiated logout (OpenID Connect RP-Initiated Logout 1.0) is only an address
to go to.
"""

from hmac import compare_digest
from typing import Any
from urllib.parse import urlencode

import msgspec

from poreka.oidc import jose
from poreka.oidc.errors import SingleUse, TokenRefused
from poreka.oidc.jwt_claims import SKEW, not_expired, optional_text, text
from poreka.oidc.keys import KeySet
from poreka.oidc.relying_party.faults import StrayCallback, told_of
from poreka.oidc.relying_party.id_token import (
    LONGEST_SUB,
    check_audience,
    check_issuer,
    check_times,
    read_sub,
    verify_signed,
)
from poreka.oidc.relying_party.provider_metadata import ProviderMetadata
from poreka.oidc.relying_party.registration import Registration

LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout"
LOGOUT_TYPES: frozenset[str | None] = jose.PLAIN_JWT | {"logout+jwt"}
"""The standard recommends a `typ` of its own; older providers send none. The event below tells the token
from others.
"""

LONGEST_LIFE = 10 * 60


class LoggedOut(msgspec.Struct, frozen=True, kw_only=True):
    """The provider says that a session (`sid`), or else every session of a person (`sub`), has ended."""

    issuer: str
    sub: str | None
    sid: str | None
    single_use: SingleUse


def claimed_issuer(logout_token: str) -> str:
    """Who *claims* to have sent a logout token: good for finding the registration, and for nothing else."""
    with told_of("logout_token"):
        return text(jose.peek(logout_token), "iss", 2048)


def check_logout_token(registration: Registration, keys: KeySet, logout_token: str, now: int) -> LoggedOut:
    """Believe a logout token or raise (Back-Channel Logout 1.0, section 2.6, in its order)."""
    with told_of("logout_token"):
        algorithms = frozenset(registration.id_token_algorithms)
        claims = verify_signed(logout_token, keys, algorithms, LOGOUT_TYPES)
        check_issuer(claims, registration.issuer)
        check_audience(claims, registration.client_id)
        check_times(claims, now)
        expires_at = not_expired(claims, now, at_most_ahead=LONGEST_LIFE)
        sub, sid = _whose(claims)
        _check_event(claims)
        _check_no_nonce(claims)
        return LoggedOut(
            issuer=registration.issuer,
            sub=sub,
            sid=sid,
            single_use=SingleUse(
                kind="logout_token",
                value=f"{registration.issuer} {text(claims, 'jti', 256)}",
                expires_at=expires_at + SKEW + 1,
            ),
        )


def sign_out_url(
    registration: Registration, metadata: ProviderMetadata, id_token: str | None, state: str | None = None
) -> str | None:
    """Where to send the browser to sign out at the provider too, or None where that is not offered (section
    2).
    """
    endpoint = metadata.end_session_endpoint
    if endpoint is None:
        return None
    back = registration.post_logout_redirect_uri
    asked = {
        "client_id": registration.client_id,
        "id_token_hint": id_token,
        "post_logout_redirect_uri": back,
        "state": state if back else None,
    }
    query = urlencode({name: value for name, value in asked.items() if value is not None})
    return f"{endpoint}{'&' if '?' in endpoint else '?'}{query}"


def check_signed_out(state: str, returned: str | None) -> None:
    """The browser comes back from signing out with the state it left with, or we did not send it there
    (section 3).
    """
    if not compare_digest((returned or "").encode(), state.encode()):
        raise StrayCallback("state", "This return from signing out was not asked for.")


def _whose(claims: dict[str, Any]) -> tuple[str | None, str | None]:
    sub = read_sub(claims) if optional_text(claims, "sub", LONGEST_SUB) is not None else None
    sid = optional_text(claims, "sid", 255)
    if sub is None and sid is None:
        raise TokenRefused("The logout token does not say whose session has ended.")
    return sub, sid


def _check_event(claims: dict[str, Any]) -> None:
    events = claims.get("events")
    if not isinstance(events, dict) or not isinstance(events.get(LOGOUT_EVENT), dict):
        raise TokenRefused("The token tells of another event than signing out.")


def _check_no_nonce(claims: dict[str, Any]) -> None:
    """What has a nonce is an ID Token, which anyone may hold who once signed in."""
    if "nonce" in claims:
        raise TokenRefused("The token is of another kind.", detail="a nonce in a logout token")

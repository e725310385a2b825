"""The ID Token, believed step by step in the order of OpenID Connect Core 1.0, section 3.1.3.7.

The order is the standard's; what is stricter is ours: the signature is always checked though the token came
over TLS, another audience beside us is refused, and a token older than ten minutes is refused. A level that
is lower than the one asked for is refused here, not merely noted: nobody further in needs to remember to
look.
"""

import hashlib
from hmac import compare_digest
from typing import Any, Protocol

import msgspec

from poreka.oidc import jose
from poreka.oidc.errors import TokenRefused
from poreka.oidc.jwt_claims import (
    SIGN_IN_SKEW,
    SKEW,
    audience,
    moment,
    not_ahead,
    not_expired,
    not_from_the_future,
    optional_text,
    text,
)
from poreka.oidc.keys import KeySet
from poreka.oidc.relying_party.authorization import secret_hash
from poreka.oidc.relying_party.faults import ProviderFault, told_of
from poreka.oidc.relying_party.registration import Registration

OLDEST_TOKEN = 10 * 60
"""Seconds since `iat`. A token is made when the code is exchanged, so a minute would do for exact clocks.
"""

LONGEST_SUB = 255
MOST_METHODS = 32


class SentRequest(Protocol):
    """What a question said that its ID Token must answer to; one without a browser in between has no nonce."""

    @property
    def nonce_hash(self) -> str | None: ...

    @property
    def signed_in_since(self) -> int | None: ...

    @property
    def minimum_acr(self) -> str | None: ...


class IdToken(msgspec.Struct, frozen=True, kw_only=True):
    """What an ID Token established."""

    sub: str
    sid: str | None
    auth_time: int | None
    acr: str | None
    amr: tuple[str, ...]


def check_id_token(
    token: str, registration: Registration, pending: SentRequest, keys: KeySet, access_token: str, now: int
) -> IdToken:
    """Believe an ID Token or raise; `KeyUnknown` asks for the provider's newest keys (section 10.1.1)."""
    with told_of("id_token"):
        claims = verify_signed(token, keys, frozenset(registration.id_token_algorithms))
        check_issuer(claims, registration.issuer)
        check_audience(claims, registration.client_id)
        check_times(claims, now)
        _check_nonce(claims, pending)
        auth_time = _check_auth_time(claims, pending.signed_in_since, now)
        acr = _check_acr(claims, registration, pending)
        _check_at_hash(claims, token, access_token)
        return IdToken(
            sub=read_sub(claims),
            sid=optional_text(claims, "sid", 255),
            auth_time=auth_time,
            acr=acr,
            amr=_read_amr(claims),
        )


def verify_signed(
    token: str, keys: KeySet, algorithms: frozenset[str], typ: frozenset[str | None] = jose.PLAIN_JWT
) -> dict[str, Any]:
    """Section 3.1.3.7, items 1 and 6–8: signed by the provider, with an algorithm agreed at registration."""
    if token.count(".") == 4:
        raise TokenRefused("The token is encrypted, which was not agreed.")
    return jose.verify(token, keys, algorithms, typ)


def check_issuer(claims: dict[str, Any], issuer: str) -> None:
    """Item 2: exactly the issuer we asked."""
    if not compare_digest(text(claims, "iss", 2048).encode(), issuer.encode()):
        raise TokenRefused("The token is from another issuer.")


def check_audience(claims: dict[str, Any], client_id: str) -> None:
    """Items 3–5: for us, and for nobody else, since we trust no other party to hold it."""
    if audience(claims) != (client_id,):
        raise TokenRefused("The token is not for us alone.", detail=f"{len(audience(claims))} audiences")
    if optional_text(claims, "azp") not in (None, client_id):
        raise TokenRefused("The token was made for another party.", detail="azp differs")


def check_times(claims: dict[str, Any], now: int) -> None:
    """Items 9–10: not expired, not from the future, and made just now."""
    not_expired(claims, now)
    not_from_the_future(claims, now)
    if moment(claims, "iat") < now - OLDEST_TOKEN - SKEW:
        raise TokenRefused(f"The token was made too long ago: by our clock {now - moment(claims, 'iat')} seconds.")


def read_sub(claims: dict[str, Any]) -> str:
    """Section 2: at most 255 ASCII characters. It is compared and stored, so nothing invisible may be in
    it.
    """
    sub = text(claims, "sub", LONGEST_SUB)
    if any(not " " <= letter <= "~" for letter in sub):
        raise TokenRefused("The claim sub is not what it should be.")
    return sub


def _check_nonce(claims: dict[str, Any], pending: SentRequest) -> None:
    """Item 11: made in answer to our question; a code stolen from another browser fails here."""
    if pending.nonce_hash is None:
        if claims.get("nonce") is not None:
            raise TokenRefused("The token answers another question.", detail="a nonce that nobody sent")
        return
    if not compare_digest(secret_hash(text(claims, "nonce")), pending.nonce_hash):
        raise TokenRefused("The token answers another question.", detail="nonce differs")


def _check_auth_time(claims: dict[str, Any], since: int | None, now: int) -> int | None:
    """Item 13: when we asked for a recent sign-in, it must be shown to be recent."""
    if claims.get("auth_time") is None:
        if since is None:
            return None
        raise ProviderFault("auth_time", "The sign-in is not shown to be recent.", "auth_time is missing")
    auth_time = moment(claims, "auth_time")
    not_ahead(auth_time, now, "The sign-in has not happened yet")
    behind = max(0, now - moment(claims, "iat"))  # the token was made just now: so far their clock is behind ours
    if since is not None and auth_time < since - min(behind, SKEW) - SIGN_IN_SKEW:
        raise ProviderFault("auth_time", "The sign-in was too long ago.", f"{since - auth_time} seconds too old")
    return auth_time


def _check_acr(claims: dict[str, Any], registration: Registration, pending: SentRequest) -> str | None:
    """Item 12: at least the level we asked for, by the order of this registration's ladder."""
    acr = optional_text(claims, "acr")
    level = pending.minimum_acr
    if level is not None and acr not in registration.acceptable_levels(level):
        raise ProviderFault("level", "The sign-in was not strong enough.", f"asked {level}, came {acr!r:.120}")
    return acr


def _check_at_hash(claims: dict[str, Any], token: str, access_token: str) -> None:
    """Section 3.1.3.8: the access token beside it is the one it was made with. Optional in the code flow."""
    at_hash = optional_text(claims, "at_hash")
    if at_hash is None:
        return
    ed25519 = jose.take_apart(token).header.alg in ("EdDSA", "Ed25519")  # its inner hash is SHA-512
    digest = (hashlib.sha512 if ed25519 else hashlib.sha256)(access_token.encode()).digest()
    expected = jose.encode_segment(digest[: len(digest) // 2])
    if not compare_digest(at_hash.encode(), expected):
        raise TokenRefused("The token was made with another access token.", detail="at_hash differs")


def _read_amr(claims: dict[str, Any]) -> tuple[str, ...]:
    listed = claims.get("amr", [])
    if not isinstance(listed, list) or len(listed) > MOST_METHODS:
        raise TokenRefused("The claim amr is not what it should be.")
    if not all(isinstance(one, str) and len(one) <= 64 for one in listed):
        raise TokenRefused("The claim amr is not what it should be.")
    return tuple(listed)

"""Demonstrating Proof of Possession: checking a proof (RFC 9449 §4.3).

The proof says "whoever holds this key makes exactly this request now". What is established is the key's
thumbprint; that the proof was not seen before is settled by the caller, who stores the returned
``single_use``. Making proofs is in ``relying_party``. Read next: ``provider.token_request`` and
``provider.access``, the two places a proof is asked for.
"""

import hashlib
import hmac
from functools import lru_cache
from urllib.parse import urlsplit

import msgspec

from poreka.oidc.algorithms import FAPI2_ALGORITHMS
from poreka.oidc.errors import SingleUse, TokenRefused
from poreka.oidc.jose import encode_segment, verify_embedded
from poreka.oidc.jwt_claims import SKEW, moment, not_ahead, optional_text, text

OLDEST_PROOF = 60
"""Seconds a proof may be old, by our clock."""

PROOF_TYPE = frozenset[str | None]({"dpop+jwt"})
DEFAULT_PORTS = {"https": 443, "http": 80}


class NonceNeeded(TokenRefused):
    """The proof lacks the server's current nonce: answer ``use_dpop_nonce`` with a ``DPoP-Nonce`` header (RFC
    9449 §8).
    """


class Proof(msgspec.Struct, frozen=True, kw_only=True):
    """What a good proof established: the key's thumbprint, and what must not come a second time."""

    jkt: str
    single_use: SingleUse


def check_proof(
    proof: str,
    *,
    method: str,
    url: str,
    now: int,
    access_token: str | None = None,
    nonces: frozenset[str] | None = None,
    algorithms: frozenset[str] = FAPI2_ALGORITHMS,
) -> Proof:
    """Check a ``DPoP`` header against the request it came with; raises ``TokenRefused`` (RFC 9449 §4.3).

    ``url`` is our address as the client sees it. ``nonces`` are the ones acceptable now; ``None`` where none
    is asked for.
    """
    claims, key = verify_embedded(proof, algorithms, PROOF_TYPE)
    jti = text(claims, "jti", 128)
    if text(claims, "htm") != method:
        raise TokenRefused("The proof is for another method.")
    if normalised(text(claims, "htu", 4096)) != normalised(url):
        raise TokenRefused("The proof is for another address.")
    issued_at = _made_now(moment(claims, "iat"), now)
    if access_token is not None and not hmac.compare_digest(
        text(claims, "ath").encode(), token_hash(access_token).encode()
    ):
        raise TokenRefused("The proof is for another access token.")
    if nonces is not None and optional_text(claims, "nonce") not in nonces:
        raise NonceNeeded("The proof must carry the nonce given in the header DPoP-Nonce.")
    seen = hashlib.sha256(f"{key.thumbprint} {jti}".encode()).hexdigest()
    return Proof(
        jkt=key.thumbprint,
        single_use=SingleUse(kind="dpop", value=seen, expires_at=issued_at + OLDEST_PROOF + SKEW + 1),
    )


def token_hash(access_token: str) -> str:
    """The ``ath`` of an access token (RFC 9449 §4.2)."""
    return encode_segment(hashlib.sha256(access_token.encode()).digest()).decode()


@lru_cache(maxsize=256)
def normalised(url: str) -> str:
    """An address without query and fragment, in the one spelling of RFC 3986 §6.2.2–6.2.3."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as broken:
        raise TokenRefused("The proof does not name an address.") from broken
    scheme, host = parts.scheme.lower(), (parts.hostname or "").lower()
    if scheme not in DEFAULT_PORTS or not host or parts.username is not None:
        raise TokenRefused("The proof does not name an address.")
    shown_port = "" if port is None or port == DEFAULT_PORTS[scheme] else f":{port}"
    return f"{scheme}://{host}{shown_port}{parts.path or '/'}"


def _made_now(issued_at: int, now: int) -> int:
    not_ahead(issued_at, now, "The proof was made in the future")
    if issued_at < now - OLDEST_PROOF - SKEW:
        raise TokenRefused(
            f"The proof is too old: by our clock {now - issued_at} s, {OLDEST_PROOF} s are allowed and {SKEW} s by"
            " which clocks may differ."
        )
    return issued_at

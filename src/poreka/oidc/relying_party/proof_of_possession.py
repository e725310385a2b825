"""Making DPoP proofs: "whoever holds this key makes exactly this request, now" (RFC 9449, section 4.2).

The key lives as long as one sign-in and is made for it; its public half travels in every proof. Checking
proofs is the other side's work: `poreka.oidc.dpop`. What to do when a server wants its nonce in the proof:
`proof_nonce`.
"""

from collections.abc import Mapping
from typing import Any

from poreka.oidc import dpop, jose
from poreka.oidc.keys import SigningKey


def make_proof(
    key: Mapping[str, Any],
    *,
    method: str,
    url: str,
    proof_id: str,
    now: int,
    nonce: str | None = None,
    access_token: str | None = None,
) -> str:
    """The value of the `DPoP` header for one request; `key` is the private JWK of this sign-in."""
    claims: dict[str, Any] = {"jti": proof_id, "htm": method, "htu": dpop.normalised(url), "iat": now}
    if nonce is not None:
        claims["nonce"] = nonce
    if access_token is not None:
        claims["ath"] = dpop.token_hash(access_token)
    return jose.sign_with_embedded_key(claims, SigningKey.of_jwk(key), "dpop+jwt")

"""Client assertions (RFC 7523) and DPoP proofs (RFC 9449), made cheaply and ahead of the round.

The driver signs thousands of them, so headers are encoded once and only the payload changes. Not a JOSE
library: it can do ES256 and nothing else, and it verifies nothing.
"""

import base64
import hashlib
import json
import secrets
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

_ES256 = ec.ECDSA(SHA256())


def base64url(raw: bytes) -> str:
    """Base64 for addresses and tokens, without padding (RFC 7515, section 2)."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


class SigningKey:
    """A fresh P-256 key with its public JWK."""

    def __init__(self, kid: str) -> None:
        self._private = ec.generate_private_key(ec.SECP256R1())
        point = self._private.public_key().public_numbers()
        self.kid = kid
        self.public_point = {
            "kty": "EC",
            "crv": "P-256",
            "x": base64url(point.x.to_bytes(32, "big")),
            "y": base64url(point.y.to_bytes(32, "big")),
        }
        self.public_jwk = {**self.public_point, "kid": kid, "alg": "ES256", "use": "sig"}

    def private_jwk(self) -> dict[str, str]:
        """The whole key as a JWK, for peers that must hold it themselves."""
        secret = self._private.private_numbers().private_value
        return {**self.public_jwk, "d": base64url(secret.to_bytes(32, "big"))}

    def header(self, **fields: Any) -> str:
        """An encoded protected header, to be made once and used many times."""
        return base64url(json.dumps({"alg": "ES256", **fields}).encode())

    def sign(self, header: str, claims: dict[str, Any]) -> str:
        """A compact JWS over the claims."""
        signing_input = f"{header}.{base64url(json.dumps(claims).encode())}"
        r, s = decode_dss_signature(self._private.sign(signing_input.encode(), _ES256))
        return f"{signing_input}.{base64url(r.to_bytes(32, 'big') + s.to_bytes(32, 'big'))}"


class Signer:
    """Signs as one relying party: who it is (assertion) and which key it holds (proof)."""

    def __init__(self, client_id: str, issuer: str, key: SigningKey) -> None:
        self._client_id, self._issuer, self._key = client_id, issuer, key
        self._assertion_header = key.header(kid=key.kid, typ="JWT")
        self._proof_key = SigningKey("dpop")
        self._proof_header = self._proof_key.header(typ="dpop+jwt", jwk=self._proof_key.public_point)

    def assertion(self, now: int) -> str:
        """`private_key_jwt`, good for one minute, addressed to the issuer (FAPI 2.0, section 5.3.3)."""
        claims = {
            "iss": self._client_id,
            "sub": self._client_id,
            "aud": self._issuer,
            "jti": secrets.token_urlsafe(16),
            "iat": now,
            "nbf": now,
            "exp": now + 60,
        }
        return self._key.sign(self._assertion_header, claims)

    def proof(self, method: str, url: str, now: int, access_token: str | None = None) -> str:
        """A DPoP proof for one request, bound to the access token where one is presented."""
        claims = {"jti": secrets.token_urlsafe(16), "htm": method, "htu": url, "iat": now}
        if access_token is not None:
            claims["ath"] = base64url(hashlib.sha256(access_token.encode()).digest())
        return self._proof_key.sign(self._proof_header, claims)

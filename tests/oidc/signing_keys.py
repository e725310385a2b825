"""Keys made once for all tests of the protocol, and a way to make tokens that no honest party would make."""

import json
from functools import cache
from typing import Any

from joserfc.jwk import ECKey, OKPKey, RSAKey

from poreka.oidc.algorithms import SIGNATURES
from poreka.oidc.jose import encode_segment
from poreka.oidc.keys import KeySet, SigningKey

NOW = 1_790_000_000


def signing_key(kid: str = "one", algorithm: str = "ES256") -> SigningKey:
    return _made(kid, algorithm)


@cache
def _made(kid: str, algorithm: str) -> SigningKey:
    match algorithm:
        case "ES256":
            made: Any = ECKey.generate_key("P-256")
        case "EdDSA" | "Ed25519":
            made = OKPKey.generate_key("Ed25519")
        case _:
            made = RSAKey.generate_key(2048)
    return SigningKey.of_jwk({**made.as_dict(private=True), "kid": kid, "alg": algorithm})


def key_set(*keys: SigningKey) -> KeySet:
    return KeySet(key.verification() for key in keys or (signing_key(),))


def forged(header: dict[str, Any], claims: Any, key: SigningKey | None = None) -> str:
    """A token with any header at all, signed by ``key`` where there is one."""
    signed = b".".join(
        encode_segment(part if isinstance(part, bytes) else json.dumps(part).encode()) for part in (header, claims)
    )
    signature = b"x" * 64 if key is None else SIGNATURES[key.algorithm].sign(signed, key.key)
    return (signed + b"." + encode_segment(signature)).decode()

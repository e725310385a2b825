"""The signature algorithms we speak, and which client profile may use which.

An algorithm not listed here does not exist for us: neither ``none``, nor any shared-secret ``HS*`` (RFC 8725
§3.1–3.2). ``EdDSA`` and ``Ed25519`` name the same signature, by the older RFC 8037 and by RFC 9864; we read
both. The arithmetic is joserfc's. Read next: ``keys``.
"""

from joserfc.jws import JWSRegistry

FAPI2_ALGORITHMS = frozenset({"ES256", "EdDSA", "Ed25519", "PS256"})
"""FAPI 2.0 Security Profile §5.4.1."""

OPENID_ALGORITHMS = FAPI2_ALGORITHMS | {"RS256"}
"""RS256 is what every OpenID Connect party can do (Core §15.1); only the ``openid`` profile allows it."""

EVERY_ALGORITHM = OPENID_ALGORITHMS

SIGNATURES = {name: JWSRegistry.algorithms[name] for name in sorted(EVERY_ALGORITHM)}


def algorithms_of(kty: object, crv: object) -> frozenset[str]:
    """Which of our algorithms a key of this type can serve; none for a key we do not speak."""
    match kty, crv:
        case "EC", "P-256":
            return frozenset({"ES256"})
        case "OKP", "Ed25519":
            return frozenset({"EdDSA", "Ed25519"})
        case "RSA", _:
            return frozenset({"PS256", "RS256"})
        case _:
            return frozenset()

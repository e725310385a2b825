"""Keys as objects: imported once, then only used.

``SigningKey`` is ours and private; ``VerificationKey`` is public, ours or a peer's; ``KeySet`` chooses among
the latter. A key of a type we do not speak, a shared secret, or an RSA key under 2048 bits is left out of a
set, as RFC 7517 §5 asks. Making keys needs randomness, so it is not here; nor is their rotation
(``provider.key_rotation``). Read next: ``jose``.
"""

import hashlib
from base64 import urlsafe_b64encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Self

import msgspec
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPrivateNumbers, RSAPublicNumbers
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, Key, OKPKey, RSAKey
from joserfc.util import base64_to_int

from poreka.oidc.algorithms import algorithms_of
from poreka.oidc.errors import KeyUnknown, TokenRefused

KEY_CLASSES: dict[object, type[ECKey] | type[RSAKey] | type[OKPKey]] = {
    "EC": ECKey,
    "RSA": RSAKey,
    "OKP": OKPKey,
}
THUMBPRINT_MEMBERS = {"EC": ("crv", "kty", "x", "y"), "OKP": ("crv", "kty", "x"), "RSA": ("e", "kty", "n")}
PRIVATE_MEMBERS = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth", "k"})
SMALLEST_RSA, LARGEST_RSA = 2048, 8192
MOST_KEYS = 64


class KeyRefused(ValueError):
    """This JWK is not one we can or will use."""


def thumbprint(jwk: Mapping[str, Any]) -> str:
    """The SHA-256 thumbprint of a public or private JWK (RFC 7638 §3)."""
    try:
        required = {name: jwk[name] for name in THUMBPRINT_MEMBERS[jwk["kty"]]}
    except (KeyError, TypeError) as missing:
        raise KeyRefused("the key lacks a required member") from missing
    digest = hashlib.sha256(msgspec.json.encode(required)).digest()
    return urlsafe_b64encode(digest).rstrip(b"=").decode()


def public_part(jwk: Mapping[str, Any]) -> dict[str, Any]:
    """The JWK without anything private."""
    return {name: value for name, value in jwk.items() if name not in PRIVATE_MEMBERS}


def _import(jwk: Mapping[str, Any], *, made_here: bool = False) -> tuple[Key, frozenset[str]]:
    possible = algorithms_of(jwk.get("kty"), jwk.get("crv"))
    if "alg" in jwk:
        possible &= {jwk["alg"]} if isinstance(jwk["alg"], str) else set()
    if not possible or jwk.get("use", "sig") != "sig":
        raise KeyRefused("the key is of a kind or for a use we do not speak")
    bare = {name: jwk[name] for name in jwk if name in PRIVATE_MEMBERS or name in THUMBPRINT_MEMBERS[jwk["kty"]]}
    try:
        whole = made_here and jwk["kty"] == "RSA"
        key = RSAKey.import_key(_whole_rsa(jwk)) if whole else KEY_CLASSES[jwk["kty"]].import_key(bare)
    except (JoseError, ValueError, TypeError, KeyError) as broken:
        raise KeyRefused("the key cannot be read") from broken
    if isinstance(key, RSAKey) and not SMALLEST_RSA <= key.raw_value.key_size <= LARGEST_RSA:
        raise KeyRefused("the RSA key is too short or too long")
    return key, possible


def _whole_rsa(jwk: Mapping[str, Any]) -> RSAPrivateKey:
    """An RSA key without the proof that its numbers belong together, which takes OpenSSL a tenth of a second."""
    n, e, d, p, q, dp, dq, qi = (base64_to_int(jwk[name]) for name in ("n", "e", "d", "p", "q", "dp", "dq", "qi"))
    numbers = RSAPrivateNumbers(p=p, q=q, d=d, dmp1=dp, dmq1=dq, iqmp=qi, public_numbers=RSAPublicNumbers(e, n))
    return numbers.private_key(unsafe_skip_rsa_key_validation=True)


@dataclass(frozen=True, slots=True)
class VerificationKey:
    """A public key that may verify ``algorithms``; ``kid`` is ``None`` where its owner gave it no name."""

    kid: str | None
    algorithms: frozenset[str]
    key: Key = field(repr=False)
    thumbprint: str

    @classmethod
    def of_jwk(cls, jwk: Mapping[str, Any]) -> Self:
        """Import a public JWK (private members are dropped); raises ``KeyRefused``."""
        public = public_part(jwk)
        key, algorithms = _import(public)
        kid = public.get("kid")
        return cls(kid if isinstance(kid, str) else None, algorithms, key, thumbprint(public))


@dataclass(frozen=True, slots=True)
class SigningKey:
    """One of our private keys, with the one algorithm it signs by."""

    kid: str
    algorithm: str
    key: Key = field(repr=False)
    jwk: Mapping[str, Any] = field(repr=False)

    @classmethod
    def of_jwk(cls, jwk: Mapping[str, Any], *, made_here: bool = False) -> Self:
        """Import a private JWK; without ``kid`` the thumbprint names it, without ``alg`` the FAPI algorithm
        of its type. ``made_here``: it comes unchanged from our own key store, and is whole.
        """
        key, algorithms = _import(jwk, made_here=made_here)
        if not key.is_private:
            raise KeyRefused("a signing key must be private")
        algorithm = next(name for name in ("ES256", "EdDSA", "Ed25519", "PS256", "RS256") if name in algorithms)
        return cls(jwk.get("kid") or thumbprint(jwk), algorithm, key, dict(jwk))

    @property
    def public_jwk(self) -> dict[str, Any]:
        """What is published of this key (RFC 7517 §4)."""
        return {**public_part(self.jwk), "kid": self.kid, "alg": self.algorithm, "use": "sig"}

    @property
    def private_jwk(self) -> dict[str, Any]:
        """What the key store keeps, encrypted."""
        return {**self.jwk, "kid": self.kid, "alg": self.algorithm, "use": "sig"}

    @property
    def bare_jwk(self) -> dict[str, Any]:
        """Only the members a verifier needs: what a DPoP proof embeds (RFC 9449 §4.2)."""
        return {name: self.jwk[name] for name in THUMBPRINT_MEMBERS[self.jwk["kty"]]}

    def verification(self) -> VerificationKey:
        """The public half."""
        return VerificationKey.of_jwk(self.public_jwk)


class KeySet:
    """Public keys of one party, chosen by ``kid`` and algorithm."""

    __slots__ = ("_named", "keys")

    def __init__(self, keys: Iterable[VerificationKey]) -> None:
        self.keys = tuple(keys)
        self._named: dict[str, list[VerificationKey]] = {}
        for key in self.keys:
            if key.kid is not None:
                self._named.setdefault(key.kid, []).append(key)

    @classmethod
    def of_jwks(cls, jwks: Mapping[str, Any]) -> Self:
        """Import a JWK Set; keys we cannot use are left out (RFC 7517 §5). Raises ``KeyRefused`` where it is
        no set.
        """
        listed = jwks.get("keys")
        if not isinstance(listed, list) or len(listed) > MOST_KEYS:
            raise KeyRefused("not a JWK Set, or too large a one")
        usable = []
        for jwk in listed:
            try:
                usable.append(VerificationKey.of_jwk(jwk))
            except (KeyRefused, AttributeError):
                continue
        return cls(usable)

    def choose(self, kid: str | None, algorithm: str) -> VerificationKey:
        """The one key for this token: by ``kid`` if it has one, else the only key that fits (OpenID Connect
        Core §10.1).
        """
        candidates = self.keys if kid is None else self._named.get(kid, ())
        fitting = [key for key in candidates if algorithm in key.algorithms]
        if len(fitting) == 1:
            return fitting[0]
        if not fitting:
            raise KeyUnknown(
                "The token is signed with a key that is not known.",
                detail=f"alg {algorithm}, kid {kid!r:.80}",
            )
        raise TokenRefused("The token does not say which key signed it.", detail=f"{len(fitting)} keys fit")

    def published(self) -> dict[str, Any]:
        """The JWK Set document of these keys."""
        return {"keys": [_published(key) for key in self.keys]}


def _published(key: VerificationKey) -> dict[str, Any]:
    jwk: dict[str, Any] = {**key.key.as_dict(private=False), "use": "sig"}
    if key.kid is not None:
        jwk["kid"] = key.kid
    if len(key.algorithms) == 1:
        (jwk["alg"],) = key.algorithms
    return jwk

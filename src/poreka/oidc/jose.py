"""Signed JWTs: making them, and believing them only for good reasons.

``verify`` settles who signed and that the token is of the kind expected (``typ``); *what it says* is for the
caller to check: ``jwt_claims`` has the small readers for that. Keys come only from the caller's ``KeySet``: a
key a token brings along (``jwk``, ``jku``, ``x5c``, ``x5u``) is never trusted, except the ``jwk`` of a DPoP
proof, which has its own function. RFC 7515, 7519, 8725. The compact form is taken apart here so that each
token is decoded once; signatures are joserfc's. Read next: ``keys``.
"""

import re
from binascii import a2b_base64, b2a_base64
from functools import lru_cache
from typing import Any

import msgspec
from joserfc.errors import JoseError

from poreka.oidc.algorithms import SIGNATURES
from poreka.oidc.errors import TokenRefused
from poreka.oidc.keys import PRIVATE_MEMBERS, KeyRefused, KeySet, SigningKey, VerificationKey

LARGEST_TOKEN = 16 * 1024
"""Characters. Larger ones are refused before anything of them is decoded."""

LARGEST_HEADER = 4 * 1024

PLAIN_JWT = frozenset({None, "jwt"})
"""``typ`` of a JWT without a kind of its own: absent or ``JWT`` (RFC 7519 §5.1)."""

_COMPACT = re.compile(rb"([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)")
_TO_URLSAFE = bytes.maketrans(b"+/", b"-_")
_FROM_URLSAFE = bytes.maketrans(b"-_", b"+/")
_read_object = msgspec.json.Decoder(dict[str, Any]).decode


class Header(msgspec.Struct, frozen=True):
    """The members of a JWS header that we read; others are not looked at, so not trusted (RFC 7515 §4.1)."""

    alg: str
    kid: str | None = None
    typ: str | None = None
    crit: object = None
    b64: object = None
    jwk: dict[str, Any] | None = None


class Unverified(msgspec.Struct, frozen=True):
    """A token taken apart, of which nothing is believed yet."""

    header: Header
    payload: bytes
    signed: bytes
    signature: bytes


def sign(claims: dict[str, Any], key: SigningKey, typ: str = "JWT") -> str:
    """Sign ``claims`` as a JWT that names our key by ``kid`` (RFC 7515 §5.1)."""
    return _sign(_named_header(key.algorithm, key.kid, typ), claims, key)


def sign_with_embedded_key(claims: dict[str, Any], key: SigningKey, typ: str) -> str:
    """Sign ``claims`` as a JWT that carries its public key: only for DPoP proofs (RFC 9449 §4.2)."""
    header = msgspec.json.encode({"typ": typ, "alg": key.algorithm, "jwk": key.bare_jwk})
    return _sign(encode_segment(header), claims, key)


def sign_without_key_name(claims: dict[str, Any], key: SigningKey, typ: str = "JWT") -> str:
    """Sign ``claims`` as a JWT that names no key, for a receiver that is told our key beside it, as a push service."""
    return _sign(encode_segment(msgspec.json.encode({"typ": typ, "alg": key.algorithm})), claims, key)


def verify(
    token: str, keys: KeySet, algorithms: frozenset[str], typ: frozenset[str | None] = PLAIN_JWT
) -> dict[str, Any]:
    """The claims of a token signed by one of ``keys`` with one of ``algorithms``; raises ``TokenRefused``
    (RFC 7515 §5.2).

    ``typ`` lists the acceptable kinds in lower case, ``None`` for an absent one (RFC 8725 §3.11). Claims are
    *not* checked here.
    """
    taken = take_apart(token)
    check_header(taken.header, algorithms, typ)
    key = keys.choose(taken.header.kid, taken.header.alg)
    check_signature(taken, key)
    return read_claims(taken)


def verify_embedded(
    token: str, algorithms: frozenset[str], typ: frozenset[str | None]
) -> tuple[dict[str, Any], VerificationKey]:
    """The claims of a token signed by the key it carries, and that key: for DPoP proofs only (RFC 9449)."""
    taken = take_apart(token)
    check_header(taken.header, algorithms, typ)
    if taken.header.jwk is None:
        raise TokenRefused("The proof does not carry its key.")
    key = _embedded_key(taken.header.jwk)
    if taken.header.alg not in key.algorithms:
        raise TokenRefused("The key of the proof is not for its algorithm.")
    check_signature(taken, key)
    return read_claims(taken), key


def peek(token: str) -> dict[str, Any]:
    """The claims *nobody has vouched for yet*: good for finding out whose key to look up, and for nothing
    else.
    """
    return read_claims(take_apart(token))


def take_apart(token: str) -> Unverified:
    """Split the compact form and decode its header, once (RFC 7515 §7.1)."""
    if len(token) > LARGEST_TOKEN:
        raise TokenRefused("The token is too long.")
    match = _COMPACT.fullmatch(token.encode("utf-8", "replace"))
    if match is None or match.end(1) > LARGEST_HEADER:
        raise TokenRefused("The token is not a signed JWT.")
    try:
        header = _read_header(match[1])
        return Unverified(header, decode_segment(match[2]), token[: match.end(2)].encode(), decode_segment(match[3]))
    except (ValueError, RecursionError) as broken:
        raise TokenRefused("The token is not a signed JWT.") from broken


def check_header(header: Header, algorithms: frozenset[str], typ: frozenset[str | None]) -> None:
    """Algorithm and kind are the expected ones and nothing critical is asked of us (RFC 8725 §3.1, §3.11; RFC
    7515 §4.1.11).
    """
    if header.alg not in algorithms or header.alg not in SIGNATURES:
        raise TokenRefused(
            f"The token is signed by an algorithm that is not allowed here; allowed: {', '.join(sorted(algorithms))}.",
            detail=f"alg {header.alg!r:.40}",
        )
    if header.crit is not None or header.b64 is not None:
        raise TokenRefused("The token has a critical header that is not understood.")
    kind = None if header.typ is None else header.typ.lower().removeprefix("application/")
    if kind not in typ:
        raise TokenRefused("The token is of another kind.", detail=f"typ {header.typ!r:.60}")


def check_signature(taken: Unverified, key: VerificationKey) -> None:
    """The signature is this key's."""
    try:
        valid = SIGNATURES[taken.header.alg].verify(taken.signed, taken.signature, key.key)
    except (JoseError, ValueError) as broken:
        raise TokenRefused("The signature of the token is broken.") from broken
    if not valid:
        raise TokenRefused("The signature of the token is wrong.")


def read_claims(taken: Unverified) -> dict[str, Any]:
    """The payload as a JSON object (RFC 7519 §7.2)."""
    try:
        return _read_object(taken.payload)
    except (ValueError, RecursionError) as broken:
        raise TokenRefused("The token does not contain claims.") from broken


def encode_segment(data: bytes) -> bytes:
    """Base64url without padding (RFC 7515 §2)."""
    return b2a_base64(data, newline=False).translate(_TO_URLSAFE).rstrip(b"=")


def decode_segment(segment: bytes) -> bytes:
    """The reverse; what is not base64url raises ``ValueError``."""
    padding = b"=" * (-len(segment) % 4)
    return a2b_base64(segment.translate(_FROM_URLSAFE) + padding, strict_mode=True)


def _sign(header: bytes, claims: dict[str, Any], key: SigningKey) -> str:
    signed = header + b"." + encode_segment(msgspec.json.encode(claims))
    signature = SIGNATURES[key.algorithm].sign(signed, key.key)
    return (signed + b"." + encode_segment(signature)).decode()


@lru_cache(maxsize=256)
def _named_header(algorithm: str, kid: str, typ: str) -> bytes:
    return encode_segment(msgspec.json.encode({"alg": algorithm, "kid": kid, "typ": typ}))


@lru_cache(maxsize=512)
def _read_header(segment: bytes) -> Header:
    """Remembered because a client's header is the same bytes every time: the result depends on them alone."""
    return msgspec.json.decode(decode_segment(segment), type=Header)


def _embedded_key(jwk: dict[str, Any]) -> VerificationKey:
    if not PRIVATE_MEMBERS.isdisjoint(jwk):
        raise TokenRefused("The proof carries a private key.")
    members = tuple((name, value) for name, value in jwk.items() if name in _KEY_MEMBERS)
    if not all(isinstance(value, str) for _, value in members):
        raise TokenRefused("The key of the proof cannot be read.")
    try:
        return _imported(members)
    except KeyRefused as refused:
        raise TokenRefused("The key of the proof cannot be used.", detail=str(refused)) from refused


_KEY_MEMBERS = frozenset({"kty", "crv", "x", "y", "n", "e", "alg", "use"})


@lru_cache(maxsize=512)
def _imported(members: tuple[tuple[str, str], ...]) -> VerificationKey:
    """Remembered because importing costs as much as verifying, and a proof key serves several requests."""
    return VerificationKey.of_jwk(dict(members))

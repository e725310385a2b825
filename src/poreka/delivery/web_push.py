"""Web Push: an encrypted message to a phone's browser, through the push service that its browser named.

RFC 8291 (encryption, with the one record of RFC 8188), RFC 8292 (VAPID: who sends) and RFC 8030 (the request). The push
service learns when a message goes to which subscription, and nothing of what it says; and what it says is only that a
request waits. Nothing is sent twice for one request that still waits: `Topic`. Who sends:
`systems/mobywatel/push_sender.py`.
"""

import hmac
from typing import Annotated, Any
from urllib.parse import urlsplit

import msgspec
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF, HKDFExpand
from joserfc.jwk import ECKey

from poreka.oidc.jose import decode_segment, encode_segment, sign_without_key_name
from poreka.oidc.keys import SigningKey
from poreka.oidc.relying_party.exchange import Outgoing

RECORD = 4096
CURVE = ec.SECP256R1()
PROOF_SECONDS = 12 * 3600  # RFC 8292 §2: at most 24 hours
LARGEST = 2048


class NotASubscription(Exception):
    """What a browser sent cannot be a subscription."""


class _Keys(msgspec.Struct, frozen=True, kw_only=True):
    p256dh: Annotated[str, msgspec.Meta(max_length=100)]
    auth: Annotated[str, msgspec.Meta(max_length=32)]


class Subscription(msgspec.Struct, frozen=True, kw_only=True):
    """Where a browser is reached, and the keys for it, as `PushSubscription.toJSON` gives them (Push API §8)."""

    endpoint: Annotated[str, msgspec.Meta(max_length=LARGEST)]
    keys: _Keys

    def __repr__(self) -> str:
        """Whoever has an endpoint may write to it."""
        return "Subscription(…)"


def read_subscription(text: bytes | str) -> Subscription:
    """A subscription whose keys are keys; raises `NotASubscription`. Where it leads is looked at when it is used."""
    try:
        found = msgspec.json.decode(text, type=Subscription)
        _point(_raw(found.keys.p256dh))
        if len(_raw(found.keys.auth)) != 16 or urlsplit(found.endpoint).scheme not in ("https", "http"):
            raise NotASubscription("keys or address")
    except (msgspec.DecodeError, RecursionError, ValueError) as fault:
        raise NotASubscription(type(fault).__name__) from fault
    return found


def sender_key(secret: bytes) -> SigningKey:
    """The sender's own key (RFC 8292), made of the system's secret: the same in every process, and stored nowhere."""
    drawn = hmac.digest(secret, b"web push sender", "sha512")
    key = ec.derive_private_key(int.from_bytes(drawn) % (CURVE.group_order - 1) + 1, CURVE)
    return SigningKey.of_jwk(ECKey.import_key(key).as_dict(private=True))


def public_text(key: SigningKey) -> str:
    """The public half, as `applicationServerKey` and `k` take it: the point, uncompressed (RFC 8292 §3.2)."""
    return encode_segment(b"\x04" + _raw(key.jwk["x"]) + _raw(key.jwk["y"])).decode()


def encrypted(plain: bytes, subscription: Subscription, ephemeral: ec.EllipticCurvePrivateKey, salt: bytes) -> bytes:
    """The body (RFC 8291 §3.4, RFC 8188 §2.1): header and the one, last record; `salt` is 16 fresh bytes."""
    theirs, ours = _raw(subscription.keys.p256dh), _public(ephemeral)
    shared = ephemeral.exchange(ec.ECDH(), _point(theirs))
    about = b"WebPush: info\0" + theirs + ours
    secret = HKDF(hashes.SHA256(), 32, salt=_raw(subscription.keys.auth), info=about).derive(shared)
    mixed = hmac.digest(salt, secret, "sha256")
    key = HKDFExpand(hashes.SHA256(), 16, b"Content-Encoding: aes128gcm\0").derive(mixed)
    nonce = HKDFExpand(hashes.SHA256(), 12, b"Content-Encoding: nonce\0").derive(mixed)
    header = salt + RECORD.to_bytes(4) + bytes([len(ours)]) + ours
    return header + AESGCM(key).encrypt(nonce, plain + b"\x02", None)


def authorization(endpoint: str, key: SigningKey, contact: str, now: int) -> str:
    """The header that says who sends (RFC 8292 §3): a JWT for the push service's origin, and our key."""
    parts = urlsplit(endpoint)
    claims: dict[str, Any] = {"aud": f"{parts.scheme}://{parts.netloc}", "exp": now + PROOF_SECONDS}
    if contact:
        claims["sub"] = contact
    return f"vapid t={sign_without_key_name(claims, key)}, k={public_text(key)}"


def push_request(subscription: Subscription, body: bytes, proof: str, *, seconds: int, topic: str) -> Outgoing:
    """The request to the push service (RFC 8030 §5): for so long, urgent, in place of an earlier one of this topic."""
    headers = {
        "authorization": proof,
        "content-type": "application/octet-stream",
        "content-encoding": "aes128gcm",
        "ttl": str(seconds),
        "urgency": "high",
        "topic": topic[:32],
    }
    return Outgoing(method="POST", url=subscription.endpoint, headers=headers, body=body)


def _point(raw: bytes) -> ec.EllipticCurvePublicKey:
    return ec.EllipticCurvePublicKey.from_encoded_point(CURVE, raw)


def _public(key: ec.EllipticCurvePrivateKey) -> bytes:
    form, encoding = serialization.PublicFormat.UncompressedPoint, serialization.Encoding.X962
    return key.public_key().public_bytes(encoding, form)


def _raw(text: str) -> bytes:
    return decode_segment(text.encode("ascii"))

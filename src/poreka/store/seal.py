"""Encryption at rest: what a thief of the database file must not read.

`Seal` encrypts with AES-256-GCM under a key derived for one purpose (HKDF, RFC 5869), bound to a
context so that a value cannot be moved to another row or column; `index` is the keyed blind index
by which an encrypted PESEL is looked up. Keys come from the system's secrets file and are named,
so that a new one can be put in front while the old ones still open what they sealed.
"""

import hmac
from collections.abc import Mapping

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_NONCE_BYTES = 12


class CannotUnseal(Exception):
    """A sealed value was changed, moved, or sealed with a key this system does not have."""


def derive(secret: bytes, purpose: str) -> bytes:
    """A 32-byte key for one purpose from a system's secret."""
    return HKDF(hashes.SHA256(), 32, salt=None, info=b"poreka " + purpose.encode()).derive(secret)


class Seal:
    """Seals and unseals values; `secrets` maps a key number (0–255) to its secret, the highest is used."""

    def __init__(self, secrets: Mapping[int, bytes]) -> None:
        self._ciphers = {number: AESGCM(derive(secret, "sealing")) for number, secret in secrets.items()}
        self._current = max(secrets)
        # The index key must not change with the sealing key, or no one would be found: the lowest is kept.
        self._index_key = derive(secrets[min(secrets)], "blind index")

    def seal(self, value: bytes, context: str, nonce: bytes) -> bytes:
        """Encrypt `value`; `nonce` is 12 fresh random bytes; `context` names the column and row."""
        if len(nonce) != _NONCE_BYTES:
            raise ValueError("a nonce has 12 bytes")
        sealed = self._ciphers[self._current].encrypt(nonce, value, context.encode())
        return bytes([self._current]) + nonce + sealed

    def unseal(self, sealed: bytes, context: str) -> bytes:
        """Decrypt; raises `CannotUnseal`."""
        cipher = self._ciphers.get(sealed[0]) if sealed else None
        if cipher is None:
            raise CannotUnseal("sealed with an unknown key")
        try:
            return cipher.decrypt(sealed[1 : 1 + _NONCE_BYTES], sealed[1 + _NONCE_BYTES :], context.encode())
        except (InvalidTag, ValueError) as error:
            raise CannotUnseal("the sealed value does not belong here") from error

    def index(self, value: str, purpose: str) -> bytes:
        """The blind index of `value`: equal values have equal indexes, which tell nothing without the key."""
        return hmac.digest(self._index_key, f"{purpose}\0{value}".encode(), "sha256")

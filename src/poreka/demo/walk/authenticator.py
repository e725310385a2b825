"""A phone's authenticator in software: makes keys and signs with them as WebAuthn says, for the walk and for tests.

ES256, attestation none, user verification as told. It does what an honest phone does; what a dishonest one could do, a
test does with its `Signed` parts. Nothing of the server's side is used here: what is checked there is written twice.
"""

import base64
import hashlib
import json
import os
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

PRESENT, VERIFIED, MAY_SYNC, SYNCED, ATTESTED = 0x01, 0x04, 0x08, 0x10, 0x40


def text_of(raw: bytes) -> str:
    """Base64url without padding."""
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def challenge_for(token: str, number: str = "") -> bytes:
    """As the page's script makes it: SHA-256 over the token, a line feed and the number."""
    return hashlib.sha256(f"{token}\n{number}".encode()).digest()


@dataclass
class Authenticator:
    """One phone with one key for one origin; `handle`: what it was told of the key's owner; `syncs`: the key is copied
    to the owner's other devices, and counts nothing."""

    origin: str
    verifies: bool = True
    syncs: bool = False
    handle: str = ""
    uses: int = 0
    private: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    key_id: bytes = field(default_factory=lambda: os.urandom(16))

    @property
    def public_key(self) -> bytes:
        """The public half as COSE has it (RFC 9052 §7, ES256)."""
        numbers = self.private.public_key().public_numbers()
        x, y = numbers.x.to_bytes(32), numbers.y.to_bytes(32)
        return b"\xa5\x01\x02\x03\x26\x20\x01\x21\x58\x20" + x + b"\x22\x58\x20" + y

    def create(self, challenge: bytes, origin: str | None = None) -> str:
        """What `navigator.credentials.create` gives, as JSON."""
        client = self._client_data("webauthn.create", challenge, origin)
        attested = bytes(16) + len(self.key_id).to_bytes(2) + self.key_id + self.public_key
        data = self._data(ATTESTED) + attested
        statement = b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x58" + bytes([len(data)]) + data
        return self._credential({"clientDataJSON": text_of(client), "attestationObject": text_of(statement)})

    def get(self, challenge: bytes, origin: str | None = None) -> str:
        """What `navigator.credentials.get` gives, as JSON."""
        self.uses += not self.syncs
        client, data = self._client_data("webauthn.get", challenge, origin), self._data(0)
        signature = self.private.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        response = {
            "clientDataJSON": text_of(client),
            "authenticatorData": text_of(data),
            "signature": text_of(signature),
        }
        return self._credential(response | ({"userHandle": self.handle} if self.handle else {}))

    def _data(self, flags: int) -> bytes:
        host = hashlib.sha256((urlsplit(self.origin).hostname or "").encode()).digest()
        flags |= PRESENT | (VERIFIED if self.verifies else 0) | (MAY_SYNC | SYNCED if self.syncs else 0)
        return host + bytes([flags]) + self.uses.to_bytes(4)

    def _client_data(self, kind: str, challenge: bytes, origin: str | None) -> bytes:
        return json.dumps({"type": kind, "challenge": text_of(challenge), "origin": origin or self.origin}).encode()

    def _credential(self, response: dict[str, str]) -> str:
        key = text_of(self.key_id)
        return json.dumps({"id": key, "rawId": key, "type": "public-key", "response": response})

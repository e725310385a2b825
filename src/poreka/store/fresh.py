"""Fresh randomness and ids: the one place that draws them, handed to whoever needs some.

Ids sort by the time they were made (48 bits of milliseconds of real time, then 80 random bits), so
that "newest first" is an order by id. Secrets have 256 bits. Not for codes that people type:
those are drawn by `digits`.
"""

import base64
import hashlib
import secrets
import time

ID_LENGTH = 26  # characters


class Fresh:
    """The operating system's randomness."""

    def id(self) -> str:
        """A new id: 26 hexadecimal-like characters, unique and ordered by time."""
        moment = time.time_ns() // 1_000_000
        drawn = moment.to_bytes(6, "big") + secrets.token_bytes(10)
        return base64.b32hexencode(drawn).decode().rstrip("=").lower()

    def secret(self) -> str:
        """A secret of 256 bits, URL-safe: for cookies, codes, tokens, state and nonce."""
        return secrets.token_urlsafe(32)

    def bytes(self, count: int) -> bytes:
        """Random bytes: nonces and seeds."""
        return secrets.token_bytes(count)

    def digits(self, count: int) -> str:
        """Decimal digits that a person will type, each equally likely."""
        return f"{secrets.randbelow(10**count):0{count}}"


def secret_hash(secret: str) -> bytes:
    """SHA-256 of a 256-bit secret: all that is stored of it (a keyed hash is for short codes)."""
    # "replace": what a stranger sends as a secret may hold lone surrogates, and is then simply not found.
    return hashlib.sha256(secret.encode("utf-8", "replace")).digest()

"""What a phone's key signs: a challenge bound to one purpose, one browser and, for an approval, the typed number.

The page is given a token: when it ends, a random part, and a keyed hash over both and over what it is for. The
script hashes the token together with the number into the challenge of the assertion (WebAuthn Level 3 §5.8.1), so
that the signature covers the number as the person typed it. The token of an approval holds the hash of the words that
the page shows, so that the signature covers what was seen, and counts for nothing else. Nothing is stored until the
token is used; that it is used once is `store/used_once.py`.
"""

import hashlib
import hmac

import msgspec

LIFE = 5 * 60


class Bound(msgspec.Struct, frozen=True, kw_only=True):
    """A token that is ours, for this purpose and browser, in time."""

    token: str
    expires_at: int

    def challenge(self, number: str = "") -> bytes:
        """What the assertion's client data must hold."""
        return challenge_of(self.token, number)


def make_token(key: bytes, purpose: str, browser: str, *, drawn: str, expires_at: int, words: str = "") -> str:
    """A token for one purpose in one browser; `drawn` is fresh randomness, `words` are what the page shows."""
    drawn += _mark_of(words)
    return f"{expires_at}.{drawn}.{_seal(key, purpose, browser, drawn, expires_at)}"


def read_token(key: bytes, token: str, purpose: str, browser: str, now: int, words: str = "") -> Bound | None:
    """The token, if it is one of ours for exactly this, with exactly these words shown, and in time."""
    parts = token.split(".")
    if len(parts) != 3 or not (parts[0].isascii() and parts[0].isdigit()) or len(parts[0]) > 12:
        return None
    expires_at = int(parts[0])
    if not parts[1].endswith(_mark_of(words)) or ("~" in parts[1]) != bool(words):
        return None
    right = _seal(key, purpose, browser, parts[1], expires_at)
    if not hmac.compare_digest(parts[2].encode("utf-8", "replace"), right.encode()) or now >= expires_at:
        return None
    return Bound(token=token, expires_at=expires_at)


def challenge_of(token: str, number: str) -> bytes:
    """The challenge as the page's script computes it: SHA-256 over the token, a line feed, and the number."""
    return hashlib.sha256(f"{token}\n{number}".encode()).digest()


def _mark_of(words: str) -> str:
    """What stands in the token for the words: anyone who has them can check it."""
    return "~" + hashlib.sha256(words.encode()).hexdigest() if words else ""


def _seal(key: bytes, purpose: str, browser: str, drawn: str, expires_at: int) -> str:
    about = "\0".join(("challenge", purpose, browser, drawn, str(expires_at)))
    return hmac.digest(key, about.encode("utf-8", "replace"), "sha256").hex()

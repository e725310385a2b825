"""Proof Key for Code Exchange, method ``S256`` only (RFC 7636, RFC 9700 §2.1.1).

``plain`` does not exist here: it protects from nothing that can read the request. The verifier is a fresh
secret of the caller. Read next: ``provider.token_request`` or ``relying_party``.
"""

import hashlib
import hmac
import re

from poreka.oidc.errors import Fault
from poreka.oidc.jose import encode_segment

_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")
_VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}")


class PkceRefused(Fault):
    """The challenge or the verifier is not right; the caller decides where that is told."""


def challenge_of(verifier: str) -> str:
    """The ``S256`` challenge of a verifier (RFC 7636 §4.2)."""
    return encode_segment(hashlib.sha256(verifier.encode()).digest()).decode()


def check_challenge(challenge: str | None, method: str | None) -> str:
    """The request has a challenge, made by ``S256``; returns it (RFC 7636 §4.3–4.4.1)."""
    if challenge is None:
        raise PkceRefused("The parameter code_challenge is missing.")
    if method != "S256":
        raise PkceRefused("The parameter code_challenge_method must be S256.")
    if not _CHALLENGE.fullmatch(challenge):
        raise PkceRefused("The parameter code_challenge is not an S256 challenge.")
    return challenge


def check_verifier(verifier: str | None, challenge: str | None) -> None:
    """The verifier is the one the challenge was made of (RFC 7636 §4.6).

    A verifier without a challenge is refused too: it is a sign of a downgraded request (RFC 9700 §4.8.2).
    """
    if challenge is None:
        if verifier is not None:
            raise PkceRefused("The code was asked for without a code_challenge.")
        return
    if verifier is None or not _VERIFIER.fullmatch(verifier):
        raise PkceRefused("The parameter code_verifier is missing or malformed.")
    if not hmac.compare_digest(challenge_of(verifier), challenge):
        raise PkceRefused("The code_verifier does not match the code_challenge.")

"""A provider's ping that a person whom it asked has answered (OpenID CIBA Core 1.0, section 10.2).

The bearer token is ours: a number of its own for each question, and the proof that we drew it, so nothing needs to be
remembered until the ping comes. The ping says only that it is worth asking; what the answer is, we fetch ourselves.
"""

import hashlib
import hmac
from typing import Any

from poreka.oidc.errors import AnsweredAsJson, TokenRefused
from poreka.oidc.jwt_claims import text

LONGEST_ID = 256
NONCE = 32  # hexadecimal characters; the proof, which is all the rest, has 64


def notification_token(key: bytes, nonce: str) -> str:
    """The ``client_notification_token`` of a question; `nonce` is fresh, 32 hexadecimal characters."""
    return nonce + _proof(key, nonce)


def check_notifier(key: bytes, authorization: str) -> None:
    """The ping carries a token of ours, compared in constant time; raises ``AnsweredAsJson``."""
    scheme, _, token = authorization.partition(" ")
    nonce, proof = token[:NONCE], token[NONCE:]
    is_ours = hmac.compare_digest(_proof(key, nonce).encode(), proof.encode("utf-8", "replace"))
    if not is_ours or scheme.lower() != "bearer":
        headers = {"www-authenticate": 'Bearer error="invalid_token"', "cache-control": "no-store"}
        raise AnsweredAsJson("invalid_token", "Nobody whom we asked has this token.", status=401, headers=headers)


def request_told_of(members: dict[str, Any]) -> str:
    """The ``auth_req_id`` of the question that was answered; other members are for other modes, and ignored."""
    try:
        return text(members, "auth_req_id", LONGEST_ID)
    except TokenRefused as fault:
        raise AnsweredAsJson("invalid_request", "There must be one auth_req_id.", detail=fault.description) from fault


def _proof(key: bytes, nonce: str) -> str:
    return hmac.digest(key, b"client-notification\0" + nonce.encode("utf-8", "replace"), hashlib.sha256).hex()

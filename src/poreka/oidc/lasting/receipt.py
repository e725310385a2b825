"""A consent receipt as a signed JWT, and believing one long after its key was retired.

The receipt itself is a JSON object that this module does not look into (`provider.rules.consent_receipt`). How its key
is found and judged: ``lasting_signature``.
"""

from collections.abc import Mapping
from typing import Any

import msgspec

from poreka.oidc.errors import TokenRefused
from poreka.oidc.jose import sign
from poreka.oidc.keys import SigningKey
from poreka.oidc.lasting.signature import verify_lasting

RECEIPT_TYPE = "consent-receipt+jwt"


class SignedReceipt(msgspec.Struct, frozen=True, kw_only=True):
    """A receipt whose signature was verified: who signed it, when, and what it says."""

    issuer: str
    signed_at: int
    receipt_id: str
    kid: str
    receipt: dict[str, Any]


class _Claims(msgspec.Struct, frozen=True):
    iss: str
    iat: int
    jti: str
    consent_receipt: dict[str, Any]


def sign_receipt(receipt: Mapping[str, Any], key: SigningKey, *, issuer: str, receipt_id: str, now: int) -> str:
    """A signed receipt. It does not expire: it tells what was so when it was signed."""
    claims = {"iss": issuer, "iat": now, "jti": receipt_id, "consent_receipt": receipt}
    return sign(claims, key, RECEIPT_TYPE)


def verify_receipt(token: str, jwks: Mapping[str, Any]) -> SignedReceipt:
    """A receipt signed by a key of this set while that key was in use; raises ``TokenRefused``."""
    believed = verify_lasting(token, jwks, RECEIPT_TYPE, "receipt")
    try:
        said = msgspec.convert(believed.claims, _Claims)
    except msgspec.ValidationError as broken:
        raise TokenRefused("The receipt does not say what a receipt must say.", detail=str(broken)) from broken
    return SignedReceipt(
        issuer=said.iss, signed_at=said.iat, receipt_id=said.jti, kid=believed.kid, receipt=said.consent_receipt
    )

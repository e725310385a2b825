"""A consent receipt verified by anyone who has it, by the keys of the bank that signed it.

What it says is read in `receipt_lines.py`.
"""

from poreka.oidc.lasting.receipt import SignedReceipt, verify_receipt
from poreka.oidc.lasting.signature import claimed_issuer
from poreka.provider.issuer_keys import KeysOf, OtherIssuer, fetched_keys


async def verified_receipt(token: str, issuer: str | None = None, keys_of: KeysOf = fetched_keys) -> SignedReceipt:
    """The receipt, of this issuer or of the one that it names; raises `TokenRefused`, `OtherIssuer`, and what
    `keys_of` raises."""
    expected = issuer.rstrip("/") if issuer else claimed_issuer(token)
    found = verify_receipt(token, await keys_of(expected))
    if issuer and found.issuer != expected:
        raise OtherIssuer
    return found

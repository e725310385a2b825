"""`poreka receipt`: who gave what to whom and when, and whether the bank's signature says so.

It needs no settings file and no database: anyone may verify a receipt. Keys come from the issuer, over https, or
from a file. What makes a receipt valid is `oidc/provider/signed_receipt.py`.
"""

import asyncio
from pathlib import Path
from typing import Any

import msgspec

from poreka.cli.ending import WRONG_USAGE, stop
from poreka.cli.faults import Failed, explained
from poreka.cli.lasting_keys import fetched_keys, keys_in, printable, small_text
from poreka.oidc.errors import TokenRefused
from poreka.oidc.provider.lasting_signature import claimed_issuer
from poreka.oidc.provider.signed_receipt import SignedReceipt, verify_receipt
from poreka.rules.consent_receipt import Receipt
from poreka.rules.warsaw_time import warsaw_moment


def verify_receipt_file(file: Path, /, *, issuer: str | None = None, jwks: Path | None = None) -> None:
    """Verify a consent receipt that a bank's customer downloaded.

    Without options the keys are fetched from the bank that the receipt names: see that it is the one you mean.

    Parameters
    ----------
    file
        The receipt.
    issuer
        The bank's address, which the receipt must be from.
    jwks
        File with the bank's receipt keys (a JWK Set), instead of fetching them.
    """
    if issuer is not None and jwks is not None:
        stop("--issuer and --jwks do not go together: the one fetches the keys, the other is them", WRONG_USAGE)
    with explained(file):
        token = small_text(file).strip()
        try:
            expected = issuer.rstrip("/") if issuer else claimed_issuer(token)
            found = verify_receipt(token, keys_in(jwks) if jwks else asyncio.run(fetched_keys(expected)))
        except TokenRefused as refused:
            raise Failed(f"NOT VALID: {refused.description}") from None
        if issuer and found.issuer != expected:
            raise Failed("NOT VALID: The receipt is from another bank.")
        told = told_of(found)
    print("\n".join(told))


def told_of(found: SignedReceipt) -> list[str]:
    """A verified receipt, line by line; raises `Failed` when it is none of ours."""
    try:
        receipt = msgspec.convert(found.receipt, Receipt)
        purpose, (bank, service), given, ended = _parts(receipt)
    except (msgspec.ValidationError, ValueError, IndexError) as fault:
        raise Failed(f"NOT VALID: the signature is right, but this is no consent receipt ({fault})") from None
    signed_at = warsaw_moment(found.signed_at).strftime("%Y-%m-%d %H:%M:%S")
    rows = [
        ("valid", f"signed by {found.issuer}"),
        ("made", f"{signed_at} Polish time, key {found.kid}"),
        ("who", f"{receipt.pii_principal_id} (so {service.party_name} knows the person)"),
        ("gave", ", ".join(one.pii_type for one in purpose.pii_information)),
        ("from", f"{bank.party_name}, {bank.party_id}"),
        ("to", f"{service.party_name} ({service.party_id})"),
        ("what for", purpose.purpose),
        ("given", f"{given.event_time}{f', operation {given.operation}' if given.operation else ''}"),
        ("then", f"{ended.event_state} {ended.event_time}" if ended else "in force when the receipt was made"),
        ("text", f"version {receipt.privacy_notice.version}"),
        *(("", sentence) for sentence in receipt.privacy_notice.text),
    ]
    return [printable(f"{name:<10}{text}") for name, text in rows]


def _parts(receipt: Receipt) -> tuple[Any, Any, Any, Any]:
    bank, service = receipt.party_identification
    return receipt.purposes[0], (bank, service), receipt.event[0], receipt.event[-1] if receipt.event[1:] else None

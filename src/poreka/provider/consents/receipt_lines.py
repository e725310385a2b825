"""A verified consent receipt as lines that a person reads: who gave what to whom, when, and in which words.

The signature was verified before (`oidc/lasting/receipt.py`). What the lines say was written by whoever signed:
whoever prints them sees to the terminal.
"""

from typing import Any

import msgspec

from poreka.oidc.lasting.receipt import SignedReceipt
from poreka.provider.rules.consent_receipt import Receipt
from poreka.rules.warsaw_time import warsaw_moment


class NoReceipt(Exception):
    """What was signed is no consent receipt of ours."""


def receipt_lines(found: SignedReceipt) -> list[str]:
    """A verified receipt, line by line; raises `NoReceipt`."""
    try:
        receipt = msgspec.convert(found.receipt, Receipt)
        purpose, (bank, service), given, ended = _parts(receipt)
    except (msgspec.ValidationError, ValueError, IndexError) as fault:
        raise NoReceipt(f"the signature is right, but this is no consent receipt ({fault})") from None
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
    return [f"{name:<10}{text}" for name, text in rows]


def _parts(receipt: Receipt) -> tuple[Any, Any, Any, Any]:
    bank, service = receipt.party_identification
    return receipt.purposes[0], (bank, service), receipt.event[0], receipt.event[-1] if receipt.event[1:] else None

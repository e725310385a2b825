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
from poreka.oidc.errors import TokenRefused
from poreka.oidc.provider.lasting_signature import claimed_issuer
from poreka.oidc.provider.signed_receipt import SignedReceipt, verify_receipt
from poreka.rules.consent_receipt import Receipt
from poreka.rules.warsaw_time import warsaw_moment
from poreka.settings import is_loopback
from poreka.web.back_channel import BackChannel, PeerFault, Reach

LARGEST_FILE = 512 * 1024
KEYS_AT = "/receipt-keys"


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
        token = _read(file).strip()
        try:
            expected = issuer.rstrip("/") if issuer else claimed_issuer(token)
            found = verify_receipt(token, _keys_in(jwks) if jwks else asyncio.run(_fetched(expected)))
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


def printable(text: str) -> str:
    """What a terminal may be given: whoever wrote the receipt wrote the text."""
    return "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in text)


def _parts(receipt: Receipt) -> tuple[Any, Any, Any, Any]:
    bank, service = receipt.party_identification
    return receipt.purposes[0], (bank, service), receipt.event[0], receipt.event[-1] if receipt.event[1:] else None


def _read(file: Path) -> str:
    """A small text file; raises `Failed`, `OSError`."""
    with file.open("rb") as opened:
        content = opened.read(LARGEST_FILE + 1)
    if len(content) > LARGEST_FILE:
        raise Failed("is too large for what it should be")
    return content.decode("ascii", "replace")


def _keys_in(file: Path) -> dict[str, Any]:
    with explained(file):
        return _jwk_set(_read(file).encode())


async def _fetched(issuer: str) -> dict[str, Any]:
    """The issuer's receipt keys: over https, or over plain http from this machine (the demonstration)."""
    at_home = is_loopback(issuer)
    reach = Reach(allow_http=at_home, localhost_names=at_home)
    address = f"{issuer}{KEYS_AT}"
    try:
        async with BackChannel(reach) as channel:
            answer = await channel.get(address)
    except PeerFault as fault:
        raise Failed(f"the keys at {printable(address)} cannot be fetched ({fault})") from None
    if answer.status != 200:
        raise Failed(f"the keys at {printable(address)} cannot be fetched (answer {answer.status})")
    return _jwk_set(answer.body)


def _jwk_set(content: bytes) -> dict[str, Any]:
    try:
        return msgspec.json.decode(content, type=dict[str, Any])
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise Failed("the keys are not a JWK Set") from None

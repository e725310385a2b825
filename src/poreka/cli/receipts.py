"""`poreka receipt`: who gave what to whom and when, and whether the bank's signature says so.

It needs no settings file and no database: anyone may verify a receipt. Keys come from the issuer, over https, or
from a file. What makes a receipt valid is `oidc/lasting/receipt.py`.
"""

import asyncio
from pathlib import Path

from poreka.cli.ending import WRONG_USAGE, stop
from poreka.cli.faults import explained
from poreka.cli.lasting_keys import keys_from, printable, small_text
from poreka.oidc.errors import TokenRefused
from poreka.provider.consents.receipt_lines import NoReceipt, receipt_lines
from poreka.provider.consents.verifying import verified_receipt
from poreka.provider.issuer_keys import OtherIssuer
from poreka.running.failed import Failed


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
            found = asyncio.run(verified_receipt(token, issuer, keys_from(jwks)))
        except TokenRefused as refused:
            raise Failed(f"NOT VALID: {refused.description}") from None
        except OtherIssuer:
            raise Failed("NOT VALID: The receipt is from another bank.") from None
        try:
            told = receipt_lines(found)
        except NoReceipt as fault:
            raise Failed(f"NOT VALID: {fault}") from None
    print("\n".join(printable(line) for line in told))

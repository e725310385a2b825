"""`poreka receipt`: who gave what to whom and when, and whether the bank's signature says so.

It needs no settings file and no database: anyone may verify a receipt. Keys come from the issuer, over https, or
from a file. What makes a receipt valid is `oidc/lasting/receipt.py`.
"""

import asyncio
from pathlib import Path

from poreka.cli.ending import WRONG_USAGE, stop
from poreka.cli.faults import explained
from poreka.cli.lasting_keys import fetched_keys, keys_in, printable, small_text
from poreka.oidc.errors import TokenRefused
from poreka.oidc.lasting.receipt import verify_receipt
from poreka.oidc.lasting.signature import claimed_issuer
from poreka.provider.consents.receipt_lines import NoReceipt, receipt_lines
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
            expected = issuer.rstrip("/") if issuer else claimed_issuer(token)
            found = verify_receipt(token, keys_in(jwks) if jwks else asyncio.run(fetched_keys(expected)))
        except TokenRefused as refused:
            raise Failed(f"NOT VALID: {refused.description}") from None
        if issuer and found.issuer != expected:
            raise Failed("NOT VALID: The receipt is from another bank.")
        try:
            told = receipt_lines(found)
        except NoReceipt as fault:
            raise Failed(f"NOT VALID: {fault}") from None
    print("\n".join(printable(line) for line in told))

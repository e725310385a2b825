"""`poreka signature`: who signed which document with a trusted profile, and whether the statement says so truly.

It needs no settings file and no database: anyone may verify a statement, offline too. With the document at hand its
hash is compared. What makes a statement valid is `oidc/lasting/statement.py`.
"""

import asyncio
from pathlib import Path

from poreka.cli.ending import WRONG_USAGE, stop
from poreka.cli.faults import explained
from poreka.cli.lasting_keys import keys_from, printable, small_text
from poreka.oidc.errors import TokenRefused
from poreka.oidc.lasting.statement import VerifiedStatement
from poreka.oidc.trusted_signature import readable_hash
from poreka.provider.issuer_keys import OtherIssuer
from poreka.rules.warsaw_time import warsaw_moment
from poreka.running.failed import Failed
from poreka.systems.trusted_profile.signature.by_anyone import OtherDocument, check_document, verified_statement

LARGEST_DOCUMENT = 64 * 1024 * 1024


def verify_signature_file(
    file: Path, /, *, document: Path | None = None, issuer: str | None = None, jwks: Path | None = None
) -> None:
    """Verify a statement of a signature with a trusted profile.

    Without --issuer and --jwks the keys are fetched from whom the statement names: see that it is the one you mean.

    Parameters
    ----------
    file
        The statement.
    document
        The document that is said to be signed; its hash is compared.
    issuer
        The trusted profile's address, which the statement must be from.
    jwks
        File with the trusted profile's lasting keys (a JWK Set), instead of fetching them.
    """
    if issuer is not None and jwks is not None:
        stop("--issuer and --jwks do not go together: the one fetches the keys, the other is them", WRONG_USAGE)
    with explained(file):
        token = small_text(file).strip()
        try:
            found = asyncio.run(verified_statement(token, issuer, keys_from(jwks)))
        except TokenRefused as refused:
            raise Failed(f"NOT VALID: {refused.description}") from None
        except OtherIssuer:
            raise Failed("NOT VALID: The statement is from another issuer.") from None
    same = _compare(found, document) if document else ""
    print("\n".join(told_of(found, same)))


def told_of(found: VerifiedStatement, compared: str) -> list[str]:
    """A verified statement, line by line."""
    said = found.statement
    rows = [
        ("valid", f"signed by {said.iss}, key {found.kid}"),
        ("who", f"{said.person.given_name} {said.person.family_name}, PESEL {said.person.pesel}"),
        ("signed", said.summary),
        ("document", said.document_name),
        ("sha-256", readable_hash(said.document_hash)),
        *([("compared", compared)] if compared else []),
        ("when", f"{warsaw_moment(said.iat):%Y-%m-%d %H:%M:%S} Polish time"),
        ("by", f"operation {said.operation.number} of {said.operation.date}, {said.operation.tool}; {said.acr}"),
        ("for", f"{said.client.name} ({said.client.client_id})"),
        ("number", said.jti),
    ]
    return [printable(f"{name:<10}{text}") for name, text in rows]


def _compare(found: VerifiedStatement, document: Path) -> str:
    with explained(document):
        with document.open("rb") as opened:
            content = opened.read(LARGEST_DOCUMENT + 1)
        if len(content) > LARGEST_DOCUMENT:
            raise Failed("is too large to be compared")
        try:
            check_document(found, content)
        except OtherDocument:
            raise Failed("NOT VALID: the statement is true, but it is about another document") from None
    return "this is the document that was signed"

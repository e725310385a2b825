"""The statement of a signature verified by anyone who has it, by the keys of the trusted profile that made it.

Whether a document is the one that was signed is told by its hash alone.
"""

from poreka.oidc.lasting.signature import claimed_issuer
from poreka.oidc.lasting.statement import VerifiedStatement, verify_statement
from poreka.oidc.trusted_signature import document_hash
from poreka.provider.issuer_keys import KeysOf, OtherIssuer, fetched_keys


class OtherDocument(Exception):
    """The statement is true, and about another document."""


async def verified_statement(
    token: str, issuer: str | None = None, keys_of: KeysOf = fetched_keys
) -> VerifiedStatement:
    """The statement, of this issuer or of the one that it names; raises `TokenRefused`, `OtherIssuer`, and what
    `keys_of` raises."""
    expected = issuer.rstrip("/") if issuer else claimed_issuer(token, "statement")
    found = verify_statement(token, await keys_of(expected))
    if issuer and found.statement.iss != expected:
        raise OtherIssuer
    return found


def check_document(found: VerifiedStatement, content: bytes) -> None:
    """Raise `OtherDocument` unless this is what was signed."""
    if document_hash(content) != found.statement.document_hash:
        raise OtherDocument

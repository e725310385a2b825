"""A statement that a person signed a document, as a JWS that anyone can verify for as long as its keys are listed.

What it says is ``trusted_signature.Statement``. It does not expire: it tells what was so when it was made. How its key
is found and judged, long after it was retired: ``lasting_signature``.
"""

from collections.abc import Mapping
from typing import Any

import msgspec

from poreka.oidc.jose import sign
from poreka.oidc.keys import SigningKey
from poreka.oidc.lasting.signature import verify_lasting
from poreka.oidc.trusted_signature import STATEMENT_TYPE, Statement, read_statement


class VerifiedStatement(msgspec.Struct, frozen=True):
    """A statement whose signature was verified, and the name of the key that made it."""

    statement: Statement
    kid: str


def sign_statement(statement: Statement, key: SigningKey) -> str:
    """The statement, signed."""
    claims: dict[str, Any] = msgspec.to_builtins(statement)
    return sign(claims, key, STATEMENT_TYPE)


def verify_statement(token: str, jwks: Mapping[str, Any]) -> VerifiedStatement:
    """A statement signed by a key of this set while that key was in use; raises ``TokenRefused``."""
    believed = verify_lasting(token, jwks, STATEMENT_TYPE, "statement")
    return VerifiedStatement(read_statement(believed.claims), believed.kid)

"""The statement of a signature is verified by anyone, and a document compared with it: without the command line."""

from typing import Any

import pytest

from poreka.oidc.errors import TokenRefused
from poreka.oidc.lasting.statement import sign_statement
from poreka.provider.issuer_keys import OtherIssuer
from poreka.systems.trusted_profile.signature.by_anyone import OtherDocument, check_document, verified_statement
from tests.cli.test_signatures import DOCUMENT, ISSUER, statement
from tests.support.relying_client import new_key

KEY = new_key()


async def keys_of(_: str) -> dict[str, Any]:
    return {"keys": [KEY.public_jwk]}


async def test_a_true_statement_is_told_and_the_document_that_was_signed_fits_it() -> None:
    found = await verified_statement(sign_statement(statement(), KEY), ISSUER, keys_of)
    assert found.statement == statement()
    check_document(found, DOCUMENT)
    with pytest.raises(OtherDocument):
        check_document(found, b"another document")


async def test_another_issuer_and_another_key_are_refused() -> None:
    with pytest.raises(OtherIssuer):
        await verified_statement(sign_statement(statement(), KEY), "https://other.example", keys_of)
    with pytest.raises(TokenRefused):
        await verified_statement(sign_statement(statement(), new_key()), keys_of=keys_of)

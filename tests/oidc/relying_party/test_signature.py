"""A statement is believed for what was asked, from whom it was asked, for us, just now."""

import msgspec
import pytest

from poreka.oidc import jose
from poreka.oidc.errors import KeyUnknown
from poreka.oidc.keys import KeySet
from poreka.oidc.lasting.statement import sign_statement
from poreka.oidc.relying_party.faults import ProviderFault
from poreka.oidc.relying_party.registration import Registration
from poreka.oidc.relying_party.signature import check_signature
from poreka.oidc.trusted_signature import MadeFor, Statement, document_hash, with_statement
from tests.oidc.signing_keys import signing_key
from tests.oidc.test_trusted_signature import ASKED, STATEMENT

NOW = 1_800_000_000
KEY, OTHER = signing_key("k1"), signing_key("k2")
REGISTRATION = Registration(issuer="https://pz.example", client_id="pue", redirect_uri="https://pue.example/cb")
GOOD = msgspec.structs.replace(STATEMENT, iat=NOW)


def check(statement: Statement = GOOD, key: object = KEY) -> str:
    details = with_statement(ASKED, sign_statement(statement, key))  # type: ignore[arg-type]
    return check_signature(REGISTRATION, ASKED, details, KeySet([KEY.verification()]), NOW).statement.jti


def test_a_good_one_is_believed() -> None:
    assert check() == "1"


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "https://other.example"},
        {"client": MadeFor(client_id="other", name="x")},
        {"summary": "Inny"},
        {"document_name": "b.txt"},
        {"document_hash": document_hash(b"b")},
        {"iat": NOW - 3600},
        {"iat": NOW + 3600},
    ],
)
def test_one_about_something_else_is_not(changes: dict[str, object]) -> None:
    with pytest.raises(ProviderFault):
        check(msgspec.structs.replace(GOOD, **changes))


def test_neither_is_one_of_another_key_or_another_kind() -> None:
    with pytest.raises(KeyUnknown):
        check(key=OTHER)
    plain = with_statement(ASKED, jose.sign(msgspec.to_builtins(GOOD), KEY))
    with pytest.raises(ProviderFault):
        check_signature(REGISTRATION, ASKED, plain, KeySet([KEY.verification()]), NOW)

"""`poreka signature verify`: says who signed which document, offline too, or why a statement is not valid."""

import json
from pathlib import Path

import pytest

from poreka.oidc.keys import SigningKey
from poreka.oidc.lasting.receipt import sign_receipt
from poreka.oidc.lasting.statement import sign_statement
from poreka.oidc.trusted_signature import MadeFor, OperationNamed, Signatory, Statement, document_hash
from tests.cli.conftest import Ended, Run
from tests.support.relying_client import new_key

NOW = 1_800_000_000
ISSUER = "https://pz.example"
DOCUMENT = b"a document"


@pytest.fixture
def key() -> SigningKey:
    return new_key()


@pytest.fixture
def keys(tmp_path: Path, key: SigningKey) -> Path:
    file = tmp_path / "keys.json"
    file.write_text(json.dumps({"keys": [key.public_jwk]}))
    return file


@pytest.fixture
def document(tmp_path: Path) -> Path:
    file = tmp_path / "document.txt"
    file.write_bytes(DOCUMENT)
    return file


def statement(summary: str = "Wniosek nr 17") -> Statement:
    return Statement(
        iss=ISSUER,
        jti="s1",
        iat=NOW,
        summary=summary,
        document_name="document.txt",
        document_hash=document_hash(DOCUMENT),
        person=Signatory(given_name="Jan", family_name="Kowalski", pesel="83041741039"),
        acr="http://eidas.europa.eu/LoA/substantial",
        amr=("mfa", "sms"),
        operation=OperationNamed(number=3, date="2027-01-15", tool="sms"),
        client=MadeFor(client_id="pue", name="PUE ZUS"),
    )


def written(folder: Path, key: SigningKey, said: Statement | None = None) -> Path:
    file = folder / "statement.jwt"
    file.write_text(sign_statement(said or statement(), key) + "\n")
    return file


def refused(ended: Ended, why: str) -> None:
    assert (ended.code, ended.out) == (1, "")
    assert why in ended.err
    assert "Traceback" not in ended.err


def test_a_statement_is_told_line_by_line(run: Run, tmp_path: Path, key: SigningKey, keys: Path) -> None:
    ended = run("signature", "verify", written(tmp_path, key), "--jwks", keys)
    assert (ended.code, ended.err) == (0, "")
    for told in (
        "valid     signed by https://pz.example, key ",
        "who       Jan Kowalski, PESEL 83041741039",
        "signed    Wniosek nr 17",
        "when      2027-01-15 09:00:00 Polish time",
        "by        operation 3 of 2027-01-15, sms; http://eidas.europa.eu/LoA/substantial",
        "for       PUE ZUS (pue)",
    ):
        assert told in ended.out
    assert "compared" not in ended.out


def test_the_document_is_compared(run: Run, tmp_path: Path, key: SigningKey, keys: Path, document: Path) -> None:
    file = written(tmp_path, key)
    ended = run("signature", "verify", file, "--jwks", keys, "--document", document)
    assert "this is the document that was signed" in ended.out
    document.write_bytes(DOCUMENT + b"\n")
    refused(run("signature", "verify", file, "--jwks", keys, "--document", document), "another document")


def test_a_changed_or_foreign_statement_is_not_valid(run: Run, tmp_path: Path, key: SigningKey, keys: Path) -> None:
    file = written(tmp_path, key)
    header, payload, signature = file.read_text().split(".")
    file.write_text(f"{header}.{payload[:-4]}AAAA.{signature}")
    refused(run("signature", "verify", file, "--jwks", keys), "NOT VALID")
    refused(run("signature", "verify", written(tmp_path, new_key()), "--jwks", keys), "does not list")


def test_a_receipt_is_no_statement(run: Run, tmp_path: Path, key: SigningKey, keys: Path) -> None:
    file = tmp_path / "receipt.jwt"
    file.write_text(sign_receipt({}, key, issuer=ISSUER, receipt_id="r", now=NOW))
    refused(run("signature", "verify", file, "--jwks", keys), "another kind")


@pytest.mark.parametrize("content", [b"", b"nothing", b"a.b.c", b"\xff\xfe", b"x" * 600_000])
def test_a_file_that_is_no_statement(run: Run, tmp_path: Path, keys: Path, content: bytes) -> None:
    file = tmp_path / "statement.jwt"
    file.write_bytes(content)
    refused(run("signature", "verify", file, "--jwks", keys), "statement.jwt")


def test_what_a_stranger_wrote_does_not_steer_the_terminal(
    run: Run, tmp_path: Path, key: SigningKey, keys: Path
) -> None:
    ended = run("signature", "verify", written(tmp_path, key, statement("a\x1b[2Jb")), "--jwks", keys)
    assert "\x1b" not in ended.out


def test_an_issuer_and_keys_do_not_go_together(run: Run, tmp_path: Path, key: SigningKey, keys: Path) -> None:
    ended = run("signature", "verify", written(tmp_path, key), "--jwks", keys, "--issuer", ISSUER)
    assert ended.code == 2

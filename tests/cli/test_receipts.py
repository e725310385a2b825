"""`poreka receipt verify`: says who gave what to whom and when, or why a receipt is not valid."""

import json
from pathlib import Path

import msgspec
import pytest

from poreka.cli.lasting_keys import printable
from poreka.oidc.keys import SigningKey
from poreka.oidc.lasting.receipt import sign_receipt
from tests.cli.conftest import Ended, Run
from tests.provider.rules.test_consent_receipt import receipt
from tests.support.relying_client import new_key
from tests.support.server import Demo

NOW = 1_800_000_000
ISSUER = "https://bank.example"


@pytest.fixture
def key() -> SigningKey:
    return new_key()


@pytest.fixture
def keys(tmp_path: Path, key: SigningKey) -> Path:
    file = tmp_path / "keys.json"
    file.write_text(json.dumps({"keys": [key.public_jwk]}))
    return file


def written(folder: Path, key: SigningKey, says: object = None, issuer: str = ISSUER) -> Path:
    file = folder / "receipt.jwt"
    said = msgspec.to_builtins(receipt()) if says is None else says
    file.write_text(sign_receipt(said, key, issuer=issuer, receipt_id="r1", now=NOW) + "\n")  # type: ignore[arg-type]
    return file


def test_a_receipt_is_told_line_by_line(run: Run, tmp_path: Path, key: SigningKey, keys: Path) -> None:
    ended = run("receipt", "verify", written(tmp_path, key), "--jwks", keys)
    assert (ended.code, ended.err) == (0, "")
    for told in (
        "valid     signed by https://bank.example",
        "who       s1",
        "gave      given_name, family_name, pesel",
        "to        PUE (pue)",
        "given     2027-01-15T08:00:00Z, operation 3 of 2027-01-15",
        "then      in force when the receipt was made",
        "text      version 1",
        "          I agree.",
    ):
        assert told in ended.out


def refused(ended: Ended, why: str) -> None:
    assert ended.code == 1
    assert ended.out == ""
    assert why in ended.err
    assert "Traceback" not in ended.err


def test_a_changed_receipt_is_not_valid(run: Run, tmp_path: Path, key: SigningKey, keys: Path) -> None:
    file = written(tmp_path, key)
    header, payload, signature = file.read_text().split(".")
    file.write_text(f"{header}.{payload[:-4]}AAAA.{signature}")
    refused(run("receipt", "verify", file, "--jwks", keys), "NOT VALID")


def test_a_receipt_of_another_key_is_not_valid(run: Run, tmp_path: Path, keys: Path) -> None:
    refused(run("receipt", "verify", written(tmp_path, new_key()), "--jwks", keys), "does not list")


def test_something_else_that_the_bank_signed(run: Run, tmp_path: Path, key: SigningKey, keys: Path) -> None:
    for says in ({"record_id": "x"}, {**msgspec.to_builtins(receipt()), "event": []}):
        refused(run("receipt", "verify", written(tmp_path, key, says), "--jwks", keys), "no consent receipt")


@pytest.mark.parametrize("content", [b"", b"not a receipt", b"a.b.c", b"\xff\xfe\x00", b"x" * 600_000])
def test_a_file_that_is_no_receipt(run: Run, tmp_path: Path, keys: Path, content: bytes) -> None:
    file = tmp_path / "x"
    file.write_bytes(content)
    refused(run("receipt", "verify", file, "--jwks", keys), "x: ")
    refused(run("receipt", "verify", file), "x: ")


def test_files_that_are_not_there_or_hold_no_keys(run: Run, tmp_path: Path, key: SigningKey) -> None:
    file = written(tmp_path, key)
    refused(run("receipt", "verify", tmp_path / "none", "--jwks", file), "No such file")
    refused(run("receipt", "verify", file, "--jwks", tmp_path / "none"), "No such file")
    refused(run("receipt", "verify", file, "--jwks", file), "not a JWK Set")


def test_both_options_are_one_too_many(run: Run, tmp_path: Path, key: SigningKey, keys: Path) -> None:
    ended = run("receipt", "verify", written(tmp_path, key), "--jwks", keys, "--issuer", ISSUER)
    assert ended.code == 2


@pytest.mark.parametrize(
    "issuer", ["http://bank.example", "ftp://bank.example", "https://10.0.0.1", "nonsense", "file:///etc/passwd"]
)
def test_keys_come_over_https_from_public_addresses_only(
    run: Run, tmp_path: Path, key: SigningKey, issuer: str
) -> None:
    refused(run("receipt", "verify", written(tmp_path, key, issuer=issuer)), "cannot be fetched")
    refused(run("receipt", "verify", written(tmp_path, key), "--issuer", issuer), "cannot be fetched")


def test_what_a_stranger_wrote_does_not_steer_the_terminal() -> None:
    assert "\x1b" not in printable("\x1b[2Jłódź\u202e")
    assert "łódź" in printable("łódź")


def test_keys_are_fetched_from_a_running_bank(run: Run, demo: Demo, tmp_path: Path, key: SigningKey) -> None:
    """A foreign key under the bank's name: the bank itself is asked, and does not list it."""
    origin = demo.origin("millenet")
    file = written(tmp_path, key, issuer=origin)
    refused(run("receipt", "verify", file), "does not list")
    refused(run("receipt", "verify", file, "--issuer", demo.origin("ipko")), "does not list")
    refused(run("receipt", "verify", file, "--issuer", demo.origin("pue")), "cannot be fetched")

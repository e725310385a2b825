"""Secrets of relying parties: replacing a registration keeps them, rotating makes a new one beside the old."""

import hashlib
import re
import sqlite3
import time
from pathlib import Path
from typing import Any

import msgspec
import pytest

from poreka.oidc.clients.client import Client
from tests.cli.conftest import Ended, Run
from tests.cli.test_operating import registration

DAY = 24 * 60 * 60


def stored(bank: Path) -> Client:
    with sqlite3.connect(bank.with_name("millenet.db")) as database:
        (document,) = database.execute("SELECT document FROM clients WHERE client_id = 'library'").fetchone()
    database.close()
    return msgspec.json.decode(document, type=Client)


def shown(ended: Ended) -> str:
    """The hash of the secret that the command showed."""
    found = re.search(r"^client_secret  (\S+)$", ended.out, re.MULTILINE)
    assert found, ended
    return hashlib.sha256(found[1].encode()).hexdigest()


def test_replacing_a_registration_keeps_its_secret(run: Run, bank: Path) -> None:
    first = shown(run("client", "add", bank, registration(bank.parent)))
    moved = registration(bank.parent, redirect_uris=["https://library.example/new"])
    ended = run("client", "add", bank, moved, "--replace")
    assert (ended.code, "client_secret" in ended.out) == (0, False)
    assert stored(bank).redirect_uris == ("https://library.example/new",)
    assert stored(bank).secret_hash == first


def test_a_registration_that_gets_a_secret_only_now_is_shown_it(run: Run, bank: Path) -> None:
    by_key: dict[str, Any] = {
        "token_endpoint_auth_method": "private_key_jwt",
        "jwks_uri": "https://library.example/jwks",
    }
    assert "client_secret" not in run("client", "add", bank, registration(bank.parent, **by_key)).out
    assert shown(run("client", "add", bank, registration(bank.parent), "--replace")) == stored(bank).secret_hash
    run("client", "add", bank, registration(bank.parent, **by_key), "--replace")
    assert stored(bank).secret_hash is None


@pytest.mark.parametrize(("words", "days"), [((), 7), (("--days", 30), 30), (("--days", 0), 0)])
def test_rotating_makes_a_new_secret_and_the_old_one_works_on_for_days(
    run: Run, bank: Path, words: tuple[object, ...], days: int
) -> None:
    first = shown(run("client", "add", bank, registration(bank.parent)))
    ended = run("client", "rotate", bank, "library", *words)
    client = stored(bank)
    assert (ended.code, client.secret_hash, client.former_secret_hash) == (0, shown(ended), first)
    assert client.secret_hash != first
    assert abs(client.former_secret_until - time.time() - days * DAY) < 60
    assert ("has ended" if days == 0 else "works until") in ended.err
    run("client", "add", bank, registration(bank.parent), "--replace")
    assert stored(bank) == client, "replacing keeps the overlap, too"


def test_rotating_again_ends_the_older_secret_and_each_rotation_is_in_the_audit_log(run: Run, bank: Path) -> None:
    run("client", "add", bank, registration(bank.parent))
    second = shown(run("client", "rotate", bank, "library"))
    run("client", "rotate", bank, "library")
    assert stored(bank).former_secret_hash == second
    assert run("audit", "show", bank).out.count("ClientSecretRotated") == 2


def test_who_has_no_secret_has_none_to_rotate(run: Run, bank: Path) -> None:
    by_key = {"token_endpoint_auth_method": "private_key_jwt", "jwks_uri": "https://library.example/jwks"}
    run("client", "add", bank, registration(bank.parent, **by_key))
    ended = run("client", "rotate", bank, "library")
    assert (ended.code, "registered with private_key_jwt" in ended.err) == (1, True)
    assert "'nobody'" in run("client", "rotate", bank, "nobody").err
    assert run("client", "rotate", bank, "library", "--days", 91).code == 2

"""What operators do with one system: databases, clients, keys, the audit log."""

import hashlib
import json
import re
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from poreka.cli.clients import read_registration
from poreka.running.failed import Failed
from tests.cli.conftest import Run

CLIENT: dict[str, Any] = {
    "client_id": "library",
    "profile": "openid",
    "name": {"pl": "Biblioteka", "en": "Library"},
    "redirect_uris": ["https://library.example/callback"],
    "token_endpoint_auth_method": "client_secret_basic",
    "scopes": ["openid"],
}


def registration(folder: Path, **changed: Any) -> Path:
    file = folder / "client.json"
    file.write_text(json.dumps({**CLIENT, **changed}), encoding="utf-8")
    return file


def test_a_database_is_brought_up_to_date_once(run: Run, bank: Path) -> None:
    first = run("db", "upgrade", bank)
    assert first.code == 0
    assert "applied  bank 0001" in first.out
    second = run("db", "upgrade", bank)
    assert (second.code, second.out.strip()) == (0, "current  shared, provider, bank, passkeys")


def test_a_portal_has_its_register_brought_up_to_date_too(run: Run, tmp_path: Path) -> None:
    from poreka.demo.presets import Address, settings_text

    file = tmp_path / "pue.toml"
    file.write_text(settings_text("pue", Address(8000)), encoding="utf-8")
    assert "applied  register 0001" in run("db", "upgrade", file).out


def test_a_file_that_is_no_database_is_told(run: Run, bank: Path) -> None:
    bank.with_name("millenet.db").write_text("this is a letter to my aunt, not a database" * 50)
    ended = run("db", "upgrade", bank)
    assert ended.code == 1
    assert str(bank) in ended.err


def test_a_client_is_added_listed_and_removed_and_its_secret_shown_once(run: Run, bank: Path) -> None:
    added = run("client", "add", bank, registration(bank.parent))
    assert added.code == 0
    secret = re.search(r"^client_secret  (\S+)$", added.out, re.MULTILINE)
    assert secret is not None
    with sqlite3.connect(bank.with_name("millenet.db")) as database:
        (stored,) = database.execute("SELECT document FROM clients WHERE client_id = 'library'").fetchone()
    database.close()
    assert secret[1] not in stored
    assert hashlib.sha256(secret[1].encode()).hexdigest() in stored
    listed = run("client", "list", bank)
    assert "library" in listed.out
    assert secret[1] not in listed.out
    assert run("client", "remove", bank, "library").code == 0
    assert "library" not in run("client", "list", bank).out


def test_changes_of_clients_are_in_the_audit_log(run: Run, bank: Path) -> None:
    run("client", "add", bank, registration(bank.parent))
    run("client", "remove", bank, "library")
    shown = run("audit", "show", bank)
    assert shown.out.index("ClientRemoved") < shown.out.index("ClientAdded")
    assert run("audit", "verify", bank).out.startswith("whole  2 entries")


def test_a_client_is_replaced_only_when_asked(run: Run, bank: Path) -> None:
    run("client", "add", bank, registration(bank.parent))
    again = run("client", "add", bank, registration(bank.parent))
    assert again.code == 1
    assert "--replace" in again.err
    elsewhere = registration(bank.parent, redirect_uris=["https://library.example/elsewhere"])
    assert run("client", "add", bank, elsewhere, "--replace").code == 0
    assert "elsewhere" in run("client", "list", bank).out


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"claims": ["pesel"]}, "pesel"),
        ({"scopes": ["profile"]}, "openid"),
        ({"redirect_uris": []}, "redirect_uris"),
        ({"redirect_uri": "https://x.example"}, "redirect_uri"),
        ({"profile": "saml"}, "profile"),
        ({"profile": "fapi2"}, "client_secret_basic"),
    ],
)
def test_a_bad_registration_is_told_and_nothing_saved(
    run: Run, bank: Path, changed: dict[str, Any], named: str
) -> None:
    ended = run("client", "add", bank, registration(bank.parent, **changed))
    assert ended.code == 1
    assert "client.json" in ended.err
    assert named in ended.err
    assert "library" not in run("client", "list", bank).out


def test_a_registration_that_is_not_json_is_told(tmp_path: Path) -> None:
    file = tmp_path / "client.json"
    file.write_text("{")
    with pytest.raises(Failed):
        read_registration(file)


def test_removing_nobody_fails(run: Run, bank: Path) -> None:
    ended = run("client", "remove", bank, "nobody")
    assert ended.code == 1
    assert "'nobody'" in ended.err


def test_a_portal_has_no_clients(run: Run, bank: Path) -> None:
    from poreka.demo.presets import Address, settings_text

    file = bank.with_name("pue.toml")
    file.write_text(settings_text("pue", Address(8000)), encoding="utf-8")
    ended = run("client", "list", file)
    assert ended.code == 1
    assert "system.kind" in ended.err


def test_keys_are_rotated_by_hand_and_the_old_ones_retired(run: Run, bank: Path) -> None:
    assert "no key yet" in run("keys", "list", bank).out
    made = run("keys", "rotate", bank).out.split()[1::2]
    assert len(made) == 2
    anew = run("keys", "rotate", bank).out.split()[1::2]
    listed = run("keys", "list", bank).out
    for kid, state in [*((kid, "retired") for kid in made), *((kid, "current") for kid in anew)]:
        assert re.search(rf"{kid}.*{state}", listed)


def test_a_changed_audit_log_is_found(run: Run, bank: Path) -> None:
    run("client", "add", bank, registration(bank.parent))
    with sqlite3.connect(bank.with_name("millenet.db")) as database:
        for (trigger,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            database.execute(f"DROP TRIGGER {trigger}")
        database.execute("""UPDATE audit_entries SET details = '{"client_id":"somebody"}'""")
    database.close()
    ended = run("audit", "verify", bank)
    assert ended.code == 1
    assert "CHANGED" in ended.err


def test_heads_prove_that_nothing_was_cut_off(run: Run, bank: Path) -> None:
    heads = bank.with_name("heads.json")
    run("client", "add", bank, registration(bank.parent))
    assert run("audit", "verify", bank, "--heads", heads).code == 0
    assert json.loads(heads.read_text())["entries"] == 1
    run("client", "remove", bank, "library")
    assert "nothing of the 1 entries" in run("audit", "verify", bank, "--heads", heads).out
    with sqlite3.connect(bank.with_name("millenet.db")) as database:
        for (trigger,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            database.execute(f"DROP TRIGGER {trigger}")
        database.execute("DELETE FROM audit_entries WHERE event = 'ClientRemoved'")
    database.close()
    assert run("audit", "verify", bank).code == 0, "the chain alone cannot see it"
    ended = run("audit", "verify", bank, "--heads", heads)
    assert ended.code == 1
    assert "cut off" in ended.err


def test_heads_that_are_none_are_told(run: Run, bank: Path) -> None:
    heads = bank.with_name("heads.json")
    heads.write_text("[]")
    ended = run("audit", "verify", bank, "--heads", heads)
    assert ended.code == 1
    assert str(heads) in ended.err


def test_the_audit_log_is_shown_by_person_event_and_time(run: Run, bank: Path) -> None:
    run("client", "add", bank, registration(bank.parent))
    assert "ClientAdded" in run("audit", "show", bank, "--event", "ClientAdded", "--since", "2020-01-01").out
    assert "no such entry" in run("audit", "show", bank, "--event", "SignedIn").out
    assert "no such entry" in run("audit", "show", bank, "--until", "2020-01-01T12:00").out
    assert "no such entry" in run("audit", "show", bank, "--person", "nobody").out


@pytest.mark.parametrize("words", [("--event", "Consented"), ("--since", "yesterday"), ("--until", "2026-13-01")])
def test_a_filter_that_cannot_be_meant_is_told(run: Run, bank: Path, words: tuple[str, str]) -> None:
    ended = run("audit", "show", bank, *words)
    assert ended.code == 1
    assert words[0] in ended.err
    assert words[1] in ended.err


def test_another_secret_does_not_open_the_database(run: Run, bank: Path) -> None:
    run("keys", "rotate", bank)
    bank.with_name("millenet.secrets").unlink()
    ended = run("keys", "list", bank)
    assert ended.code == 1
    assert "secrets" in ended.err

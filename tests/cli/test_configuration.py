import re
import sqlite3
import stat
from pathlib import Path

import msgspec
import pytest

from poreka.hashing import cost as hashing_cost
from tests.cli.conftest import Run
from tests.support.relying_client import new_key


def test_good_settings_are_good_and_the_cost_of_a_password_is_told(run: Run, bank: Path) -> None:
    ended = run("config", "check", bank)
    good, passwords = ended.out.splitlines()
    assert (ended.code, good) == (0, f"{bank}: good")
    assert re.fullmatch(
        r"passwords on this machine: \d+ ms of a core each; argon2 (was built here|is the ready.+)", passwords
    )


@pytest.mark.parametrize(
    ("tag", "here"),
    [
        ("cp310-abi3-linux_x86_64", True),
        ("cp310-abi3-manylinux_2_28_x86_64", False),
        ("cp310-abi3-musllinux_1_2_x86_64", False),
    ],
)
def test_it_is_told_which_argon2_computes_passwords(monkeypatch: pytest.MonkeyPatch, tag: str, here: bool) -> None:
    class Distribution:
        def read_text(self, name: str) -> str:
            return f"Wheel-Version: 1.0\nTag: {tag}\n"

    monkeypatch.setattr(hashing_cost.metadata, "distribution", lambda name: Distribution())
    assert hashing_cost.built_here() is here


@pytest.mark.parametrize(
    ("before", "after", "named"),
    [
        ("sim_pause_days = 3", "sim_pause_day = 3", "sim_pause_day"),
        ("sim_pause_days = 3", 'sim_pause_days = "three"', "bank.sim_pause_days"),
        ("demo = true\n", "", "system.origin"),
        ('database = "sqlite:millenet.db"', 'database = "mysql:x"', "system.database"),
        ("[bank]", "[bank", "line "),
    ],
)
def test_bad_settings_name_file_and_key_or_line(run: Run, bank: Path, before: str, after: str, named: str) -> None:
    bank.write_text(bank.read_text("utf-8").replace(before, after), encoding="utf-8")
    ended = run("config", "check", bank)
    assert ended.code == 1
    assert ended.out.startswith(f"{bank}: ")
    assert named in ended.out


def test_every_file_is_checked_and_a_missing_one_is_told(run: Run, bank: Path) -> None:
    gone = bank.with_name("gone.toml")
    ended = run("config", "check", gone, bank)
    assert ended.code == 1
    assert f"{gone}: cannot be read" in ended.out
    assert f"{bank}: good" in ended.out


def test_nothing_to_check_is_wrong_usage(run: Run) -> None:
    assert run("config", "check").code == 2


def test_a_secrets_file_is_its_owners_alone_and_never_overwritten(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "my.secrets"
    assert run("secrets", "new", file).code == 0
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    before = file.read_bytes()
    again = run("secrets", "new", file)
    assert (again.code, file.read_bytes()) == (1, before)
    assert "already" in again.err


def test_a_secrets_file_that_others_may_read_is_refused(run: Run, bank: Path) -> None:
    secrets = bank.with_name("millenet.secrets")
    run("secrets", "new", secrets)
    secrets.chmod(0o644)
    ended = run("config", "check", bank)
    assert ended.code == 1
    assert "chmod 600" in ended.out


def test_a_password_file_is_checked_too(run: Run, tmp_path: Path) -> None:
    file, password = tmp_path / "portal.toml", tmp_path / "portal.password"
    file.write_text(run("config", "new", "portal").out.replace("# username", "username").replace("# pass", "pass"))
    run("secrets", "new", tmp_path / "portal.secrets")
    assert f"{password}: the password file cannot be read" in run("config", "check", file).out
    password.write_text("not-a-real-password\n")
    password.chmod(0o644)
    assert "chmod 600" in run("config", "check", file).out
    password.chmod(0o600)
    assert run("config", "check", file).code == 0


def test_a_secrets_file_into_nowhere_is_told_without_a_traceback(run: Run, tmp_path: Path) -> None:
    ended = run("secrets", "new", tmp_path / "no" / "such" / "folder")
    assert ended.code == 1
    assert ended.err.startswith("poreka: ")


def test_who_we_are_at_the_phone_operator_is_checked_too(run: Run, bank: Path) -> None:
    asked = (
        'source = "http"\nurl = "https://o.example/sim-swap/v2"\ntoken_url = "https://o.example/token"\nclient_id = "b"'
    )
    before = bank.read_text("utf-8")
    for name, content, told in (
        ("client_secret_file", "hush\n", "others may read this password file"),
        ("client_key_file", '{"kty": "oct", "k": "AAAA"}', "holds no private key as a JWK"),
        ("client_key_file", "no JSON", "holds no private key as a JWK"),
    ):
        file = bank.with_name(name)
        file.write_text(content)
        file.chmod(0o644 if "others" in told else 0o600)
        bank.write_text(f'{before}\n[sim_swap]\n{asked}\n{name} = "{name}"\n', encoding="utf-8")
        ended = run("config", "check", bank)
        assert ended.code == 1
        assert told in ended.out
        assert "hush" not in ended.out
    bank.with_name("client_key_file").write_text(msgspec.json.encode(dict(new_key().private_jwk)).decode())
    assert run("config", "check", bank).code == 0


def test_a_view_with_customers_is_checked_too(run: Run, bank: Path) -> None:
    with sqlite3.connect(bank.with_name("crm.db")) as crm:
        crm.execute("CREATE TABLE people (id TEXT, number TEXT, password_hash TEXT, first_name TEXT)")
    crm.close()
    columns = '{ identifier = "chosen", identifier_kind = "kind", sim_replaced_at = "sim" }'
    lines = f'[customers]\nsource = "view"\ndatabase = "sqlite:crm.db"\nview = "people"\ncolumns = {columns}\n'
    bank.write_text(f"{bank.read_text('utf-8')}\n{lines}", encoding="utf-8")
    ended = run("config", "check", bank)
    assert ended.code == 1
    assert "customers.columns.surname: people has no column surname" in ended.out
    bank.with_name("crm.db").unlink()
    assert f"{bank}: " in run("config", "check", bank).out

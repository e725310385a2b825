"""What every system stands on: its secrets file and its database, or a clear word about what is wrong."""

import base64
import os
from pathlib import Path

import msgspec
import pytest

from poreka.running.foundation import lay, read_password, read_secrets
from poreka.store.migrate import SchemaNotCurrent
from poreka.web.settings.every_kind import CommonSettings, SettingsError
from tests.support.in_process import bank_settings

ONE = base64.urlsafe_b64encode(b"1" * 32).decode()
TWO = base64.urlsafe_b64encode(b"2" * 32).decode()


def written(folder: Path, text: str, mode: int = 0o600) -> Path:
    file = folder / "x.secrets"
    file.write_text(text)
    file.chmod(mode)
    return file


def test_a_secrets_file_is_made_for_the_demonstration_alone(tmp_path: Path) -> None:
    file = tmp_path / "deep" / "x.secrets"
    with pytest.raises(SettingsError, match=r"x\.secrets: the secrets file cannot be read"):
        read_secrets(file, make=False)
    made = read_secrets(file, make=True)
    assert [len(secret) for secret in made.values()] == [32]
    assert os.stat(file).st_mode & 0o777 == 0o600
    assert read_secrets(file, make=True) == made


def test_several_secrets_by_number(tmp_path: Path) -> None:
    assert read_secrets(written(tmp_path, f"1:{ONE}\n2:{TWO}\n"), make=False) == {1: b"1" * 32, 2: b"2" * 32}


@pytest.mark.parametrize(
    ("text", "mode", "complaint"),
    [
        ("", 0o600, "holds no secret"),
        (f"1:{ONE}", 0o640, "chmod 600"),
        (f"1:{ONE}", 0o604, "chmod 600"),
        (f"1:{ONE}\nx:{TWO}", 0o600, "line 2"),
        (f"0:{ONE}", 0o600, "line 1"),
        (f"256:{ONE}", 0o600, "line 1"),
        ("1:short", 0o600, "line 1"),
        (f"{ONE}", 0o600, "line 1"),
        ("1:!!!!", 0o600, "line 1"),
    ],
)
def test_what_is_wrong_is_named_and_no_secret_shown(tmp_path: Path, text: str, mode: int, complaint: str) -> None:
    with pytest.raises(SettingsError, match=complaint) as refused:
        read_secrets(written(tmp_path, text, mode), make=False)
    assert ONE not in str(refused.value)


def test_two_secrets_of_one_number_are_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="line 2"):
        read_secrets(written(tmp_path, f"1:{ONE}\n1:{TWO}\n"), make=False)


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "x.secrets"
    file.write_bytes(b"\xff\xfe")
    file.chmod(0o600)
    with pytest.raises(SettingsError, match=r"x\.secrets"):
        read_secrets(file, make=False)


@pytest.mark.parametrize("text", ["a pass: word", "a pass: word\n", "a pass: word\r\n"])
def test_a_password_file_is_one_line(tmp_path: Path, text: str) -> None:
    assert read_password(written(tmp_path, text)) == "a pass: word"


@pytest.mark.parametrize(
    ("text", "mode", "complaint"),
    [
        ("", 0o600, "one line"),
        ("\n", 0o600, "one line"),
        ("swordfish\nmore", 0o600, "one line"),
        ("swordfish\0", 0o600, "one line"),
        ("swordfish ł", 0o600, "the password file is not ASCII"),
        ("swordfish", 0o640, "others may read this password file; run: chmod 600"),
        ("swordfish", 0o604, "chmod 600"),
    ],
)
def test_what_is_wrong_with_a_password_file_is_named_and_not_shown(
    tmp_path: Path, text: str, mode: int, complaint: str
) -> None:
    with pytest.raises(SettingsError, match=complaint) as refused:
        read_password(written(tmp_path, text, mode))
    assert "swordfish" not in str(refused.value)


def real(settings: CommonSettings) -> CommonSettings:
    system = msgspec.structs.replace(settings.system, demo=False, origin="https://bank.example")
    return msgspec.structs.replace(settings, system=system)


async def test_outside_the_demonstration_an_operator_upgrades(tmp_path: Path) -> None:
    settings = bank_settings("sqlite:bank.db")
    written(tmp_path, f"1:{ONE}\n").rename(tmp_path / settings.system.secrets)
    with pytest.raises(SchemaNotCurrent, match="poreka db upgrade"):
        await lay(real(settings), tmp_path, lambda: 1)
    base = await lay(settings, tmp_path, lambda: 1)
    await base.database.close()
    again = await lay(real(settings), tmp_path, lambda: 1)
    assert len({again.keys.forms, again.keys.codes, again.keys.attempts, again.keys.subjects, again.audit_key}) == 5
    await again.database.close()

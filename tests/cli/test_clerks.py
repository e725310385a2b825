"""What an operator does about a desk's clerks: added, listed, blocked, a new link for a key."""

import io
import re
from pathlib import Path

import pytest

from poreka.demo.presets import Address, settings_text
from tests.cli.conftest import Run

PESEL = "69051744280"
LINK = re.compile(r"http://clerk\.localhost:8000/key#[0-9A-Z]{12}")


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    file = tmp_path / "clerk.toml"
    file.write_text(settings_text("clerk", Address(8000)), encoding="utf-8")
    return file


@pytest.fixture
def pesel(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{PESEL}\n"))


@pytest.mark.usefixtures("pesel")
def test_a_clerk_is_added_gets_a_link_and_is_blocked(run: Run, desk: Path) -> None:
    added = run("clerk", "add", desk, "grazyna.lis", "--name", "Grażyna Lis")
    assert added.code == 0, added.err
    first = LINK.search(added.out)
    assert first is not None
    assert "works once, until" in added.out
    assert PESEL not in added.out
    assert run("clerk", "list", desk).out.strip() == "grazyna.lis  Grażyna Lis  active  keys: 0"
    second = LINK.search(run("clerk", "key", desk, "Grazyna.Lis").out)
    assert second is not None
    assert second[0] != first[0]
    assert "blocked" in run("clerk", "block", desk, "grazyna.lis").out
    assert "was blocked before" in run("clerk", "block", desk, "grazyna.lis").out
    assert "is blocked" in run("clerk", "key", desk, "grazyna.lis").err
    assert "blocked" in run("clerk", "list", desk).out
    shown = run("audit", "show", desk).out
    assert all(event in shown for event in ("ClerkAdded", "ClerkLinkMade", "ClerkBlocked"))
    assert PESEL not in shown
    assert run("audit", "verify", desk).code == 0


@pytest.mark.usefixtures("pesel")
def test_one_person_is_one_clerk(run: Run, desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run("clerk", "add", desk, "grazyna.lis", "--name", "Grażyna Lis").code == 0
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{PESEL}\n"))
    again = run("clerk", "add", desk, "druga.grazyna", "--name", "Grażyna Lis")
    assert again.code == 1
    assert "clerk already" in again.err


def test_faults_are_told(run: Run, desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("851212569836\n"))
    assert "eleven digits" in run("clerk", "add", desk, "grazyna.lis", "--name", "Grażyna Lis").err
    assert "login" in str(run("clerk", "add", desk, "!", "--name", "Grażyna Lis").err)
    assert "no name" in str(run("clerk", "add", desk, "grazyna.lis", "--name", "123").err)
    assert "no clerk" in run("clerk", "key", desk, "nobody").err
    assert "no clerk" in run("clerk", "block", desk, "nobody").err


def test_a_bank_has_no_clerks(run: Run, bank: Path) -> None:
    assert "this command is for a desk" in run("clerk", "list", bank).err

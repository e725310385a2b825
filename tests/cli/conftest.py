"""For the command line's tests: a bank's settings in an empty folder, and `run`, which calls the command."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from poreka.cli.main import main
from poreka.demo.presets import Address, settings_text


@dataclass(frozen=True)
class Ended:
    """How a command ended, and what it said."""

    code: int
    out: str
    err: str


Run = Callable[..., Ended]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Call `poreka` with these words; a traceback would be an exception and fail the test."""
    monkeypatch.setenv("COLUMNS", "200")

    def call(*words: object) -> Ended:
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main([str(word) for word in words])
        said = capsys.readouterr()
        code = ended.value.code
        return Ended(code if isinstance(code, int) else 0 if code is None else 1, said.out, said.err)

    return call


@pytest.fixture
def bank(tmp_path: Path) -> Path:
    """Settings of a demonstration bank; its database is made by the first command that needs it."""
    file = tmp_path / "millenet.toml"
    file.write_text(settings_text("millenet", Address(8000)), encoding="utf-8")
    return file

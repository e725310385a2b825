import subprocess
import sys
from pathlib import Path

from poreka import __version__
from poreka.cli.main import with_bare_walk
from tests.cli.conftest import Run


def test_help_lists_every_command_and_is_no_error(run: Run) -> None:
    ended = run("--help")
    assert ended.code == 0
    for command in ("demo", "serve", "db", "client", "keys", "audit", "config", "secrets"):
        assert command in ended.out


def test_help_imports_nothing_heavy() -> None:
    seen = "import sys; from poreka.cli.main import command_line; command_line(); print(*sorted(sys.modules))"
    loaded = subprocess.run([sys.executable, "-c", seen], capture_output=True, text=True, check=True).stdout.split()
    assert not {"starlette", "uvicorn", "sqlite3", "asyncpg", "jinja2", "poreka.running"} & set(loaded)


def test_version(run: Run) -> None:
    assert run("--version").out.strip() == __version__


def test_a_wrong_command_line_ends_with_2(run: Run) -> None:
    for words in (
        ["nonsense"],
        ["serve"],
        ["audit", "prove", "x"],
        ["demo", "--port", "much"],
        ["config", "new", "shop"],
    ):
        ended = run(*words)
        assert (ended.code, "Traceback" in ended.err + ended.out) == (2, False), words


def test_numbers_that_cannot_be_meant_end_with_2(run: Run, bank: Path) -> None:
    for words in (
        ["demo", "--port", 0],
        ["demo", "--port", 65536],
        ["demo", "--workers", 0],
        ["serve", bank, "--listen", "nowhere"],
        ["serve", bank, "--listen", "127.0.0.1:99999"],
        ["serve", bank, "--workers", 0],
    ):
        assert run(*words).code == 2, words


def test_a_walk_may_stand_without_a_name() -> None:
    assert with_bare_walk(["demo", "--walk"]) == ["demo", "--walk=all"]
    assert with_bare_walk(["demo", "--walk", "--tls"]) == ["demo", "--walk=all", "--tls"]
    assert with_bare_walk(["demo", "--walk", "withdraw"]) == ["demo", "--walk", "withdraw"]


def test_an_unknown_journey_ends_with_2_and_names_the_known_ones(run: Run) -> None:
    ended = run("demo", "--walk", "to-the-moon")
    assert ended.code == 2
    assert "to-the-moon" in ended.err
    assert "portal-first" in ended.err

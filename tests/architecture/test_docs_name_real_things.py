"""What the docs and docstrings name in the code is there: files, functions, tests, and the pages they link to.

A name is in backticks: `rules/people/pesel.py` is inside the package, `tests/…`, `docs/…`, `src/…` and `theme/…` are
where they say; after `::` stands a function, class or method of that file. Single folders are not looked at.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.source import PACKAGE, ROOT

PAGES = sorted([*(ROOT / "docs").rglob("*.md"), ROOT / "README.md", ROOT / "CONTRIBUTING.md"])
NAMED = re.compile(r"`((?:[\w.-]+/)+[\w.-]*(?:\.(?:py|html|md|toml|sql|json))?)(?:::(\w+))?`")
FILE_ENDS = (".py", ".html", ".md", ".toml", ".sql", ".json", "/")
AT_THE_ROOT = ("src/", "tests/", "docs/", "theme/", "benchmarks/", "requirements/", "screenshots/", "wordlists/")
OF_EACH_SYSTEM = {"routes.py", "system.py", "settings.py", "build.py"}  # named for whichever system is meant
MADE_LATER = ("demo-data/", "config/", "screenshots/")


def named(page: Path) -> Iterator[tuple[str, str | None]]:
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    for match in NAMED.finditer(text):
        if match[1].endswith(FILE_ENDS) and "/" in match[1].rstrip("/") and not match[1].startswith(MADE_LATER):
            yield match[1], match[2]


def file_of(name: str) -> Path:
    return (ROOT if name.startswith(AT_THE_ROOT) else PACKAGE) / name


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_everything_named_is_there(page: Path) -> None:
    gone = [name for name, _ in named(page) if not file_of(name).exists()]
    assert not gone, f"not in the tree: {gone}"
    missing = [
        f"{name}::{part}"
        for name, part in named(page)
        if part and not re.search(rf"\b(?:def|class) {part}\b", file_of(name).read_text(encoding="utf-8"))
    ]
    assert not missing, f"not in the file: {missing}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
    dead = [link for link in links if "://" not in link and not (page.parent / link).exists()]
    assert not dead, f"links into nothing: {dead}"


def test_files_named_in_docstrings_are_there() -> None:
    """A bare name is a file of the same folder; a path begins at the package, or at the root."""
    gone = []
    for module in sorted(PACKAGE.rglob("*.py")):
        text = ast.get_docstring(ast.parse(module.read_text(encoding="utf-8"))) or ""
        names = set(re.findall(r"`((?:[\w.-]+/)*[\w-]+\.(?:py|html))(?:::\w+)?`", text)) - OF_EACH_SYSTEM
        bases = (module.parent, PACKAGE, PACKAGE.parent, ROOT)
        missing = sorted(name for name in names if not any((base / name).exists() for base in bases))
        gone += [f"{module.relative_to(PACKAGE)}: {name}" for name in missing]
    assert not gone, f"not in the tree: {gone}"

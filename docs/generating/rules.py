"""docs/rules.md: every rule by its room, with the first line of its docstring."""

from pathlib import Path

from .markdown import row, table
from .source import MADE, PACKAGE, Source, said

ROOMS = ("rules", "contracts", "provider/rules", "systems/*/rules")


def rules_page() -> str:
    """The rules of all rooms; what the standards say (`oidc/`) has a reading order of its own."""
    lines = ["# The rules", "", MADE.format(source="the docstrings of the rules"), ""]
    lines += ["What we decide, room by room: pure functions, one noun per file. What the standards say is in `oidc/`;"]
    lines += ["in which order steps come, as maps: [journeys.md](journeys.md).", ""]
    for folder in _folders():
        files = [file for file in sorted(folder.glob("*.py")) if file.name != "__init__.py"]
        if files:
            lines += [f"## `{folder.relative_to(PACKAGE)}`", "", _opening(folder / "__init__.py"), ""]
            lines += table(("file", "what it says"), [row(_link(file), _opening(file)) for file in files])
    return "\n".join(lines).rstrip() + "\n"


def _folders() -> list[Path]:
    """The rooms' folders of rules, each followed by the folders inside it."""
    rooms = [folder for pattern in ROOMS for folder in sorted(PACKAGE.glob(pattern))]
    return [folder for room in rooms for folder in (room, *sorted(path for path in room.iterdir() if path.is_dir()))]


def _opening(file: Path) -> str:
    """The first paragraph of a docstring, which is one line nearly everywhere."""
    return said(Source(file).tree).partition("\n\n")[0]


def _link(file: Path) -> str:
    return f"[{file.stem}](../{file.relative_to(PACKAGE.parents[1])})"

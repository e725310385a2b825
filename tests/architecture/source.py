"""The source as the architecture tests read it.

Parsed once, never imported, so that a broken module is still judged.

Only reading is here; the rules are in the test files beside this one.
"""

import ast
import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "src" / "poreka"


@dataclass(frozen=True)
class Module:
    """One Python file of the package."""

    path: Path
    text: str
    tree: ast.Module

    def __str__(self) -> str:
        return self.path.relative_to(PACKAGE).as_posix()


@cache
def modules() -> tuple[Module, ...]:
    """Every module of the package; an `__init__.py` without a line in it says nothing and is left out."""
    texts = ((path, path.read_text(encoding="utf-8").strip()) for path in sorted(PACKAGE.rglob("*.py")))
    return tuple(Module(path, text, ast.parse(text)) for path, text in texts if text)


@cache
def templates() -> tuple[Path, ...]:
    return tuple(sorted(PACKAGE.rglob("*.html")))


@cache
def project_files() -> tuple[Path, ...]:
    """Every file that is, or would be, under version control; without git, whatever no tool made."""
    listing = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    done = subprocess.run(listing, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode == 0:
        names = [name for name in done.stdout.split("\0") if name]
        return tuple(ROOT / name for name in names if (ROOT / name).is_file())
    made = {".venv", ".git", "node_modules", "demo-data", "screenshots", "__pycache__"}
    everything = (path for path in ROOT.rglob("*") if path.is_file())
    return tuple(path for path in everything if not made & set(path.parts) and "_cache" not in str(path.parent))

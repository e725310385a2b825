"""No template and no macro is left over: each is shown, extended, included or called by something."""

import ast
import re
from collections.abc import Iterator
from functools import cache

from tests.architecture.source import PACKAGE, modules, templates


@cache
def texts() -> dict[str, str]:
    """Each template by its path in the package, without comments."""
    return {
        path.relative_to(PACKAGE).as_posix(): re.sub(r"\{#.*?#\}", "", path.read_text("utf-8"), flags=re.DOTALL)
        for path in templates()
    }


def patterns() -> Iterator[str]:
    """What code calls templates by: whole paths, and paths with a gap (`f"provider/release/{page}.html"`)."""
    for module in modules():
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield re.escape(node.value)
            elif isinstance(node, ast.JoinedStr):
                parts = [part.value if isinstance(part, ast.Constant) else None for part in node.values]
                yield "".join(r"[a-z_]+" if part is None else re.escape(str(part)) for part in parts)


def test_every_template_is_asked_for() -> None:
    called = re.compile("|".join({pattern for pattern in patterns() if pattern.endswith("html")}))
    by_others = {name for text in texts().values() for name in re.findall(r"""["']([\w/]+\.html)["']""", text)}
    unused = [name for name in texts() if name not in by_others and not called.fullmatch(name)]
    assert not unused


def test_every_macro_is_called() -> None:
    macros = [(where, name) for where, text in texts().items() for name in re.findall(r"macro (\w+)\(", text)]
    assert len(macros) > 20
    every = "\n".join(texts().values())
    unused = [f"{where}: {name}" for where, name in macros if not re.search(rf"(?<!macro )\b{name}\b", every)]
    assert not unused

"""Which text keys the code and the templates ask for.

Exactly (`t("a.b")`) or by a pattern (`t("a." ~ reason)`, `f"a.{x}.b"`).

A key that stands anywhere as a whole string counts as used, so that tables of keys need no special words
around them.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from jinja2 import Environment, nodes

from tests.architecture.source import PACKAGE, modules, templates

KEY = re.compile(r"[a-z][a-z0-9_]*(\.[a-z0-9_]+)+")
ASKING = {"t", "texts", "text", "plural", "translate"}


@dataclass
class Use:
    """What was found.

    `asked` must exist; `spoken` are whole strings, `patterns` strings with gaps that stand for part of a
    key.
    """

    asked: dict[str, str] = field(default_factory=dict)
    spoken: set[str] = field(default_factory=set)
    patterns: set[str] = field(default_factory=set)

    def covers(self, key: str) -> bool:
        return key in self.spoken or any(re.fullmatch(pattern, key) for pattern in self.patterns)


def keys_in_use() -> Use:
    use = Use()
    for module in modules():
        for node in ast.walk(module.tree):
            _python(node, str(module), use)
    environment = Environment(autoescape=True, extensions=["jinja2.ext.do", "jinja2.ext.loopcontrols"])
    for path in templates():
        tree = environment.parse(path.read_text(encoding="utf-8"))
        where = path.relative_to(PACKAGE).as_posix()
        for found in tree.find_all(nodes.Node):
            _template(found, where, use)
    return use


def _python(node: ast.AST, where: str, use: Use) -> None:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        use.spoken.add(node.value)
    elif isinstance(node, ast.JoinedStr):
        parts = [part.value if isinstance(part, ast.Constant) else None for part in node.values]
        use.patterns.update(_pattern([part if isinstance(part, str) else None for part in parts]))
    elif isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        _asked(name, node.args[0].value, where, use)


def _template(node: nodes.Node, where: str, use: Use) -> None:
    if isinstance(node, nodes.Const) and isinstance(node.value, str):
        use.spoken.add(node.value)
    elif isinstance(node, nodes.Concat):
        use.patterns.update(_pattern([part.value if isinstance(part, nodes.Const) else None for part in node.nodes]))
    elif isinstance(node, nodes.Add):
        sides = [node.left, node.right]
        use.patterns.update(_pattern([part.value if isinstance(part, nodes.Const) else None for part in sides]))
    elif isinstance(node, nodes.Call) and node.args and isinstance(node.args[0], nodes.Const):
        name = node.node.name if isinstance(node.node, nodes.Name) else getattr(node.node, "attr", "")
        _asked(name, node.args[0].value, where, use)


def _asked(name: str, key: object, where: str, use: Use) -> None:
    if name in ASKING and isinstance(key, str) and KEY.fullmatch(key):
        use.asked[key] = where


def _pattern(parts: list[str | None]) -> Iterator[str]:
    """A regular expression for a string with gaps, if it can stand for a key.

    It must begin with "domain.".
    """
    first = parts[0] if parts else None
    if first and re.match(r"[a-z][a-z0-9_]*\.", first):
        yield "".join(re.escape(part) if part is not None else r"[a-z0-9_.]+" for part in parts)

"""A type of Python as whoever writes a settings file or a registration reads it."""

import ast
import re

from .markdown import code
from .source import PACKAGE, Source


def shown_type(kind: str) -> str:
    """A type as an operator reads it."""
    if kind.startswith("Literal"):
        return " or ".join(code(f'"{one}"') for one in re.findall(r"'([^']*)'", kind))
    names = {
        "str": "text", "int": "number", "datetime.date": "date", "bool": "`true` or `false`",
        "Words": "`{ pl = …, en = … }`",
        "tuple[str, ...]": "list of texts", "bool | tuple[str, ...]": "`true`, `false` or list of texts",
        "dict[str, str]": "table of texts",
        "tuple[Telephone, ...]": "list of texts",
        "tuple[Words, ...]": "list of `{ pl = …, en = … }`",
        "tuple[Reason, ...]": "list of " + ", ".join(code(one) for one in _reasons()),
    }  # fmt: skip
    if kind in ("Seconds", "Milliseconds", "Requests", "Count") or kind.startswith("Annotated[int, "):
        return "number"
    return names.get(kind, code(kind))


def _reasons() -> list[str]:
    node = Source(PACKAGE / "provider/rules/eligibility.py").classes()["Reason"]
    values = (one.value for one in node.body if isinstance(one, ast.Assign))
    return [str(value.value) for value in values if isinstance(value, ast.Constant)]

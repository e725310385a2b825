"""docs/registration.md: the fields of a relying party's registration."""

import ast
import re

from .markdown import code, row, table
from .shown_types import shown_type
from .source import MADE, PACKAGE, Source, docstring_after, fields


def registration_page() -> str:
    """The fields of a relying party's registration, but for what `poreka client` keeps of its secret."""
    source = Source(PACKAGE / "oidc/clients/client.py")
    node = source.classes()["Client"]
    lines = ["# The registration of a relying party", "", MADE.format(source="src/poreka/oidc/clients/client.py"), ""]
    lines += [
        "A JSON file for `poreka client check` and `poreka client add` ([operating.md](operating.md)). Names are those"
    ]
    lines += ["of RFC 7591 and OpenID Connect Registration where they have one. What the two profiles differ in:"]
    lines += ["[connect-a-service.md](connect-a-service.md).", ""]
    rows = []
    for field in fields(node):
        key, kind = ast.unparse(field.target), ast.unparse(field.annotation)
        if "secret" not in key:
            shown = "required" if field.value is None else code(_json(field.value))
            about = docstring_after(node, field).replace("``", "`")
            rows.append(row(code(key), _json_kind(source, kind), shown, about))
    return "\n".join([*lines, *table(("field", "type", "if left out", "what it is"), rows)])


def _json_kind(source: Source, kind: str) -> str:
    """A type as whoever writes JSON reads it."""
    aliases = (one for one in source.tree.body if isinstance(one, ast.Assign) and ast.unparse(one.targets[0]) == kind)
    named = next((ast.unparse(one.value) for one in aliases), kind).removesuffix(" | None")
    kinds = {
        "frozenset[str]": "list of texts", "dict[str, str]": "texts by language",
        "dict[str, tuple[str, ...]]": "lists of texts by language", "dict[str, Any]": "JWK Set",
    }  # fmt: skip
    return kinds.get(named) or shown_type(named)


def _json(value: ast.expr) -> str:
    """A default as JSON has it."""
    text = ast.unparse(value)
    inside = re.fullmatch(r"frozenset\(\{?(.*?)\}?\)", text)
    shown = f"[{inside[1]}]" if inside else text.replace("()", "[]")
    return {"None": "null", "True": "true", "False": "false"}.get(shown, shown.replace("'", '"'))

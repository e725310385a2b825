"""docs/settings.md: the tables of the settings file, and what is refused in one."""

import ast
import re
from collections.abc import Iterator

from poreka.kinds import KINDS

from .markdown import code, row, table
from .shown_types import shown_type
from .source import MADE, PACKAGE, Source, docstring_after, fields, said


def settings_page() -> str:
    """The reference of the settings file."""
    source, common = Source(PACKAGE / "settings.py"), Source(PACKAGE / "web/settings/every_kind.py")
    found = {*PACKAGE.rglob("*settings.py"), *PACKAGE.glob("*/settings/*.py")} - {common.path, source.path}
    parts = [Source(file) for file in sorted(found) if file.name != "__init__.py" and "demo" not in file.parts]
    limits = Source(PACKAGE / "rules/limits/limits.py")
    places = {name: one for one in (common, *parts, limits) for name in one.classes()}
    classes = {name: one.classes()[name] for name, one in places.items()}
    out = [
        "# The settings file", "",
        MADE.format(source="src/poreka/settings.py and its parts"), "", said(source.tree), "",
        "One file describes one system. Examples with explanations are in [operating.md](operating.md); the "
        "presets of the demonstration are in `src/poreka/presets/`.", "",
    ]  # fmt: skip
    of_kinds = [name for name in classes if re.search(r"Settings\b", name) and name != "DoorSettings"]
    for heading, name in dict.fromkeys(named for settings in of_kinds for named in _tables(classes, settings)):
        node = classes[name]
        out += [f"## `{heading}`", "", said(node), ""]
        keys = list(_keys(places[name], classes, heading, node))
        out += table(("key", "type", "if left out", "what it is"), keys)
    out += ["## What is refused besides wrong types and unknown keys", ""]
    out += [f"- `{fault}`" for one in dict.fromkeys((common, *parts, source)) for fault in _faults(one)]
    return "\n".join(out) + "\n"


def _tables(classes: dict[str, ast.ClassDef], name: str, at: str = "") -> Iterator[tuple[str, str]]:
    """The tables of the file by heading, found from the annotations; `Words` is a value, not a table."""
    for field in fields(classes[name]):
        kind, key = ast.unparse(field.annotation), ast.unparse(field.target)
        place = f"{at}.{key}" if at else key
        for inner in (one for one in classes if re.search(rf"\b{one}\b", kind) and one != "Words"):
            table = f'[{place}."…"]' if kind.startswith("dict[") else f"[{place}]"
            yield (f"[[{place}]]" if kind.startswith("tuple[") else table) + _kind_of(classes[inner]), inner
            yield from _tables(classes, inner, place)


def _kind_of(node: ast.ClassDef) -> str:
    """What tells the tables of one heading apart: `kind = "…"`."""
    tags = (ast.literal_eval(one.value) for one in node.keywords if one.arg == "tag")
    return next((f' kind = "{tag}"' for tag in tags), "")


def _keys(source: Source, classes: dict[str, ast.ClassDef], heading: str, node: ast.ClassDef) -> Iterator[str]:
    remarks = _template_remarks()
    aliases = {
        ast.unparse(one.targets[0]): ast.unparse(one.value)
        for one in (
            *Source(PACKAGE / "web/settings/every_kind.py").tree.body,
            *source.tree.body,
        )
        if isinstance(one, ast.Assign) and "Literal" in ast.unparse(one.value)
    }
    table_of = heading.partition(" kind = ")[0]
    owners = [classes[base] for one in node.bases if (base := ast.unparse(one)) in classes and base != "Table"]
    for owner, field in ((one, field) for one in [*owners, node] for field in fields(one)):
        kind = ast.unparse(field.annotation)
        if any(re.search(rf"\b{one}\b", kind) for one in classes if one != "Words"):
            continue
        default = "" if field.value is None else _toml(field.value)
        key = ast.unparse(field.target)
        about = docstring_after(owner, field) or source.remark(field) or remarks.get(f"{table_of}.{key}", "")
        shown = "required" if field.value is None else code(default)
        if (heading, key) == ("[system]", "kind"):
            kind = f"Literal{[one.name for one in KINDS]}"
        yield row(code(key), shown_type(aliases.get(kind, kind)), shown, about.replace("<", "&lt;"))


def _template_remarks() -> dict[str, str]:
    """What the templates of `poreka config new` say beside their keys, by `[table].key`."""
    found: dict[str, str] = {}
    for path in sorted((PACKAGE / "cli" / "templates").glob("*.toml")):
        heading = ""
        for line in path.read_text(encoding="utf-8").splitlines():
            heading = line.partition(" #")[0].rstrip() if line.startswith("[") else heading
            if match := re.fullmatch(r"(?:# )?([a-z_]+) = .*?[^\s#]\s+# (.*)", line):
                found.setdefault(f"{heading}.{match[1]}", match[2])
    return found


def _toml(value: ast.expr) -> str:
    made = next((one for one in ast.walk(value) if isinstance(one, ast.Lambda)), None)
    value = value if made is None else made.body
    if isinstance(value, ast.Call):  # the one factory without a lambda makes an empty table
        return "{}"
    plain: object = eval(compile(ast.Expression(value), "default", "eval"), {"__builtins__": {}})  # noqa: S307 - our own source
    if isinstance(plain, bool):
        return str(plain).lower()
    if isinstance(plain, tuple):
        return "[" + ", ".join(f'"{one}"' for one in plain) + "]"
    if isinstance(plain, dict):
        return "{ " + ", ".join(f'{name} = "{one}"' for name, one in plain.items()) + " }" if plain else "{}"
    return f'"{plain}"' if isinstance(plain, str) else str(plain)


def _faults(source: Source) -> list[str]:
    constants = [node for node in ast.walk(source.tree) if isinstance(node, ast.Constant)]
    texts = [str(node.value) for node in sorted(constants, key=lambda node: node.lineno)]
    faults = [text for text in texts if re.fullmatch(r"[a-z]+(\.[a-z_]+)*: [^`]+", text)]
    return [fault.replace("{name}", "…").replace("{{", "{").replace("}}", "}") for fault in faults]

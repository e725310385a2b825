"""Writes docs/settings.md, events.md, journeys.md, acts.md, limits.md and registration.md from the code they describe.

    .venv/bin/python docs/generate.py

The source is read, not run, but for the table of acts and the limits: tables of settings from `settings.py` and its
parts, events from `audit/events.py` and the rooms' own, steps and ends from the modules that have a table STEPS, limits
from the constants that `limit_rows.py` names. A test (`tests/architecture/test_generated_docs.py`) fails when a
committed page differs from what this would write.
"""

import ast
import re
import runpy
from collections.abc import Iterator
from importlib import import_module
from itertools import pairwise
from pathlib import Path

import msgspec

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "src" / "poreka"
MADE = "<!-- Made by docs/generate.py from {source}; change the code, then run the script. -->"
EVENTS = tuple(
    f"poreka.{name}"
    for name in (
        "audit.events", "provider.tool_events", "audit.passkey_events", "systems.trusted_profile.events",
        "provider.approval_events", "systems.patient_account.events", "systems.mojeikp.events", "audit.phone_events",
        "systems.mobywatel.events", "systems.portal.order_events", "systems.desk.events",
    )
)  # fmt: skip
JOURNEYS = {
    "Release": "provider/rules/release",
    "Entry": "systems/portal/rules/entry",
    "Untrusted registration": "systems/portal/rules/registration",
    "Forgotten password": "systems/portal/rules/forgotten_password",
    "Profile creation": "systems/trusted_profile/rules/creation",
    "Profile recovery": "systems/trusted_profile/rules/recovery",
    "Tool change": "provider/rules/tool_change",
}


def pages() -> dict[str, str]:
    """Every generated page by its file name in docs/."""
    return {
        "settings.md": settings_page(),
        "events.md": events_page(),
        "journeys.md": journeys_page(),
        "acts.md": acts_page(),
        "limits.md": limits_page(),
        "registration.md": registration_page(),
    }


def acts_page() -> str:
    """The table of acts, system by system. It is imported, as it is pure data."""
    from poreka.rules.acts.table import BY_SYSTEM  # noqa: PLC0415

    lines = ["# The table of acts", "", MADE.format(source="src/poreka/rules/acts/table.py and its rows"), ""]
    lines += ["Whatever changes something for a person, with its protection. Why there is such a table: adr/0031.", ""]
    heads = ("act", "what it changes", "protected by", "why", "bound to", "who is told", "recovery waits")
    for system, rows in BY_SYSTEM:
        cells = [
            row(
                code(one.name),
                one.changes,
                one.protection.value,
                one.why,
                ", ".join(one.bound),
                ", ".join(f"{code(told.text)} to {told.to.value}" for told in one.told),
                "yes" if one.pauses_recovery else "",
            )
            for one in rows
        ]
        lines += [f"## {system}", "", *table(heads, cells)]
    return "\n".join(lines)


def limits_page() -> str:
    """What whoever connects something meets; the rows are in `limit_rows.py`, the values in the code."""
    lines = ["# Limits", "", MADE.format(source="docs/limit_rows.py and the constants that it names"), ""]
    lines += [
        "Lives, sizes and rates that a service or a provider meets when it connects. A refusal names the limit and,"
    ]
    lines += ["where times are concerned, what our clock says. What has no setting is the same everywhere.", ""]
    for heading, rows in runpy.run_path(str(ROOT / "docs" / "limit_rows.py"))["ROWS"].items():
        cells = [
            row(what, _limit(source, unit), code(setting), code(f"{source.partition(':')[0].replace('.', '/')}.py"))
            for what, source, unit, setting in rows
        ]
        lines += [f"## {heading}", "", *table(("what", "limit", "setting", "where"), cells)]
    return "\n".join(lines)


def _limit(source: str, unit: str) -> str:
    """The value of a constant or of a field's default, as one reads it."""
    module, _, path = source.partition(":")
    name, _, field = path.partition(".")
    found = getattr(import_module(f"poreka.{module}"), name)
    value = next(one.default for one in msgspec.structs.fields(found) if one.name == field) if field else found
    return _measured(value, unit)


def _measured(value: float, unit: str) -> str:
    """A number as one reads it; seconds stay seconds below ten minutes."""
    for least, size, word in {"s": _TIMES, "B": _SIZES}.get(unit, ()):
        if value >= least and value % size == 0:
            return f"{value / size:g} {word}"
    return f"{value:g} {unit}"


_TIMES = ((2 * 86400, 86400, "days"), (2 * 3600, 3600, "h"), (600, 60, "min"))
_SIZES = ((1024, 1024, "KiB"),)


def write() -> None:
    """Write all of them."""
    for name, text in pages().items():
        (ROOT / "docs" / name).write_text(text, encoding="utf-8")


class Source:
    """One module: its text by lines and its tree."""

    def __init__(self, path: Path) -> None:
        text = path.read_text(encoding="utf-8")
        self.path, self.lines, self.tree = path, text.splitlines(), ast.parse(text)

    def classes(self) -> dict[str, ast.ClassDef]:
        """Its classes by name, in order."""
        return {node.name: node for node in self.tree.body if isinstance(node, ast.ClassDef)}

    def function(self, name: str) -> ast.FunctionDef:
        """One of its functions."""
        functions = (node for node in self.tree.body if isinstance(node, ast.FunctionDef))
        return next(function for function in functions if function.name == name)

    def remark(self, node: ast.stmt) -> str:
        """The comment at the end of a statement's last line."""
        line = self.lines[(node.end_lineno or 1) - 1][node.end_col_offset or 0 :]
        return line.partition("#")[2].strip()


def said(node: ast.ClassDef | ast.FunctionDef | ast.Module) -> str:
    """A docstring as one paragraph each, with line breaks taken out."""
    paragraphs = (ast.get_docstring(node) or "").split("\n\n")
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in paragraphs)


def code(text: str) -> str:
    """Text as code in a table's cell."""
    return f"`{text}`" if text else ""


def row(*cells: str) -> str:
    """A row of a table."""
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def table(heads: tuple[str, ...], rows: list[str]) -> list[str]:
    """A table; nothing where there is no row."""
    return [row(*heads), row(*("---" for _ in heads)), *rows, ""] if rows else []


# Settings


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
    for heading, name in dict.fromkeys(table for settings in of_kinds for table in _tables(classes, settings)):
        node = classes[name]
        out += [f"## `{heading}`", "", said(node), ""]
        keys = list(_keys(places[name], classes, heading, node))
        out += table(("key", "type", "if left out", "what it is"), keys)
    out += ["## What is refused besides wrong types and unknown keys", ""]
    out += [f"- `{fault}`" for one in dict.fromkeys((common, *parts, source)) for fault in _faults(one)]
    return "\n".join(out) + "\n"


def _tables(classes: dict[str, ast.ClassDef], name: str, at: str = "") -> Iterator[tuple[str, str]]:
    """The tables of the file by heading, found from the annotations; `Words` is a value, not a table."""
    for field in _fields(classes[name]):
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


def _fields(node: ast.ClassDef) -> list[ast.AnnAssign]:
    fields = (one for one in node.body if isinstance(one, ast.AnnAssign))
    return [one for one in fields if not ast.unparse(one.annotation).startswith("ClassVar")]


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
    for owner, field in ((one, field) for one in [*owners, node] for field in _fields(one)):
        kind = ast.unparse(field.annotation)
        if any(re.search(rf"\b{one}\b", kind) for one in classes if one != "Words"):
            continue
        default = "" if field.value is None else _toml(field.value)
        key = ast.unparse(field.target)
        about = _docstring_after(owner, field) or source.remark(field) or remarks.get(f"{table_of}.{key}", "")
        shown = "required" if field.value is None else code(default)
        if (heading, key) == ("[system]", "kind"):
            kind = f"Literal{[one.name for one in import_module('poreka.kinds').KINDS]}"
        yield row(code(key), _kind(aliases.get(kind, kind)), shown, about.replace("<", "&lt;"))


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


def _docstring_after(node: ast.ClassDef, field: ast.AnnAssign) -> str:
    place = node.body.index(field) + 1
    after = node.body[place] if place < len(node.body) else None
    is_text = isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant)
    return " ".join(str(after.value.value).split()) if is_text else ""  # type: ignore[union-attr]


def _kind(kind: str) -> str:
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


# Registrations


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
    for field in _fields(node):
        key, kind = ast.unparse(field.target), ast.unparse(field.annotation)
        if "secret" not in key:
            shown = "required" if field.value is None else code(_json(field.value))
            about = _docstring_after(node, field).replace("``", "`")
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
    return kinds.get(named) or _kind(named)


def _json(value: ast.expr) -> str:
    """A default as JSON has it."""
    text = ast.unparse(value)
    inside = re.fullmatch(r"frozenset\(\{?(.*?)\}?\)", text)
    shown = f"[{inside[1]}]" if inside else text.replace("()", "[]")
    return {"None": "null", "True": "true", "False": "false"}.get(shown, shown.replace("'", '"'))


# Events


def events_page() -> str:
    """The catalogue of the audit log."""
    sources = [Source(PACKAGE.parent / f"{name.replace('.', '/')}.py") for name in EVENTS]
    source, made = sources[0], MADE.format(source="src/poreka/audit/events.py and its parts")
    out = ["# What the audit log can say", "", made, "", said(source.tree), ""]
    out += ["Every event has the person's internal id, or none, besides its own fields. How the log is kept and"]
    out += ["verified: [ADR 0004](adr/0004-audit-log-in-lanes.md) and [operating.md](operating.md)."]
    recorded = _recorded_in({name for one in sources for name in one.classes()})
    rows: list[str] = []
    for of, name, node in [(page, *named) for page in sources for named in page.classes().items()]:
        if name == "Event":
            continue
        if heading := _heading_before(of, node):
            out += [*table(_EVENT_HEADS, rows), f"## {heading}", ""] if rows else ["", f"## {heading}", ""]
            rows = []
        fields = ", ".join(code(ast.unparse(field.target)) for field in _fields(node))
        where = "<br>".join(code(path) for path in recorded.get(name, ())) or "nowhere yet"
        rows.append(row(code(name), said(node), fields, where))
    return "\n".join([*out, *table(_EVENT_HEADS, rows)]).rstrip() + "\n"


_EVENT_HEADS = ("event", "what happened", "fields", "recorded in")


def _heading_before(source: Source, node: ast.ClassDef) -> str:
    above = [line for line in source.lines[: node.lineno - 1] if line.strip()]
    return above[-1].removeprefix("# ") if above and above[-1].startswith("# ") else ""


def _recorded_in(events: set[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        calls = (node.func for node in ast.walk(tree) if isinstance(node, ast.Call))
        names = {call.id for call in calls if isinstance(call, ast.Name)}
        for name in sorted(names & events & _imported_events(tree)):
            found.setdefault(name, []).append(path.relative_to(PACKAGE).as_posix())
    return found


def _imported_events(tree: ast.Module) -> set[str]:
    imports = (node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom))
    return {alias.name for node in imports if node.module in EVENTS for alias in node.names}


# Journeys


def journeys_page() -> str:
    """The maps of the journeys, drawn from their tables of steps."""
    out = ["# Maps of the journeys", "", MADE.format(source="the tables of steps, each in the rules of its room"), ""]
    out += [said(Source(PACKAGE / "rules/journey.py").tree), ""]
    out += ["How to read a map: ends are looked at first, in the order given; then the journey stands at the"]
    out += ["first step whose condition does not hold. `state` is the journey's state.", ""]
    for title, name in JOURNEYS.items():
        out += _journey(title, name, Source(PACKAGE / f"{name}.py"))
    return "\n".join(out).rstrip() + "\n"


def _journey(title: str, name: str, source: Source) -> list[str]:
    steps = list(_steps(source))
    out = [f"## {title}", "", f"`src/poreka/{name}.py`", ""]
    out += [said(source.tree), "", "```mermaid", "flowchart LR"]
    out += [f"  {one} --> {two}" for (one, _, _), (two, _, _) in pairwise(steps)]
    out += [f"  {steps[-1][0]} --> done(({_last_end(source)}))", "```", ""]
    out += table(
        ("step", "done when", "what it records (forgotten by going back)"),
        [row(code(step), code(done), ", ".join(map(code, records))) for step, done, records in steps],
    )
    ends = [row(code(test), code(end)) for test, end in _ends(source)]
    return out + table(("ends before any step when", "as"), ends)


def _steps(source: Source) -> Iterator[tuple[str, str, list[str]]]:
    annotated = (one for one in source.tree.body if isinstance(one, ast.AnnAssign))
    value = next(one.value for one in annotated if ast.unparse(one.target) == "STEPS")
    for call in value.elts if isinstance(value, ast.Tuple) else ():
        if isinstance(call, ast.Call):
            step, done, records = call.args
            yield ast.literal_eval(step), _condition(source, done), list(ast.literal_eval(records))


def _condition(source: Source, done: ast.expr) -> str:
    if isinstance(done, ast.Lambda):
        return ast.unparse(done.body)
    lines = source.function(ast.unparse(done)).body
    return "; ".join(ast.unparse(line).removeprefix("return ") for line in lines if not _is_docstring(line))


def _is_docstring(line: ast.stmt) -> bool:
    return isinstance(line, ast.Expr) and isinstance(line.value, ast.Constant)


def _ends(source: Source) -> Iterator[tuple[str, str]]:
    for line in source.function("stands_at").body:
        if isinstance(line, ast.If) and isinstance(line.body[0], ast.Return):
            yield ast.unparse(line.test), _end_name(source, line.body[0].value)


def _end_name(source: Source, value: ast.expr | None) -> str:
    """An end by its name; one that is looked up in a table, by the table."""
    if not isinstance(value, ast.Subscript):
        return _last_part(value)
    assigned = (one for one in source.tree.body if isinstance(one, ast.Assign))
    found = next(one.value for one in assigned if ast.unparse(one.targets[0]) == ast.unparse(value.value))
    pairs = zip(found.keys, found.values, strict=True) if isinstance(found, ast.Dict) else ()
    return ", ".join(f"{_last_part(key)} → {_last_part(end)}" for key, end in pairs)


def _last_part(value: ast.expr | None) -> str:
    return ast.unparse(value or ast.Constant("")).rpartition(".")[2].lower()


def _last_end(source: Source) -> str:
    last = source.function("stands_at").body[-1]
    return ast.unparse(last).rpartition(".")[2].lower()


if __name__ == "__main__":
    write()

"""docs/events.md: the catalogue of the audit log, and where each event is recorded."""

import ast

from .markdown import code, row, table
from .source import MADE, PACKAGE, Source, fields, said

EVENTS = tuple(
    f"poreka.{name}"
    for name in (
        "audit.events", "provider.tool_events", "audit.passkey_events", "systems.trusted_profile.events",
        "provider.approval_events", "systems.patient_account.events", "systems.mojeikp.events", "audit.phone_events",
        "systems.mobywatel.events", "systems.portal.order_events", "systems.desk.events",
    )
)  # fmt: skip


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
        its_fields = ", ".join(code(ast.unparse(field.target)) for field in fields(node))
        where = "<br>".join(code(path) for path in recorded.get(name, ())) or "nowhere yet"
        rows.append(row(code(name), said(node), its_fields, where))
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

"""docs/journeys.md: the maps of the journeys, drawn from the modules that have a table STEPS."""

import ast
from collections.abc import Iterator
from itertools import pairwise

from .markdown import code, row, table
from .source import MADE, PACKAGE, Source, said

JOURNEYS = {
    "Release": "provider/rules/release",
    "Entry": "systems/portal/rules/entry",
    "Untrusted registration": "systems/portal/rules/registration",
    "Forgotten password": "systems/portal/rules/forgotten_password",
    "Profile creation": "systems/trusted_profile/rules/creation",
    "Profile recovery": "systems/trusted_profile/rules/recovery",
    "Tool change": "provider/rules/tool_change",
}


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

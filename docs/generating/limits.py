"""docs/limits.md: limits with the values that the code uses; the rows are in `limit_rows.py`."""

from importlib import import_module

import msgspec

from .limit_rows import ROWS
from .markdown import code, row, table
from .source import MADE


def limits_page() -> str:
    """What whoever connects something meets; the rows are in `limit_rows.py`, the values in the code."""
    lines = ["# Limits", "", MADE.format(source="docs/generating/limit_rows.py and the constants that it names"), ""]
    lines += [
        "Lives, sizes and rates that a service or a provider meets when it connects. A refusal names the limit and,"
    ]
    lines += ["where times are concerned, what our clock says. What has no setting is the same everywhere.", ""]
    for heading, rows in ROWS.items():
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

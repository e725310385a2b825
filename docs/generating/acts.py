"""docs/acts.md: the table of acts, system by system."""

from poreka.rules.acts.table import BY_SYSTEM

from .markdown import code, row, table
from .source import MADE


def acts_page() -> str:
    """The table of acts, system by system. It is imported, because it is plain data."""
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

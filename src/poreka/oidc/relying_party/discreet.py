"""Values that carry secrets or a person's data: they work like any other, but do not print themselves.

A traceback, a log line or a debugger shows the name of the type only. What may be logged is picked by hand.
"""

from typing import Any

import msgspec


class Discreet(msgspec.Struct, frozen=True):
    """A struct whose text form says nothing of what is in it."""

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"

    def __rich_repr__(self) -> list[tuple[str, Any]]:
        """Rich, which prints the demo's tracebacks, asks here instead."""
        return []

"""The desks that the trusted profile knows, each by a secret; what they may ask: docs/desk.openapi.yaml.

Read next: `office/door.py`, which finds the one that calls.
"""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskKnown:
    """A desk whose clerks are believed: how it proves itself, how owners read its name, and as what it asks them."""

    key: str
    name: str
    client_id: str
    token: str = field(repr=False)

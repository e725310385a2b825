"""A provider as a relying system knows it; which there are is configuration (docs/settings.md).

Read next: `system.py`, what a relying system is made of.
"""

from dataclasses import dataclass

from poreka.oidc.relying_party.registration import Registration


@dataclass(frozen=True, slots=True, kw_only=True)
class ReliedOn:
    """A provider that a relying system relies on: what people see, and how we are registered there."""

    key: str
    name: str
    registration: Registration
    secret: str | None
    open: bool
    kind: str = "bank"

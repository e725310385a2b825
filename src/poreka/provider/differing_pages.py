"""What differs between providers in the pages behind their sign-in, and on the way to it.

Each system says it where it lists its routes; `pages/frame.py` and the sign-in show it.
"""

from dataclasses import dataclass

Way = tuple[tuple[str, str], ...]
"""Text keys and addresses of what lies above a page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Inside:
    """How a provider's own pages hang together."""

    short_cuts: Way  # the menu beside them
    above: Way | None = None  # the way to every page; None where each page says its own
    to_consents: tuple[str, ...]  # text keys of the way to the consents, as a sentence names it
    phones: str = ""  # the page where a phone is connected


@dataclass(frozen=True, slots=True, kw_only=True)
class WayIn:
    """Another provider that signs people in here: its key in our settings, and its name."""

    key: str
    name: str

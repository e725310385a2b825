"""The list of the generated pages, and writing them."""

from collections.abc import Callable

from .acts import acts_page
from .events import events_page
from .journeys import journeys_page
from .limits import limits_page
from .registration import registration_page
from .rules import rules_page
from .settings import settings_page
from .source import ROOT

PAGES: dict[str, Callable[[], str]] = {
    "settings.md": settings_page,
    "events.md": events_page,
    "rules.md": rules_page,
    "journeys.md": journeys_page,
    "acts.md": acts_page,
    "limits.md": limits_page,
    "registration.md": registration_page,
}


def write() -> None:
    """Write every generated page by its file name in docs/."""
    for name, made in PAGES.items():
        (ROOT / "docs" / name).write_text(made(), encoding="utf-8")

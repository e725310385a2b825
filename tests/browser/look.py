"""Looks at a page as it stands: axe, no scrolling sideways, and a picture when one is wanted.

    POREKA_PICTURES=1 .venv/bin/pytest tests/browser -k looks     pictures in screenshots/pages/

The looks are taken on one page after the other way of seeing it, without loading it again: the width and
the colours are the browser's business. A page is seen first as the one before it was seen last.
"""

import os
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest
from playwright.async_api import Page

from tests.browser.citizen import Citizen
from tests.support.axe import assert_accessible, assert_words_fit, bring_axe_along
from tests.support.browser import EVERY_LOOK, SCREENSHOTS, Window

BOTH_LANGUAGES = pytest.mark.parametrize("language", ["pl", "en"])
WINDOWS = {"pl": Window(), "en": Window(language="en-GB")}
# Axe's rules are about structure and colours, which are the same in both languages: it looks in one of them, at each
# width and each scheme. In the other one words find the least room at 320 px.
LOOKS = {
    "pl": [Window(320, "dark"), Window(1280, "light")],
    "en": [Window(320, "light")],
}
PICTURES = "POREKA_PICTURES" in os.environ


@dataclass
class Looks:
    """The looks taken in one walk: `await looks.at(citizen, "consent")`.

    What is wrong is gathered, so that one walk tells everything.
    """

    language: str
    complaints: list[str] = field(default_factory=list)
    seen: list[str] = field(default_factory=list)
    shown: dict[Page, Window] = field(default_factory=dict)

    async def at(self, citizen: Citizen, name: str, path: str | None = None, system: str = "pue") -> None:
        """Look at the page that stands there, or at the one at `path`."""
        if path is not None:
            await citizen.open(system, path)
        await citizen.page.wait_for_load_state("load")
        self._never_twice(name)
        if citizen.page not in self.shown and self.language == "pl":
            await bring_axe_along(citizen.page)
        windows = EVERY_LOOK if PICTURES else LOOKS[self.language]
        for window in sorted(windows, key=lambda one: one != self.shown.get(citizen.page)):
            await self._show(citizen.page, window)
            await self._one(citizen, name, window)

    async def _show(self, page: Page, window: Window) -> None:
        if self.shown.get(page) != window:
            await page.set_viewport_size({"width": window.width, "height": 900})
            await page.emulate_media(color_scheme=window.scheme)
            self.shown[page] = window

    async def _one(self, citizen: Citizen, name: str, window: Window) -> None:
        try:
            await (assert_accessible if self.language == "pl" else assert_words_fit)(citizen.page)
        except AssertionError as complaint:
            self.complaints.append(f"{name} {window.width} {window.scheme} {self.language}: {complaint}")
        if PICTURES:
            host = (urlsplit(citizen.page.url).hostname or "").split(".")[0]
            file = f"{host}-{name}-{self.language}-{window.width}-{window.scheme}.png"
            await citizen.page.screenshot(path=SCREENSHOTS / "pages" / file, full_page=True)

    def _never_twice(self, name: str) -> None:
        assert name not in self.seen, f"{name} was looked at before"
        self.seen.append(name)

    def assert_fine(self) -> None:
        assert not self.complaints, "\n".join(self.complaints)


async def open_everything(citizen: Citizen) -> None:
    """Unfold what the page keeps folded."""
    await citizen.page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")

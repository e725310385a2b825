"""A demo of one's own for journeys that change people for good, and everyone's window on it.

A module's tests share its demo, in any order: each takes people whom no other test of that module takes.
`citizens` opens windows for them; `visitors` for people of the worker's shared demo, whom the journey leaves
as they were (refused, cancelled, turned away).
"""

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import expect

from tests.browser.citizen import Citizens
from tests.browser.look import Looks
from tests.browser.receiver import Receiver, receiving
from tests.support.browser import Windows
from tests.support.server import Demo, assert_log_is_discreet, codes_sent, start, stop

expect.set_options(timeout=30_000)  # as long as Playwright's own actions wait here


@pytest.fixture(scope="module")
def fresh_demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """A demo where only this module's tests have happened (about a second)."""
    with _demo_at(tmp_path_factory.mktemp("demo")) as running:
        yield running


@contextmanager
def _demo_at(folder: Path) -> Iterator[Demo]:
    running = start(folder)
    try:
        yield running
        codes = codes_sent(running)
    finally:
        stop(running)
    assert_log_is_discreet(running, codes)


@pytest.fixture
def citizens(fresh_demo: Demo, chromium_windows: Windows) -> Citizens:
    """People of a fresh demo, in Chromium."""
    return Citizens(fresh_demo, chromium_windows)


@pytest.fixture
def newcomers(tmp_path: Path, chromium_windows: Windows) -> Iterator[Citizens]:
    """People of a demo where nothing has happened yet: for who is changed for good twice."""
    with _demo_at(tmp_path) as running:
        yield Citizens(running, chromium_windows)


@pytest.fixture
def visitors(demo: Demo, chromium_windows: Windows) -> Citizens:
    """People of the shared demo, in Chromium: leave them as they were."""
    return Citizens(demo, chromium_windows)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A relying party's address on this machine; the demonstration's `sandbox` may answer there."""
    with receiving() as running:
        yield running


@pytest_asyncio.fixture
async def looks(language: str) -> AsyncIterator[Looks]:
    """The looks of one walk; what was wrong on any page is told at its end."""
    taken = Looks(language)
    yield taken
    taken.assert_fine()

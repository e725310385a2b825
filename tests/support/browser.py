"""Real browsers.

Debian's Chromium and Firefox ESR, driven by Playwright, which downloads none of its own here. Most windows are of
Chromium without its own frame and toolbars (Debian's `chromium-headless-shell`: the same pages, in little more than
half the time); `whole_chromium_windows` are what people have, with notices for instance.

The asynchronous API, on the one event loop of the whole run: the synchronous one keeps a loop running under
its tests, and every asynchronous test after it in the same worker would fail. Firefox is spoken to over
WebDriver BiDi (Playwright's `moz-firefox`).

A test asks for `chromium_windows` or `firefox_windows` and opens windows in it. They are watched: an error
in a script, a broken security policy or a request to any other machine fails the test when it ends. A
failed test leaves a picture in screenshots/. Read next: `axe.py`.
"""

import os
import re
import socket
from collections.abc import AsyncIterator, Generator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal
from unittest.mock import patch
from urllib.parse import urlsplit

import pytest
import pytest_asyncio
from playwright.async_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Playwright,
    Request,
    async_playwright,
)

LOCALHOST_NAMES = Path(__file__).with_name("localhost_names.cjs")
SCREENSHOTS = Path(__file__).parents[2] / "screenshots"
CHROMIUM, CHROMIUM_SHELL = "/usr/bin/chromium", "/usr/bin/chromium-headless-shell"
CHROMIUM_FLAGS = [
    "--renderer-process-limit=1",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]
# A browser says these about answers that are meant: a page with status 4xx is still a page.
EXPECTED_SAYINGS = ("Failed to load resource: the server responded with a status of 4",)


@dataclass(frozen=True)
class Window:
    """How a person looks at a page.

    `narrow` is 320 px: a small phone, or a desktop zoomed to 400 % (WCAG 1.4.10).
    """

    width: int = 1280
    scheme: Literal["light", "dark"] = "light"
    script: bool = True
    language: str = "pl-PL"

    def __str__(self) -> str:
        return f"{self.width}-{self.scheme}-{'js' if self.script else 'nojs'}-{self.language[:2]}"


WIDE, NARROW = 1280, 320
EVERY_LOOK = [Window(width, scheme) for width in (WIDE, NARROW) for scheme in ("light", "dark")]
WITH_AND_WITHOUT_SCRIPT = [Window(), Window(script=False)]
ON_A_DESK = Window()
OUR_HOSTS = ("localhost", "127.0.0.1")
FAILED = pytest.StashKey[bool]()


CONNECTION = "net::ERR_CONNECTION_"  # refused, reset, closed


@dataclass
class Watch:
    """What a window saw that no page of ours may cause."""

    faults: list[str] = field(default_factory=list)
    answered: set[str] = field(default_factory=set)
    closing: bool = False

    def over(self, context: BrowserContext) -> None:
        context.on("response", lambda response: self.answered.add(_origin(response.url)))
        context.on("weberror", lambda error: self.faults.append(f"script error: {error.error}"))
        context.on("console", self._console)
        context.on("request", self._request)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type != "error" or message.text.startswith(EXPECTED_SAYINGS):
            return
        if not (CONNECTION in message.text and self._is_nobodys_fault(str(message.location["url"]))):
            self.faults.append(f"console: {message.text}")

    def _is_nobodys_fault(self, url: str) -> bool:
        """A browser looks for an icon by itself, windows are closed while their pages still ask, and a server that
        answered before may have ended. A page that asks where nobody ever answered is at fault."""
        own_wish = urlsplit(url).path == "/favicon.ico"
        return own_wish or self.closing or (_origin(url) in self.answered and not _listens(url))

    def _request(self, request: Request) -> None:
        host = urlsplit(request.url).hostname
        if host is not None and not host.endswith(OUR_HOSTS):
            self.faults.append(f"request to another machine: {host}")


@dataclass
class Windows:
    """The windows that one test opened.

    Each call of `open` is a new person: no cookies, nothing remembered.
    """

    browser: Browser
    watch: Watch = field(default_factory=Watch)
    contexts: list[BrowserContext] = field(default_factory=list)

    async def open(self, url: str, window: Window = ON_A_DESK, **more: Any) -> Page:
        """A new person's window; `more` goes to the browser's context, such as a certificate to show."""
        context = await self.browser.new_context(
            viewport={"width": window.width, "height": 900},
            color_scheme=window.scheme,
            java_script_enabled=window.script,
            locale=window.language,
            reduced_motion="reduce",
            **more,
        )
        context.set_default_timeout(30_000)
        self.contexts.append(context)
        self.watch.over(context)
        page = await context.new_page()
        await page.goto(url)
        return page

    async def close(self, *, picture_of: str | None) -> None:
        """Close every window; with a name, leave a picture of each page first."""
        self.watch.closing = True
        pages = [page for context in self.contexts for page in context.pages]
        for number, page in enumerate(pages if picture_of else []):
            await page.screenshot(path=SCREENSHOTS / f"failed-{picture_of}-{number}.png", full_page=True)
        for context in self.contexts:
            await context.close()


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _listens(url: str) -> bool:
    """Whether a server of this machine still takes connections."""
    parts = urlsplit(url)
    try:
        socket.create_connection(("127.0.0.1", parts.port or 80), 1).close()
    except OSError:
        return False
    return True


@pytest_asyncio.fixture(scope="session")
async def playwright() -> AsyncIterator[Playwright]:
    with patch.dict(os.environ, {"NODE_OPTIONS": f"--require {LOCALHOST_NAMES}"}):
        running = await async_playwright().start()
    yield running
    await running.stop()


@pytest_asyncio.fixture(scope="session")
async def chromium(playwright: Playwright) -> AsyncIterator[Browser]:
    """Chromium without a frame, once for each worker (under a second)."""
    browser = await playwright.chromium.launch(executable_path=CHROMIUM_SHELL, args=CHROMIUM_FLAGS)
    yield browser
    await browser.close()


@pytest_asyncio.fixture(scope="session")
async def whole_chromium(playwright: Playwright) -> AsyncIterator[Browser]:
    """Debian's Chromium as people have it, once for each worker that needs it (about a second)."""
    browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_FLAGS)
    yield browser
    await browser.close()


@pytest_asyncio.fixture(scope="session")
async def firefox(playwright: Playwright) -> AsyncIterator[Browser]:
    """Debian's Firefox ESR, once for each worker (about two seconds)."""
    browser = await playwright.firefox.launch(channel="moz-firefox", executable_path="/usr/bin/firefox-esr")
    yield browser
    await browser.close()


@pytest_asyncio.fixture
async def chromium_windows(request: pytest.FixtureRequest, chromium: Browser) -> AsyncIterator[Windows]:
    """`page = await chromium_windows.open(url, Window(320, "dark"))`."""
    async for windows in _windows(request, chromium):
        yield windows


@pytest_asyncio.fixture
async def whole_chromium_windows(request: pytest.FixtureRequest, whole_chromium: Browser) -> AsyncIterator[Windows]:
    """The same in the whole of Chromium."""
    async for windows in _windows(request, whole_chromium):
        yield windows


@pytest_asyncio.fixture
async def firefox_windows(request: pytest.FixtureRequest, firefox: Browser) -> AsyncIterator[Windows]:
    """The same in Firefox, which knows no dark windows here."""
    async for windows in _windows(request, firefox):
        yield windows


async def _windows(request: pytest.FixtureRequest, browser: Browser) -> AsyncIterator[Windows]:
    windows = Windows(browser)
    yield windows
    failed = request.node.stash.get(FAILED, False)
    await windows.close(picture_of=re.sub(r"[^\w-]+", "-", request.node.name) if failed else None)
    assert failed or not windows.watch.faults, "; ".join(windows.watch.faults)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Let fixtures know, when they clean up, whether their test failed."""
    report = yield
    if report.failed:
        item.stash[FAILED] = True
    return report

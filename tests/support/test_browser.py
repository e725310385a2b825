"""The browsers themselves.

Both go to and fro between *.localhost origins, with and without scripts, and are watched.
"""

from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest
from playwright.async_api import Page, expect

from tests.support.axe import assert_accessible, axe
from tests.support.browser import EVERY_LOOK, WITH_AND_WITHOUT_SCRIPT, Window, Windows
from tests.support.server import free_port
from tests.support.waiting import looks_again

pytestmark = pytest.mark.browser


async def go_round(page: Page) -> None:
    """From a.localhost through b.localhost and back, then to b.localhost by a link."""
    await page.get_by_label("Imię").fill("Łukasz")
    await page.get_by_role("button", name="Dalej").click()
    await page.wait_for_url("**/end?letters=6")
    await expect(page.locator("h1")).to_have_text("a.localhost")
    await page.get_by_role("link", name="Inna strona").click()
    await page.wait_for_url("**/else")
    await expect(page.locator("#cookie")).to_have_text("b=lax")


@pytest.mark.parametrize("window", WITH_AND_WITHOUT_SCRIPT, ids=str)
async def test_chromium_keeps_cookies_of_two_origins(window: Window, two_sites: int, chromium_windows: Windows) -> None:
    await go_round(await chromium_windows.open(f"http://a.localhost:{two_sites}/start", window))


@pytest.mark.parametrize("window", WITH_AND_WITHOUT_SCRIPT, ids=str)
async def test_firefox_does_the_same(window: Window, two_sites: int, firefox_windows: Windows) -> None:
    await go_round(await firefox_windows.open(f"http://a.localhost:{two_sites}/start", window))


@pytest.mark.parametrize("window", EVERY_LOOK, ids=str)
async def test_axe_looks_at_a_page_that_allows_no_script_at_all(
    window: Window, two_sites: int, chromium_windows: Windows
) -> None:
    page = await chromium_windows.open(f"http://a.localhost:{two_sites}/start", window)
    await assert_accessible(page)
    dark = await page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
    assert (await page.evaluate("innerWidth"), dark) == (window.width, window.scheme == "dark")


async def test_axe_and_the_watch_complain_of_a_faulty_page(two_sites: int, chromium_windows: Windows) -> None:
    page = await chromium_windows.open(f"http://a.localhost:{two_sites}/faulty")
    assert {"image-alt", "label"} <= {rule["id"] for rule in await axe(page)}
    async for _ in looks_again():
        if "Content Security Policy" in " ".join(chromium_windows.watch.faults):
            break
    seen = " ".join(chromium_windows.watch.faults)
    chromium_windows.watch.faults.clear()
    assert "Content Security Policy" in seen


async def test_without_scripts_only_the_widths_are_looked_at(two_sites: int, chromium_windows: Windows) -> None:
    page = await chromium_windows.open(f"http://a.localhost:{two_sites}/faulty", Window(script=False))
    await assert_accessible(page)  # a page that axe complains of, and that axe would hang in
    with pytest.raises(AssertionError, match="no scripts"):
        await axe(page)
    chromium_windows.watch.faults.clear()


class Word(BaseHTTPRequestHandler):
    """A page with a picture that its server must be asked for."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("content-type", "text/html")
        self.end_headers()
        self.wfile.write(b'<!doctype html><title>Word</title><link rel="icon" href="data:,"><h1>Word</h1>')

    def log_message(self, *_: object) -> None:
        pass


async def refusals(page: Page, port: int) -> None:
    """The page asks where nobody listens, until the browser has said so."""
    heard: list[str] = []
    page.on("console", lambda message: heard.append(message.text))
    await page.evaluate("(address) => fetch(address).catch(() => null)", f"http://127.0.0.1:{port}/x")
    async for _ in looks_again():
        if any("ERR_CONNECTION_REFUSED" in text for text in heard):
            return
    raise AssertionError("the browser says nothing of a refused connection")


async def test_a_server_that_ended_is_no_fault_of_the_page_and_one_that_never_was_is(chromium_windows: Windows) -> None:
    server = HTTPServer(("127.0.0.1", 0), Word)
    thread = Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    page = await chromium_windows.open(f"http://127.0.0.1:{server.server_port}/")
    server.shutdown()
    thread.join()
    server.server_close()
    await refusals(page, server.server_port)
    assert chromium_windows.watch.faults == []
    await refusals(page, free_port())
    assert len(chromium_windows.watch.faults) == 1
    chromium_windows.watch.faults.clear()

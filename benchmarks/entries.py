"""A citizen's way through our own pages: the sign-in form, the consent, the code, the portal.

Two origins take part, so a person has two browsers that hand each other the address. The code is read
where the demonstration's phone would show it: in the inbox database.
"""

import asyncio
import re
import sqlite3
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Awaitable, Callable
from pathlib import Path
from urllib.parse import urlsplit

from benchmarks.browser import Browser, Page
from benchmarks.people_at_bank import PASSWORD, Townspeople, Townsperson
from benchmarks.target import JourneyError, SignIn, Target, WholeEntry
from benchmarks.wire import Wire

_TOKEN = re.compile(rb'name="csrf_token" value="([^"]+)"')
_TEXT = re.compile(rb'name="text" value="([^"]+)"')
_ACTION = re.compile(rb'<form method="post" action="([^"]+)"')
_ASKED = re.compile(rb'name="(characters_(\d+))"[^>]*>')


def wait_until_open(process: "subprocess.Popen[bytes]", origin: str, log: Path) -> None:
    """Wait for a server that was just started."""
    for _ in range(1200):
        if process.poll() is not None:
            break
        try:
            urllib.request.urlopen(f"{origin}/jwks", timeout=1).close()
            return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise RuntimeError(f"{origin} did not start: {log.read_text()[-2000:]}")


def millenet_sign_in(town: Townspeople) -> SignIn:
    """Sign in at the bank, as the driver's own relying party asks for it; the consent is remembered."""

    async def sign_in(browser: Browser, page: Page, login: str) -> str:
        page = await at_bank(browser, page, town.by_number[login])
        if page.answer is not None:
            raise JourneyError(f"the bank shows another page: {page.url}")
        return page.url

    return sign_in


def returning_entry(portal: str, town: Townspeople) -> WholeEntry:
    """From the portal's bank list to the portal's panel; the person has a profile since the first time."""

    async def play(target: Target, bank: Browser, login: str) -> None:
        at_portal = _portal_browser(portal)
        page = await _choose_bank(at_portal, bank)
        page = await at_bank(bank, page, town.by_number[login])
        page = await _onwards(page, at_portal)
        _arrived(page)

    return play


def first_entry(portal: str, town: Townspeople, inbox: Path) -> WholeEntry:
    """The whole first time: sign-in, consent, code, registration; each time by someone who was never there."""

    async def play(target: Target, bank: Browser, login: str) -> None:
        person, at_portal = next(town.first), _portal_browser(portal)
        page = await _choose_bank(at_portal, bank)
        page = await at_bank(bank, page, person)
        page = await send_form(bank, page, "/consent", {"consent": "yes", "text": _shown_text(page)})
        code = await _code_for(person, inbox)
        page = await send_form(bank, page, "/code", {"code": code})
        page = await _register(at_portal, await _onwards(page, at_portal))
        _arrived(page)

    return play


def _portal_browser(portal: str) -> Browser:
    return Browser(portal, Wire(("127.0.0.1", int(urlsplit(portal).port or 80))))


async def _choose_bank(at_portal: Browser, bank: Browser) -> Page:
    page = await at_portal.visit(f"{at_portal.origin}/banks")
    page = await at_portal.submit(f"{at_portal.origin}/banks/millenet", {"csrf_token": _token(page)})
    return await bank.visit(page.url)


SendForm = Callable[[Browser, Page, str, dict[str, str]], Awaitable[Page]]


async def at_bank(bank: Browser, page: Page, person: Townsperson, send: SendForm | None = None) -> Page:
    """The two pages of the masked sign-in (P9); `send` sends each form, at once unless said otherwise."""
    send = send or send_form
    page = await send(bank, page, "/number", {"number": person.number})
    asked = {
        name.decode(): person.pesel[int(place) - 1]
        for name, place in _ASKED.findall(_body(page))
        if not _is_closed(_body(page), name)
    }
    return await send(bank, page, "/password", {"number": person.number, "password": PASSWORD, **asked})


def _is_closed(body: bytes, name: bytes) -> bool:
    field = re.search(rb"<input[^>]*name=\"" + name + rb"\"[^>]*>", body)
    return field is not None and b" disabled" in field.group(0)


async def _register(at_portal: Browser, page: Page) -> Page:
    version = re.search(rb'name="terms_version" value="([^"]+)"', _body(page))
    form = {
        "phone": "",
        "email": "osoba@poczta.example",
        "email_again": "osoba@poczta.example",
        "terms_version": version.group(1).decode() if version else "",
        "regulations": "yes",
        "contact_data": "yes",
    }
    return await send_form(at_portal, page, "/form", form)


async def _onwards(page: Page, browser: Browser) -> Page:
    if page.answer is not None:
        raise JourneyError(f"still at the bank: {page.url}")
    return await browser.visit(page.url)


async def send_form(browser: Browser, page: Page, ending: str, fields: dict[str, str]) -> Page:
    """Send the form of a page whose address ends so."""
    actions = [action.decode() for action in _ACTION.findall(_body(page)) if action.decode().endswith(ending)]
    if not actions:
        raise JourneyError(f"no form {ending} on {page.url}")
    return await browser.submit(browser.origin + actions[0], {"csrf_token": _token(page), **fields})


def _token(page: Page) -> str:
    found = _TOKEN.search(_body(page))
    if found is None:
        raise JourneyError(f"no form on {page.url}")
    return found.group(1).decode()


def _shown_text(page: Page) -> str:
    """Which text of the consent the page showed."""
    found = _TEXT.search(_body(page))
    return found.group(1).decode() if found else ""


def _body(page: Page) -> bytes:
    if page.answer is None:
        raise JourneyError(f"sent away to {page.url}")
    return page.answer.body


async def _code_for(person: Townsperson, inbox: Path) -> str:
    """The code that arrived last; the worker sends it a moment after the page is there."""
    with sqlite3.connect(f"file:{inbox}?mode=ro", uri=True) as database:
        for _ in range(500):
            row = database.execute(
                "SELECT text FROM messages WHERE recipient = ? ORDER BY id DESC", (person.phone,)
            ).fetchone()
            if row is not None:
                return str(row[0])[-6:]
            await asyncio.sleep(0.002)
    raise JourneyError("the code did not come")


def _arrived(page: Page) -> None:
    if page.answer is None or page.answer.status != 200 or not page.url.endswith("/dashboard"):
        raise JourneyError(f"did not arrive at the portal: {page.url}")

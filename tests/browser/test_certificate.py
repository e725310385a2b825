"""A real browser with a certificate, a real nginx that asks for it, and the portal behind it (Z1)."""

import ssl
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
import pytest_asyncio
from playwright.async_api import Page, expect

from poreka.demo.certificates import PASSWORD
from poreka.systems.portal.certificate.door import REASONS
from tests.browser.citizen import Citizen
from tests.browser.look import BOTH_LANGUAGES, WINDOWS, Looks
from tests.support.axe import assert_accessible
from tests.support.browser import NARROW, Window, Windows
from tests.support.server import Demo, assert_log_is_discreet, free_port, start, stop

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def door_port() -> int:
    return free_port()


@pytest.fixture(scope="module")
def tls_demo(tmp_path_factory: pytest.TempPathFactory, door_port: int) -> Iterator[Demo]:
    """A demonstration over https, with its proxy."""
    running = start(tmp_path_factory.mktemp("demo"), "--tls", "--certificate-port", str(door_port))
    try:
        yield running
    finally:
        stop(running)
    assert_log_is_discreet(running, set())


class Holders:
    """People whose browsers have their certificates."""

    def __init__(self, demo: Demo, windows: Windows, door_port: int, folder: Path) -> None:
        self.demo, self.windows, self.folder = demo, windows, folder
        self.door = f"https://certificate.pue.localhost:{door_port}"

    async def come(self, person: str | None, window: Window = Window()) -> Page:  # noqa: B008 - frozen
        held: dict[str, Any] = {}
        if person is not None:
            file = self.folder / f"{person}.p12"
            file.write_bytes(self._download(person))
            held = {"client_certificates": [{"origin": self.door, "pfxPath": str(file), "passphrase": PASSWORD}]}
        return await self.windows.open(self.demo.url("pue"), window, ignore_https_errors=True, **held)

    def _download(self, person: str) -> bytes:
        assert self.demo.authority is not None
        with httpx2.Client(verify=ssl.create_default_context(cafile=self.demo.authority), trust_env=False) as client:
            address = f"https://127.0.0.1:{self.demo.port}/certificates/{person}.p12"
            return client.get(address, headers={"host": f"start.localhost:{self.demo.port}"}).content


@pytest_asyncio.fixture
async def holders(tls_demo: Demo, chromium_windows: Windows, door_port: int, tmp_path: Path) -> AsyncIterator[Holders]:
    yield Holders(tls_demo, chromium_windows, door_port, tmp_path)


async def knock(page: Page) -> None:
    """From the first page to wherever the certificate leads."""
    await page.locator('main a[href="/certificate"]').click()
    await page.locator('form[action="/certificate"] button').click()


async def fill_form(page: Page, email: str) -> None:
    """The registration form, with the e-mail and the boxes that must be ticked."""
    form = page.locator('main form[action$="/form"]')
    for name in ("email", "email_again"):
        await form.locator(f'[name="{name}"]').fill(email)
    for name in ("regulations", "contact_data"):
        await form.locator(f'[name="{name}"]').check()
    await form.locator("button").first.click()


async def test_a_first_entry_with_a_certificate(holders: Holders) -> None:
    page = await holders.come("jan")
    await knock(page)
    await expect(page.locator("main")).to_contain_text("Te dane są w Twoim certyfikacie")
    await assert_accessible(page)
    await fill_form(page, "jan@poczta.example")
    await expect(page).to_have_url(holders.demo.url("pue", "/dashboard"))
    await page.locator('form[action="/sign-out"] button').first.click()
    await expect(page.locator("main")).to_contain_text("wyjmij kartę z czytnika")
    await assert_accessible(page)


async def test_an_untrusted_profile_becomes_trusted_without_scripts_on_a_small_phone(holders: Holders) -> None:
    page = await holders.come("lukasz", Window(NARROW, script=False))
    await knock(page)
    await expect(page.locator("h1")).to_have_text("Potwierdzenie profilu")
    await fill_form(page, "lukasz@poczta.example")
    await expect(page).to_have_url(holders.demo.url("pue", "/dashboard") + "?notice=trusted")


async def test_data_that_differ_are_refused(holders: Holders) -> None:
    page = await holders.come("maria")
    await knock(page)
    await expect(page.locator("main")).to_contain_text("poproś wystawcę o nowy")
    await assert_accessible(page)


@pytest.mark.parametrize(
    ("person", "reason"), [(None, "missing"), ("zofia", "expired"), ("barbara", "revoked")], ids=str
)
async def test_a_certificate_that_opens_nothing(holders: Holders, person: str | None, reason: str) -> None:
    page = await holders.come(person)
    await knock(page)
    await expect(page).to_have_url(holders.demo.url("pue", f"/certificate/refused/{reason}"))
    await assert_accessible(page)


@BOTH_LANGUAGES
async def test_looks_of_the_door(holders: Holders, looks: Looks, language: str) -> None:
    page = await holders.come(None, WINDOWS[language])
    citizen = Citizen(holders.demo, page, "jan")
    await looks.at(citizen, "certificate", "/certificate")
    for reason in ("missing", "other_number", "left") if language == "pl" else (*REASONS, "stale"):
        await looks.at(citizen, f"certificate-{reason}", f"/certificate/refused/{reason}")
    await looks.at(citizen, "start-certificates", "/", system="start")

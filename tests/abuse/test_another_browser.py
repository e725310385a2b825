"""What one browser began no other goes on with, though it has the address: from a history, a log, over a shoulder.

Releases and entries have their own such tests (`tests/protocol/test_release_in_tabs.py`,
`tests/systems/portal/test_entry.py`); here is everything else that has an address of its own.
"""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.support.in_process import ANNA, BankInProcess
from tests.support.lone_portal import Browser
from tests.support.portal_with_mail import PortalWithMail, portal_with_mail
from tests.systems.portal.test_own_sign_in import NEW, lukasz, recovering, sign_in
from tests.systems.portal.test_registration import registering


@pytest_asyncio.fixture
async def place(tmp_path: Path) -> AsyncIterator[PortalWithMail]:
    async with portal_with_mail(tmp_path) as running:
        yield running


async def begun_at_the_portal(place: PortalWithMail, what: str) -> str:
    """The address of something that stands in the middle, in a browser of its own."""
    profile = await lukasz(place)
    if what == "recovery":
        return (await recovering(place)).response.url.path
    if what == "proven recovery":
        browser = await recovering(place)
        await browser.post(browser.response.url.path, do="try", code=place.code())
        return (await browser.follow()).response.url.path
    if what == "registration":
        return (await registering(place)).response.url.path
    if what == "sign-in by password":
        return (await sign_in(place)).location
    browser = await (await place.signed_in(profile)).get("/dashboard")
    return (await browser.post("/sign-out")).location


@pytest.mark.parametrize("what", ["recovery", "proven recovery", "registration", "sign-in by password", "sign-out"])
async def test_at_the_portal(place: PortalWithMail, what: str) -> None:
    path = await begun_at_the_portal(place, what)
    for stranger in (place.lone.browser(), await place.lone.browser().get("/password")):
        assert (await stranger.get(path)).response.status_code in (400, 410)
    thief: Browser = await place.lone.browser().get("/password")
    for fields in ({"do": "again"}, {"do": "try", "code": "123456"}, {"do": "set", "password": NEW}, {}):
        await thief.get("/password")
        await thief.post(path, **fields)
        assert thief.response.status_code in (400, 405, 410), fields
    assert thief.client.cookies.get("session") is None
    assert await place.audited("PasswordChanged") == []


async def test_at_the_bank(bank: BankInProcess) -> None:
    person = await bank.signed_in()
    question = await person.open("/end-session?client_id=pue")
    other = bank.browser()
    signing_in = await (await other.open("/sign-in")).submit("/number", number=ANNA.number)
    thief = await bank.signed_in("anna")
    await thief.open("/")
    for path in (question.path, signing_in.path):
        assert (await thief.open(path)).status == 410
        await thief.open("/")
        for ending in ("confirm", "stay", "number", "password", "clear"):
            fields = {"number": "1", "password": "x"} if ending == "password" else {}
            assert (await thief.post(f"{path}/{ending}", **fields)).status_code in (404, 410), ending
    assert len(await bank.bank.database.all("SELECT sid FROM sessions")) == 2

"""A service that relies on the trusted profile is entered from the profile's own pages, as from a bank's (P1, P7)."""

from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import pytest_asyncio

from poreka.rules.levels import Factor
from tests.support.profile_and_app import ProfileAndApp, profile_and_app

CONSENTS = "/settings/security/consents"


@pytest_asyncio.fixture
async def both(tmp_path: Path) -> AsyncIterator[ProfileAndApp]:
    async with profile_and_app(tmp_path) as started:
        yield started


async def withdrawn(both: ProfileAndApp) -> None:
    await both.agreed("pue")
    consent = await both.pz.consents.in_force("stanislaw", "pue")
    assert consent is not None
    await both.pz.consents.withdraw(both.pz.database, consent.id, "stanislaw", both.clock())


@pytest.mark.parametrize("way", ["/services/pue/enter", "/pue/activate"])
async def test_the_banner_and_a_withdrawn_consent_lead_to_the_service(both: ProfileAndApp, way: str) -> None:
    await withdrawn(both)
    page = await (await (await both.owner()).open(CONSENTS)).submit(way)
    assert page.left_for is not None
    assert urlsplit(page.left_for).hostname == "pue.localhost"
    assert page.answer["iss"] == both.pz.origin


async def test_nobody_is_led_there_with_one_factor(both: ProfileAndApp) -> None:
    page = await (await both.owner()).open(CONSENTS)
    weak = await both.owner(Factor.PASSWORD)
    weak.token = page.browser.token
    answer = await weak.post("/services/pue/enter")
    assert answer.headers["location"].startswith("/confirm"), "the second factor first"


async def test_the_profile_says_how_an_entry_that_began_there_ended(both: ProfileAndApp) -> None:
    page = await (await both.owner()).open("/?ended=cancelled")
    assert page.path == "/profile?ended=cancelled"
    assert "anul" in page.text.lower()

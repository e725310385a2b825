"""At the trusted profile the code goes out with the password: nobody asks for it first, and it goes once (T3)."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest_asyncio

from poreka.rules.authorising.tools import Tool
from tests.protocol.test_release import SUBSTANTIAL
from tests.support.asgi import AsgiBrowser, AsgiPage
from tests.support.profile_and_app import ProfileAndApp, profile_and_app

NAME, PASSWORD = "stanislaw.golab", "stara-brzoza-Wisła-44"


@pytest_asyncio.fixture
async def both(tmp_path: Path) -> AsyncIterator[ProfileAndApp]:
    async with profile_and_app(tmp_path) as started:
        owned = await started.pz.profiles.load("stanislaw")
        assert owned is not None
        known = replace(owned, password_hash=await started.pz.passwords.hash(PASSWORD))
        await started.pz.profiles.save(started.pz.database, owned, known)
        yield started


async def signed_in(both: ProfileAndApp, at: AsgiPage) -> AsgiPage:
    """The user name and the password; what came with them is delivered."""
    page = await at.submit("/password", number=NAME, password=PASSWORD)
    await both.pz_worker.send_due()
    return page


async def to_own_pages(both: ProfileAndApp) -> AsgiPage:
    return await signed_in(both, await AsgiBrowser(both.pz_site).open("/sign-in?next=/profile"))


async def to_service(both: ProfileAndApp) -> AsgiPage:
    """A service that asks for two factors, whose consent holds."""
    await both.agreed()
    page = await both.service().send(AsgiBrowser(both.pz_site), acr_values=SUBSTANTIAL)
    return await signed_in(both, page)


def buttons(page: AsgiPage) -> list[str]:
    return [node.text(strip=True) for node in page.html.css("main button")]


async def test_a_sign_in_to_ones_own_pages_is_a_password_and_the_code_that_came_with_it(both: ProfileAndApp) -> None:
    page = await to_own_pages(both)
    assert len(both.phones.messages) == 1
    assert "Potwierdź" in buttons(page)
    assert (await page.submit("/code", code=both.phones.last_code())).path == "/profile"


async def test_a_later_sign_in_to_a_service_is_a_password_and_the_code_that_came_with_it(both: ProfileAndApp) -> None:
    page = await to_service(both)
    assert len(both.phones.messages) == 1
    assert buttons(page)[0] == "Potwierdź"
    assert "code" in (await page.submit("/code", code=both.phones.last_code())).answer


async def test_one_sign_in_sends_one_code_whatever_is_opened_then(both: ProfileAndApp) -> None:
    page = await to_own_pages(both)
    for address in ("/profile", "/profile/details", page.path):
        await page.browser.open(address)
    asking = await page.browser.open("/confirm?next=/profile")
    assert asking.form_to("/ask")
    await both.pz_worker.send_due()
    assert len(both.phones.messages) == 1


async def test_who_goes_back_from_the_code_is_asked_before_another_is_sent(both: ProfileAndApp) -> None:
    page = await to_service(both)
    page = await page.submit("/back")
    await both.pz_worker.send_due()
    assert page.form_to("/operation")
    assert len(both.phones.messages) == 1


async def test_whoever_uses_the_app_is_asked_there_with_the_password(both: ProfileAndApp) -> None:
    await both.enrol()
    assert await both.pz.tools.current("stanislaw") is Tool.PUSH
    await to_own_pages(both)
    assert len(await both.pz.app_requests.recent("stanislaw")) == 1


async def test_a_first_consent_comes_before_any_code(both: ProfileAndApp) -> None:
    page = await both.service().send(AsgiBrowser(both.pz_site), acr_values=SUBSTANTIAL)
    page = await signed_in(both, page)
    assert page.form_to("/consent")
    assert not both.phones.messages

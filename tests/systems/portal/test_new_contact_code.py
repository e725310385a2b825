"""The code for a new phone or address at the trusted profile: how its message stands, and another one in its place."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.support.asgi import AsgiPage
from tests.support.profile_and_app import ProfileAndApp, profile_and_app

NEW = {"phone": "600201777", "email": "nowy@poczta.example"}


@pytest_asyncio.fixture
async def both(tmp_path: Path) -> AsyncIterator[ProfileAndApp]:
    async with profile_and_app(tmp_path) as started:
        yield started


async def pressed(page: AsgiPage, **fields: str) -> AsgiPage:
    path = page.path.partition("?")[0]
    return await page.browser.send("POST", path, {"csrf_token": page.browser.token, **fields})


def code_sent(both: ProfileAndApp) -> str:
    return re.findall(r"(?<!\d)\d{6}(?!\d)", both.phones.messages[-1].body)[-1]


@pytest.mark.parametrize("field", NEW)
async def test_another_code_takes_the_place_of_the_first(both: ProfileAndApp, field: str) -> None:
    owner = await both.owner()
    page = await owner.open(f"/profile/contact/{field}")
    page = await page.submit(f"/contact/{field}", **{field: NEW[field]})
    assert "wysyłamy…" in page.text
    await both.pz_worker.send_due()
    old = code_sent(both)
    early = await pressed(page, do="again")
    assert early.status == 429, "half a minute lies between two"
    assert early.html.css_first("[aria-invalid], .govuk-error-summary") is None
    both.clock.advance(31)
    page = await pressed(page, do="again")
    assert page.status == 200, page.text
    await both.pz_worker.send_due()
    new = code_sent(both)
    if new != old:
        assert (await pressed(page, code=old, do="code")).status == 422
    assert "/operation/" in (await pressed(page, code=new, do="code")).path


async def test_for_a_lost_code_another_comes_at_once_and_three_are_all(both: ProfileAndApp) -> None:
    owner = await both.owner()
    page = await owner.open("/profile/contact/phone")
    page = await page.submit("/contact/phone", phone=NEW["phone"])
    for _ in range(3):
        await both.pz.database.run("UPDATE outbox SET failure = 'away' WHERE dispatched_at IS NULL")
        page = await owner.open(page.path.partition("?")[0])
        assert "SMS-a na razie nie udaje się wysłać" in page.text
        page = await pressed(page, do="again")
        assert page.status == 200, page.text
    await both.pz.database.run("UPDATE outbox SET failure = 'away' WHERE dispatched_at IS NULL")
    page = await owner.open(page.path.partition("?")[0])
    assert "możesz też od razu poprosić" not in page.text.lower(), "nothing is offered that cannot be had"
    count = "SELECT count(*) AS n FROM outbox"
    before = (await both.pz.database.one(count))["n"]
    assert "Więcej kodów nie wyślemy" in (await pressed(page, do="again")).text
    assert (await both.pz.database.one(count))["n"] == before


@pytest.mark.parametrize("field", NEW)
async def test_after_the_time_of_a_code_another_comes_in_place(both: ProfileAndApp, field: str) -> None:
    owner = await both.owner()
    page = await owner.open(f"/profile/contact/{field}")
    page = await page.submit(f"/contact/{field}", **{field: NEW[field]})
    await both.pz_worker.send_due()
    both.clock.advance(300)
    page = await owner.open(page.path)
    assert "Czas na wpisanie kodu minął" in page.text
    page = await pressed(page, do="again")
    await both.pz_worker.send_due()
    page = await pressed(page, code=code_sent(both), do="code")
    assert "/operation/" in page.path
    page = await page.browser.send("POST", f"{page.path}/ask", {"csrf_token": owner.token, "tool": "sms"})
    await both.pz_worker.send_due()
    both.clock.advance(300)
    page = await owner.open(page.path)
    assert "Czas na wpisanie kodu minął" in page.text, "the owner's own tool, too"
    page = await page.browser.send("POST", f"{page.path}/ask", {"csrf_token": owner.token, "tool": "sms"})
    await both.pz_worker.send_due()
    assert (await page.submit("/code", code=code_sent(both))).path.startswith("/profile?done=")

"""Push fatigue (T5): whoever has the password cannot make a phone ask until somebody gives in.

One question at a time, a pause after two refusals or three questions without an answer, and no more in a day than
codes, whatever tabs, browsers and workers they come from; and a guess at the number is worth one try in ninety.
"""

import asyncio
from collections.abc import AsyncIterator
from itertools import pairwise

import pytest
import pytest_asyncio

from poreka.rules.authorising.push_request import PushLimits
from poreka.rules.limits.code_allowance import CodeAllowance
from tests.support.asgi import AsgiBrowser, AsgiPage
from tests.support.in_process import BankInProcess, BankTemplate, start_bank
from tests.support.phone_app import TOOLS, answer, approve, give_app, told, wrong_number

LIMITS, DAY = PushLimits(), 24 * 60 * 60


@pytest_asyncio.fixture
async def bank(bank_template: BankTemplate) -> AsyncIterator[BankInProcess]:
    """A bank whose customer Jan uses the app, once on SQLite and once on PostgreSQL."""
    async with bank_template.copy(tools=TOOLS) as started:
        await give_app(started)
        yield started


async def at_consent(bank: BankInProcess, browser: AsgiBrowser, count: int) -> list[AsgiPage]:
    client = bank.fapi()
    return [await client.send(browser) for _ in range(count)]


async def consent(page: AsgiPage) -> None:
    await page.browser.post(f"{page.path}/consent", consent="yes", text=page.shown_text)


async def questions(bank: BankInProcess) -> int:
    """How often the phone has asked so far."""
    await bank.worker.send_due()
    return len(bank.app.messages)


async def test_of_many_releases_at_once_one_asks(bank: BankInProcess) -> None:
    pages = await at_consent(bank, await bank.signed_in(), 6)
    pages += await at_consent(bank, await bank.signed_in(), 6)  # another browser
    await asyncio.gather(*(consent(page) for page in pages))
    assert await questions(bank) == 1
    await asyncio.gather(*(page.browser.post(f"{page.path}/operation", tool="push") for page in pages))
    assert await questions(bank) == 1
    shown = [await page.browser.open(page.path) for page in pages]
    assert sum("Potwierdź w aplikacji" in page.heading for page in shown) == 1
    assert sum("Inna prośba czeka" in page.heading for page in shown) == 11


async def test_workers_of_one_bank_ask_once_together(bank_template: BankTemplate) -> None:
    """Three workers, each with connections of its own to the same database, as processes have."""
    async with bank_template.copy(tools=TOOLS) as first:
        await give_app(first)
        address = first.bank.settings.system.database
        more = [await start_bank(first.folder, address, first.clock, first.keys, tools=TOOLS) for _ in range(2)]
        workers = [first, *more]
        pages = [page for one in workers for page in await at_consent(one, await one.signed_in(), 4)]
        await asyncio.gather(*(consent(page) for page in pages))
        await asyncio.gather(*(page.browser.post(f"{page.path}/operation", tool="push") for page in pages))
        rows = await first.bank.database.all("SELECT state FROM push_requests")
        assert [row["state"] for row in rows] == ["open"]
        sent = await asyncio.gather(*(one.worker.send_due() for one in workers))
        assert sum(sent) == 1
        for one in more:
            await one.running.stop()


async def bombard(bank: BankInProcess, *, seconds: int, refuses: bool) -> list[int]:
    """Ask again and again, every ten seconds, through fresh sign-ins; the moments at which the phone asked."""
    begun, asked = bank.clock(), list[int]()
    page = (await at_consent(bank, await bank.signed_in(), 1))[0]
    await consent(page)
    while bank.clock() < begun + seconds:
        if await questions(bank) > len(asked):
            asked.append(bank.clock() - begun)
            if refuses:
                await answer(bank, await told(bank))
        bank.clock.advance(10)
        await bank.signed_in(browser=page.browser)
        answered = await page.browser.post(f"{page.path}/operation", tool="push")
        if answered.status_code == 410 or bank.clock() % 1200 < 10:  # a release lasts for half an hour
            page = (await at_consent(bank, await bank.signed_in(), 1))[0]
            if page.status != 200:
                break  # the day's allowance is used up
            await consent(page)
    return asked


async def test_who_refuses_is_asked_twice_and_then_once_in_a_quarter_of_an_hour(bank: BankInProcess) -> None:
    asked = await bombard(bank, seconds=3600, refuses=True)
    assert 3 <= len(asked) <= 2 + 3600 // LIMITS.pause
    gaps = [later - earlier for earlier, later in pairwise(asked[1:])]
    assert all(gap >= LIMITS.pause for gap in gaps)


async def test_who_ignores_the_phone_is_asked_three_times_and_then_after_pauses(bank: BankInProcess) -> None:
    asked = await bombard(bank, seconds=3600, refuses=False)
    assert 4 <= len(asked) <= 3 + 3600 // (LIMITS.pause + LIMITS.life)
    assert all(later - earlier >= LIMITS.life for earlier, later in pairwise(asked))


@pytest.mark.parametrize("refuses", [True, False])
async def test_a_whole_day_brings_no_more_questions_than_codes(sqlite_bank: BankTemplate, refuses: bool) -> None:
    async with sqlite_bank.copy(tools=TOOLS) as bank:
        await give_app(bank)
        asked = await bombard(bank, seconds=DAY, refuses=refuses)
        assert len(asked) == CodeAllowance().operations


async def test_wrong_numbers_count_as_wrong_codes_of_the_day(bank: BankInProcess) -> None:
    """Nine tries at one number in ninety, and each of them shown to the owner first."""
    guesses = 0
    while guesses < 30:
        page = (await at_consent(bank, await bank.signed_in(), 1))[0]
        if page.status != 200:
            break
        await consent(page)
        before = len(bank.app.messages)
        if await questions(bank) > before:
            question = await told(bank)
            await answer(bank, question, number=wrong_number(bank, question))
            guesses += 1
        bank.clock.advance(LIMITS.pause)
    assert guesses == CodeAllowance().wrong


async def test_nothing_but_time_or_an_approval_ends_a_pause(bank: BankInProcess) -> None:
    for _ in range(2):
        page = (await at_consent(bank, await bank.signed_in(), 1))[0]
        await consent(page)
        await answer(bank, await told(bank))
    asked = await questions(bank)
    for _ in range(3):  # sign-ins, browsers, going back, giving up
        page = (await at_consent(bank, await bank.signed_in(), 1))[0]
        await consent(page)
        for ending in ("operation", "back", "consent", "operation", "cancel"):
            await page.browser.post(f"{page.path}/{ending}", **({"tool": "push"} if ending == "operation" else {}))
    assert await questions(bank) == asked
    bank.clock.advance(LIMITS.pause)
    page = (await at_consent(bank, await bank.signed_in(), 1))[0]
    await consent(page)
    assert await questions(bank) == asked + 1
    await approve(bank, await told(bank))
    await page.browser.post(f"{page.path}/push")
    assert await bank.bank.consents.in_force("jan", "sandbox-fapi") is not None


async def test_the_pause_is_the_person_s_own(bank: BankInProcess) -> None:
    await give_app(bank, "anna")
    for _ in range(2):
        page = (await at_consent(bank, await bank.signed_in(), 1))[0]
        await consent(page)
        await answer(bank, await told(bank))
    asked = await questions(bank)
    page = (await at_consent(bank, await bank.signed_in("anna"), 1))[0]
    await consent(page)
    assert await questions(bank) == asked + 1

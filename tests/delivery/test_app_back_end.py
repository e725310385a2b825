"""A bank and the real back end of its app, over HTTP: taken once, tried again, away, and no second question."""

from collections.abc import AsyncIterator

import msgspec
import pytest
import pytest_asyncio

from poreka.contracts.app_request import PushMessage
from poreka.delivery.http_push import HttpPush
from poreka.outgoing.back_channel import BackChannel, Reach
from poreka.rules.authorising.push_request import PushState
from tests.support.app_back_end import TOKEN, AppBackEnd, Trouble, running
from tests.support.in_process import BankInProcess, BankTemplate, postgres_bank, sqlite_bank
from tests.support.phone_app import TOOLS, approve, at_push, begin_again, give_app

__all__ = ["postgres_bank", "sqlite_bank"]
REACH = Reach(allow_http=True, private_hosts=frozenset({"127.0.0.1"}))


@pytest_asyncio.fixture
async def together(sqlite_bank: BankTemplate) -> AsyncIterator[tuple[BankInProcess, AppBackEnd]]:
    """A bank whose app has this back end; Jan uses it."""
    with running(AppBackEnd()) as back_end:
        async with sqlite_bank.copy(tools=TOOLS) as bank:
            channel = BackChannel(REACH, total_seconds=1.0)
            bank.worker._hand_over.senders["push"] = (HttpPush(channel.send, back_end.url, TOKEN),)  # type: ignore[index]
            await give_app(bank)
            yield bank, back_end
            await channel.aclose()


def asked(back_end: AppBackEnd) -> PushMessage:
    return msgspec.convert(list(back_end.taken.values())[-1], PushMessage)


async def test_a_request_arrives_and_its_answer_releases(together: tuple[BankInProcess, AppBackEnd]) -> None:
    bank, back_end = together
    page = await at_push(bank)
    await bank.worker.send_due()
    assert len(back_end.taken) == 1
    assert (await approve(bank, asked(back_end))).json() == {"state": "approved"}
    assert "code" in (await page.submit("/push")).answer


@pytest.mark.parametrize("trouble", ["500", "silent"])
async def test_in_doubt_the_same_request_comes_again_and_asks_nobody_twice(
    together: tuple[BankInProcess, AppBackEnd], trouble: Trouble
) -> None:
    bank, back_end = together
    back_end.trouble = trouble
    page = await at_push(bank)
    await bank.worker.send_due()
    back_end.trouble = ""
    bank.clock.advance(5)
    await bank.worker.send_due()
    assert len(back_end.keys) == 2
    assert len(set(back_end.keys)) == len(back_end.taken) == 1
    await approve(bank, asked(back_end))
    assert "code" in (await page.submit("/push")).answer


async def test_while_it_is_away_the_page_says_so_and_the_request_is_tried_again(
    together: tuple[BankInProcess, AppBackEnd],
) -> None:
    bank, back_end = together
    back_end.trouble = "503"
    page = await at_push(bank)
    await bank.worker.send_due()
    page = await page.browser.open(page.path)
    assert "Nie możemy się na razie połączyć z aplikacją" in page.text
    assert 'value="sms"' in page.response.text
    back_end.trouble = ""
    bank.clock.advance(5)
    await bank.worker.send_due()
    page = await page.browser.open(page.path)
    assert "połączyć" not in page.text
    await approve(bank, asked(back_end))
    assert "code" in (await page.submit("/push")).answer


async def test_a_customer_without_an_app_is_told_and_goes_on_with_a_code(
    together: tuple[BankInProcess, AppBackEnd],
) -> None:
    bank, back_end = together
    back_end.trouble = "404"
    page = await at_push(bank)
    await bank.worker.send_due()
    page = await page.browser.open(page.path)
    assert "Prośba nie dotarła do aplikacji" in page.text
    page = await begin_again(page, "sms")
    assert "code" in (await page.submit("/code", code=await bank.deliver())).answer
    assert [one.state for one in await bank.bank.app_requests.recent("jan")] == [PushState.WITHDRAWN]


async def test_a_back_end_that_is_away_for_too_long_gets_nothing_late(
    together: tuple[BankInProcess, AppBackEnd],
) -> None:
    bank, back_end = together
    back_end.trouble = "503"
    await at_push(bank)
    for _ in range(12):
        await bank.worker.send_due()
        bank.clock.advance(15)
    back_end.trouble = ""
    await bank.worker.send_due()
    assert back_end.taken == {}

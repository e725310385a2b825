"""The customer connects the bank's own app: on the word of a tool that is ready, or with the password and a pause."""

from collections.abc import AsyncIterator

import pytest_asyncio

from poreka.rules.authorising.tools import HOUR, Held, Readiness, Tool, readiness
from tests.protocol.test_release import wrong
from tests.support.asgi import AsgiBrowser, AsgiPage
from tests.support.in_process import PASSWORD, BankInProcess, BankTemplate
from tests.support.phone_app import TOOLS, answer, approve, told

TOOLS_PAGE = "/settings/security/tools"
APP = f"{TOOLS_PAGE}/app"


@pytest_asyncio.fixture
async def bank(bank_template: BankTemplate) -> AsyncIterator[BankInProcess]:
    """A bank with every tool, on each engine; Jan has his phone number only."""
    async with bank_template.copy(tools=TOOLS) as started:
        yield started


async def begun(bank: BankInProcess, browser: AsgiBrowser | None = None) -> AsgiPage:
    """From the list of tools to the first question."""
    browser = browser or await bank.signed_in()
    page = await browser.open(TOOLS_PAGE)
    assert APP in [node.attributes["href"] for node in page.html.css("a[href]")]
    return await (await browser.open(APP)).submit("/app")


async def stands(bank: BankInProcess) -> Readiness:
    return readiness(Tool.PUSH, await bank.bank.tools.held("jan"), [], bank.clock())


async def notices(bank: BankInProcess) -> list[str]:
    """The channels by which Jan was told that a tool was added."""
    await bank.worker.send_due()
    return sorted(one.channel for one in bank.phones.messages if "nowa metoda" in one.body)


async def test_the_ready_tool_says_yes_the_app_answers_and_is_a_tool_at_once(bank: BankInProcess) -> None:
    page = await begun(bank)
    assert "Krok 1 z 2" in page.text
    page = await page.submit("/code", code=await bank.deliver())
    assert "Krok 2 z 2" in page.text
    assert await stands(bank) is Readiness.MISSING, "nothing before the app has answered"
    await approve(bank, await told(bank))
    page = await (await page.browser.open(page.path)).submit("/push")
    assert page.path == f"{TOOLS_PAGE}?added=push"
    assert "Połączone" in page.text
    assert await stands(bank) is Readiness.READY
    assert await bank.bank.tools.current("jan") is Tool.SMS, "what one authorises with is another choice"
    assert await notices(bank) == ["email", "sms"]
    assert "AuthorisationToolAdded" in await bank.events()
    rows = await bank.bank.database.all("SELECT tool, purpose FROM operations ORDER BY number")
    assert [row["purpose"].partition(":")[0] for row in rows] == ["Połączenie metody", "Nowa metoda"]
    assert (await page.browser.open(APP)).path == TOOLS_PAGE, "there is nothing more to be connected"


async def test_an_open_session_alone_connects_nothing(bank: BankInProcess) -> None:
    page = await begun(bank)
    code = await bank.deliver()
    for by in (1, 2, 3):
        await page.submit("/code", code=wrong(code, by))
    assert await stands(bank) is Readiness.MISSING
    await page.browser.open(APP)
    await page.browser.post(APP, password=PASSWORD)
    assert await stands(bank) is Readiness.MISSING, "where a tool is ready, the password is no word"


async def test_an_app_that_says_no_is_not_connected(bank: BankInProcess) -> None:
    page = await begun(bank)
    page = await page.submit("/code", code=await bank.deliver())
    await answer(bank, await told(bank))
    await (await page.browser.open(page.path)).browser.post(f"{page.path.partition('?')[0]}/push")
    assert await stands(bank) is Readiness.MISSING
    assert await notices(bank) == []


async def test_with_the_password_alone_the_app_waits_a_day_and_every_address_is_told(bank: BankInProcess) -> None:
    await bank.bank.tools.hold(bank.bank.database, "jan", Held(tool=Tool.SMS, blocked=True))
    browser = await bank.signed_in()
    page = await (await browser.open(APP)).submit("/app", password="not it")
    assert page.status == 422
    assert await stands(bank) is Readiness.MISSING
    page = await page.submit("/app", password=PASSWORD)
    assert page.path == f"{TOOLS_PAGE}?added=push"
    assert "Jeszcze nie działa" in page.text
    assert await stands(bank) is Readiness.WAITS
    assert await notices(bank) == ["email", "sms"]
    assert (await browser.post(f"{TOOLS_PAGE}/change", tool="push")).headers["location"] == TOOLS_PAGE
    bank.clock.advance(24 * HOUR)
    assert await stands(bank) is Readiness.READY


async def test_an_app_that_was_blocked_is_not_connected_anew(bank: BankInProcess) -> None:
    browser = await bank.signed_in()
    page = await begun(bank, browser)
    page = await page.submit("/code", code=await bank.deliver())
    asked = await told(bank)
    await bank.bank.tools.hold(bank.bank.database, "jan", Held(tool=Tool.PUSH, blocked=True))
    await approve(bank, asked)
    await browser.open(page.path)
    await browser.post(f"{page.path.partition('?')[0]}/push")
    assert await stands(bank) is Readiness.BLOCKED, "blocked by the hotline in the meantime"
    assert (await browser.open(APP)).path == TOOLS_PAGE
    await browser.post(APP)
    assert await stands(bank) is Readiness.BLOCKED


async def test_a_bank_without_an_app_has_no_such_page(bank_template: BankTemplate) -> None:
    async with bank_template.copy(tools=("sms", "card")) as started:
        browser = await started.signed_in()
        assert (await browser.open(APP)).status == 404
        assert APP not in (await browser.open(TOOLS_PAGE)).response.text

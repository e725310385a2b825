"""P5, with every tool at every bank: no code at the sign-in, and one answer for one operation, its own.

Whoever attacks here has the password, and now and then a code or an approval that was meant for something else. Each
test tries to spend it where it does not belong, and looks whether data could leave.
"""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

import msgspec
import pytest
import pytest_asyncio

from poreka.contracts.app_request import PushMessage
from poreka.rules.authorising.code_card import CodeCard, card_code
from poreka.rules.authorising.tools import Held, Tool
from tests.protocol.test_tool_change import TOOLS_PAGE, begin
from tests.support.asgi import AsgiBrowser, AsgiPage
from tests.support.in_process import JAN, PASSWORD, BankInProcess, BankTemplate
from tests.support.phone_app import TOOLS, answer, approve, begin_again, number_of, told

BANKS = ("millenet", "inteligo", "ipko", "bos", "envelo")
CARD = CodeCard(id="c1", serial="12345678")
PATIENCE = 600  # seconds after which every answer is too late


@dataclass(frozen=True)
class Tried:
    """A bank, and the tool that Jan uses there."""

    bank: BankInProcess
    tool: Tool

    async def choose(self, tool: Tool) -> None:
        await self.bank.bank.tools.choose(self.bank.bank.database, "jan", tool)

    async def at_answer(self, browser: AsgiBrowser | None = None, client: str = "sandbox-fapi") -> AsgiPage:
        """A release that waits for the answer of the current tool."""
        address = "http://127.0.0.1:3000/callback" if client == "sandbox-fapi" else "https://other.example/callback"
        page = await self.bank.fapi(client, address).send(browser or await self.bank.signed_in())
        await page.browser.post(f"{page.path}/consent", consent="yes", text=page.shown_text)
        return await page.browser.open(page.path)

    async def right(self, tool: Tool | None = None) -> str | PushMessage:
        """What answers the newest operation of a tool rightly."""
        await self.bank.worker.send_due()
        match tool or self.tool:
            case Tool.SMS:
                return self.bank.phones.last_code()
            case Tool.CARD:
                card = (await self.bank.bank.tools.cards("jan"))[0]
                return card_code(self.bank.bank.keys.codes, card.id, card.next_code)
            case Tool.PUSH:
                return await told(self.bank)

    async def give(self, page: AsgiPage, answer: str | PushMessage, *, path: str = "") -> AsgiPage:
        """Give an answer to a page, whatever it asks for, as somebody would who writes requests by hand."""
        if isinstance(answer, PushMessage):
            await approve(self.bank, answer)
            await page.browser.post(f"{path or page.path}/push")
        else:
            await page.browser.post(f"{path or page.path}/code", code=answer)
        return await page.browser.open(path or page.path)

    async def nothing_left(self, person: str = "jan") -> None:
        """No consent came into force, no code was issued, and no session is stronger than its password."""
        database = self.bank.bank.database
        assert await database.all("SELECT 1 AS one FROM consents WHERE person_id = $1", person) == []
        assert await database.all("SELECT 1 AS one FROM authorization_codes") == []
        assert {row["factors"] for row in await database.all("SELECT factors FROM sessions")} <= {'["password"]'}

    async def asked(self) -> int:
        """How often a tool was asked: operations, SMS with a code, and questions in the app."""
        await self.bank.worker.send_due()
        codes = [one for one in self.bank.phones.messages if "Kod SMS nr" in one.body]
        operations = await self.bank.bank.database.all("SELECT 1 AS one FROM operations")
        return len(operations) + len(codes) + len(self.bank.app.messages)


@pytest_asyncio.fixture(params=[(bank, tool) for bank in BANKS for tool in Tool], ids=str)
async def tried(request: pytest.FixtureRequest, sqlite_bank: BankTemplate) -> AsyncIterator[Tried]:
    """Each bank with each tool; Jan has all tools and uses this one."""
    preset, tool = request.param
    async with sqlite_bank.copy(preset=preset, tools=TOOLS) as bank:
        await bank.bank.database.insert(bank.bank.tools.adding("jan", CARD, bank.clock()))
        for person in ("jan", "anna"):
            await bank.bank.tools.hold(bank.bank.database, person, Held(tool=Tool.PUSH))
        one = Tried(bank, tool)
        await one.choose(tool)
        yield one


async def sign_in(bank: BankInProcess) -> list[AsgiPage]:
    """Sign in as a person does; every page on the way."""
    browser = bank.browser()
    pages = [await browser.open("/sign-in")]
    number, pesel = JAN.number, JAN.identifier
    if "/number" in pages[0].response.text:
        pages.append(await pages[0].submit("/number", number=number))
        names = [node.attributes["name"] or "" for node in pages[-1].html.css("input[name^=characters_]")]
        characters = {name: pesel[int(name.rpartition("_")[2]) - 1] for name in names}
        pages.append(await pages[-1].submit("/password", password=PASSWORD, **characters))
    else:
        pages.append(await pages[-1].submit("/password", number=number, password=PASSWORD))
    return pages


async def test_no_bank_asks_for_an_answer_at_the_sign_in(tried: Tried) -> None:
    pages = await sign_in(tried.bank)
    assert pages[-1].path == "/"
    for page in pages[:-1]:
        assert page.html.css("input[name=code], input[name=number_to_match]") == []
    assert await tried.asked() == 0


async def test_one_operation_asks_once_whatever_is_clicked(tried: Tried) -> None:
    page = await tried.at_answer()
    before = await tried.asked()
    assert before == (1 if tried.tool is Tool.CARD else 2)
    for _ in range(3):
        for ending, fields in (
            ("consent", {"consent": "yes"}),
            ("operation", {}),
            *(("operation", {"tool": tool.value}) for tool in Tool),
            *((("new-code", {}),) if tried.tool is not Tool.SMS else ()),
        ):
            await page.browser.post(f"{page.path}/{ending}", **fields)
    assert await tried.asked() == before
    rows = await tried.bank.bank.database.all("SELECT tool, state FROM operations")
    assert [(row["tool"], row["state"]) for row in rows] == [(tried.tool.value, "issued")]


async def test_after_the_right_answer_the_operation_takes_no_other(tried: Tried) -> None:
    page = await tried.at_answer()
    answer = await tried.right()
    await tried.give(page, answer)
    asked = await tried.asked()
    for _ in range(2):
        await tried.give(page, answer)
        await page.browser.post(f"{page.path}/operation", tool="sms")
    assert await tried.asked() == asked
    events = await tried.bank.events()
    assert events.count("OperationAuthorised") == events.count("ConsentGiven") == 1
    assert events.count("CodeIssued") <= 1


@pytest.mark.parametrize("place", [0, 1])
async def test_an_answer_of_another_tool_opens_nothing(tried: Tried, place: int) -> None:
    """It is the right one, of the same person, at the same moment; but for another operation."""
    other = [tool for tool in Tool if tool is not tried.tool][place]
    browser = await tried.bank.signed_in()
    await tried.choose(other)
    theirs = await tried.at_answer(browser, "other-fapi")
    answer = await tried.right(other)
    await tried.choose(tried.tool)
    page = await tried.at_answer(browser)
    await tried.give(page, answer)
    await tried.nothing_left()
    assert (await browser.open(theirs.path)).left_for is None


async def test_an_answer_for_one_service_releases_nothing_to_another(tried: Tried) -> None:
    browser = await tried.bank.signed_in()
    first = await tried.at_answer(browser)
    answer = await tried.right()
    if tried.tool is Tool.CARD:  # a card's code is the person's, but counts once
        await tried.give(first, answer)
    second = await tried.at_answer(browser, "other-fapi")
    await tried.give(second, answer)
    consents = await tried.bank.bank.database.all("SELECT client_id FROM consents")
    assert "other-fapi" not in {row["client_id"] for row in consents}
    assert (await browser.open(second.path)).left_for is None


async def test_an_allowed_change_of_tool_releases_nothing(tried: Tried) -> None:
    """A card's code is left out where it does not belong: both operations wait for the same one, and it counts once."""
    browser, new = await tried.bank.signed_in(), next(tool for tool in Tool if tool is not tried.tool)
    release = await tried.at_answer(browser)
    if tried.tool is Tool.PUSH:
        await browser.post(f"{release.path}/cancel")  # one question at a time
    change = await begin(browser, new)
    for tool in (tried.tool, new):
        answer = await tried.right(tool)
        if tool is not Tool.CARD:
            await tried.give(release, answer)
            await tried.nothing_left()
        change = await tried.give(change, answer)
    assert await tried.bank.bank.tools.current("jan") is new
    await tried.give(release, answer)
    await tried.nothing_left()


async def test_changing_the_tool_in_the_middle_changes_no_open_operation(tried: Tried) -> None:
    page = await tried.at_answer()
    for tool in Tool:
        await tried.choose(tool)
        if tool is not tried.tool:
            answer: str = card_code(tried.bank.bank.keys.codes, CARD.id, 1) if tool is Tool.CARD else "000000"
            await page.browser.post(f"{page.path}/code", code=answer)
            await page.browser.post(f"{page.path}/push")
            await page.browser.post(f"{page.path}/operation", tool=tool.value)
    rows = await tried.bank.bank.database.all("SELECT tool FROM operations")
    assert {row["tool"] for row in rows} == {tried.tool.value}
    await tried.nothing_left()


async def test_a_tool_that_is_blocked_in_the_middle_opens_nothing(tried: Tried) -> None:
    browser = await tried.bank.signed_in()
    page = await tried.at_answer(browser)
    answer = await tried.right()
    lost = await (await tried.bank.signed_in()).open(f"{TOOLS_PAGE}/lost")
    await lost.submit("/lost", tool=tried.tool.value, password=PASSWORD)
    await tried.give(page, answer)
    await tried.nothing_left()


async def test_an_answer_after_its_time_opens_nothing(tried: Tried) -> None:
    page = await tried.at_answer()
    answer = await tried.right()
    tried.bank.clock.advance(PATIENCE - 1)
    await tried.give(page, answer)
    await tried.nothing_left()


async def test_an_answer_in_another_browser_or_for_another_person_opens_nothing(tried: Tried) -> None:
    page = await tried.at_answer()
    answer = await tried.right()
    for person in ("jan", "anna"):
        thief = await tried.bank.signed_in(person)
        await thief.open("/")
        assert (await thief.open(page.path)).status == 410
        await tried.give(AsgiPage(thief, page.response, page.path), answer)
        await tried.nothing_left(person)
    await tried.bank.signed_in("anna", browser=page.browser)
    await tried.give(page, answer)
    await tried.nothing_left("anna")
    await tried.nothing_left("jan")


async def test_the_same_answer_twice_at_once_counts_once(tried: Tried) -> None:
    page = await tried.at_answer()
    answer = await tried.right()
    ending, fields = ("push", {}) if isinstance(answer, PushMessage) else ("code", {"code": answer})
    if isinstance(answer, PushMessage):
        await approve(tried.bank, answer)
    await asyncio.gather(*(page.browser.post(f"{page.path}/{ending}", **fields) for _ in range(5)))
    pages = await asyncio.gather(*(page.browser.open(page.path) for _ in range(3)))
    assert sum(one.left_for is not None for one in pages) == 1
    events = await tried.bank.events()
    assert events.count("OperationAuthorised") == events.count("ConsentGiven") == events.count("CodeIssued") == 1


@pytest_asyncio.fixture
async def asked(bank_template: BankTemplate) -> AsyncIterator[tuple[Tried, AsgiPage, PushMessage]]:
    """Jan's app is asking, once on SQLite and once on PostgreSQL."""
    async with bank_template.copy(tools=TOOLS) as bank:
        await bank.bank.tools.hold(bank.bank.database, "jan", Held(tool=Tool.PUSH))
        one = Tried(bank, Tool.PUSH)
        await one.choose(Tool.PUSH)
        page = await one.at_answer()
        yield one, page, await told(bank)


async def test_of_two_apps_that_approve_at_once_one_does(asked: tuple[Tried, AsgiPage, PushMessage]) -> None:
    tried, page, question = asked
    answers = await asyncio.gather(*(approve(tried.bank, question) for _ in range(6)))
    assert sorted(one.status_code for one in answers) == [200, *[409] * 5]
    assert {one.json()["state"] for one in answers} == {"approved"}
    assert (await tried.bank.events()).count("PushApproved") == 1
    await page.browser.post(f"{page.path}/push")
    assert (await page.browser.open(page.path)).left_for is not None


async def test_of_an_approval_and_a_refusal_at_once_one_counts(asked: tuple[Tried, AsgiPage, PushMessage]) -> None:
    tried, page, question = asked
    said = await asyncio.gather(approve(tried.bank, question), answer(tried.bank, question))
    assert sorted(one.status_code for one in said) == [200, 409]
    approved = said[0].status_code == 200
    await page.browser.post(f"{page.path}/push")
    assert ((await page.browser.open(page.path)).left_for is not None) == approved


async def test_of_an_approval_and_a_cancel_at_once_one_counts(asked: tuple[Tried, AsgiPage, PushMessage]) -> None:
    tried, page, question = asked
    said, _ = await asyncio.gather(approve(tried.bank, question), page.browser.post(f"{page.path}/cancel"))
    await page.browser.post(f"{page.path}/push")
    if said.status_code == 409:
        await tried.nothing_left()
    events = await tried.bank.events()
    assert events.count("ConsentGiven") + events.count("ReleaseEnded") == 1


async def test_an_app_answers_for_its_own_customer_and_request_only(
    asked: tuple[Tried, AsgiPage, PushMessage],
) -> None:
    tried, page, question = asked
    number = number_of(tried.bank, question)
    assert (await answer(tried.bank, question, number=number, customer="21571404")).status_code == 404
    for other in ("x", question.id + "0", "../" + question.id):
        forged = msgspec.structs.replace(question, id=other)
        assert (await answer(tried.bank, forged, number=number)).status_code == 404
    await tried.nothing_left()
    assert (await page.browser.open(page.path)).html.css("[data-await-answer]")


async def test_an_approval_of_the_last_question_does_not_answer_the_next(
    asked: tuple[Tried, AsgiPage, PushMessage],
) -> None:
    tried, page, question = asked
    tried.bank.clock.advance(120)
    page = await begin_again(page, "push")
    newer = await told(tried.bank)
    assert (await approve(tried.bank, question)).status_code == 409
    await page.browser.post(f"{page.path}/push")
    await tried.nothing_left()
    assert newer.id != question.id
    assert newer.operation.number == question.operation.number + 1

"""Changing the current tool, and losing one (P3, P5): two operations with one answer each, and a safe way on."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from poreka.rules.authorising.code_card import CodeCard, card_code
from poreka.rules.authorising.tools import HOUR, Held, Readiness, Tool, readiness
from tests.protocol.test_release import at_code, wrong
from tests.support.asgi import AsgiBrowser, AsgiPage
from tests.support.in_process import PASSWORD, BankInProcess, BankTemplate
from tests.support.phone_app import TOOLS, answer, approve, at_push, give_app, told

TOOLS_PAGE = "/settings/security/tools"
CARD = CodeCard(id="c1", serial="12345678")


@pytest_asyncio.fixture
async def bank(sqlite_bank: BankTemplate) -> AsyncIterator[BankInProcess]:
    """A bank with every tool; Jan has all of them and uses SMS codes."""
    async with sqlite_bank.copy(tools=TOOLS) as started:
        await give_everything(started)
        yield started


@pytest_asyncio.fixture
async def bank_on_each(bank_template: BankTemplate) -> AsyncIterator[BankInProcess]:
    """The same, once on SQLite and once on PostgreSQL."""
    async with bank_template.copy(tools=TOOLS) as started:
        await give_everything(started)
        yield started


async def give_everything(bank: BankInProcess) -> None:
    await bank.bank.database.insert(bank.bank.tools.adding("jan", CARD, bank.clock()))
    await give_app(bank, current=False)


async def current(bank: BankInProcess) -> Tool:
    return await bank.bank.tools.current("jan")


async def begin(browser: AsgiBrowser, tool: Tool) -> AsgiPage:
    """Choose a tool on the list of them."""
    page = await browser.open(TOOLS_PAGE)
    offered = [node.attributes.get("value") for node in page.html.css("button[name=tool]")]
    assert tool.value in offered, offered
    address = (await browser.post(f"{TOOLS_PAGE}/change", tool=tool.value)).headers["location"]
    return await browser.open(address)


async def give_answer(bank: BankInProcess, page: AsgiPage, tool: Tool) -> AsgiPage:
    """The right answer of a tool to the step that the page shows."""
    match tool:
        case Tool.SMS:
            return await page.submit("/code", code=await bank.deliver())
        case Tool.CARD:
            card = (await bank.bank.tools.cards("jan"))[0]
            code = card_code(bank.bank.keys.codes, card.id, card.next_code)
            return await page.submit("/code", code=code)
        case Tool.PUSH:
            await approve(bank, await told(bank))
            return await (await page.browser.open(page.path)).submit("/push")


PAIRS = [(old, new) for old in Tool for new in Tool if old is not new]


@pytest.mark.parametrize(("old", "new"), PAIRS)
async def test_a_change_takes_the_old_tool_and_the_new_one_an_operation_each(
    bank: BankInProcess, old: Tool, new: Tool
) -> None:
    await bank.bank.tools.choose(bank.bank.database, "jan", old)
    page = await begin(await bank.signed_in(), new)
    assert "Krok 1 z 2" in page.text
    page = await give_answer(bank, page, old)
    assert "Krok 2 z 2" in page.text
    assert await current(bank) is old
    page = await give_answer(bank, page, new)
    assert await current(bank) is new
    assert "Od teraz operacje potwierdza" in page.text
    rows = await bank.bank.database.all("SELECT tool, purpose, state FROM operations ORDER BY number")
    assert [row["tool"] for row in rows] == [old.value, new.value]
    assert [row["purpose"].split(":")[0] for row in rows] == ["Zmiana metody", "Nowa metoda"]
    await bank.worker.send_due()
    news = [one for one in bank.phones.messages if "To nie Ty?" in one.body]
    assert {one.channel for one in news} == {"sms", "email"}
    assert "AuthorisationToolChosen" in await bank.events()


async def test_a_change_strengthens_no_session_and_gives_no_consent(bank_on_each: BankInProcess) -> None:
    bank = bank_on_each
    browser = await bank.signed_in()
    page = await begin(browser, Tool.PUSH)
    page = await give_answer(bank, page, Tool.SMS)
    await give_answer(bank, page, Tool.PUSH)
    sessions = await bank.bank.database.all("SELECT factors FROM sessions")
    assert [row["factors"] for row in sessions] == ['["password"]']
    assert (await bank.fapi().send(browser)).form_to("/consent")


async def test_wrong_codes_stop_a_change_and_count_towards_the_day(bank: BankInProcess) -> None:
    browser = await bank.signed_in()
    for _ in range(3):
        page = await begin(browser, Tool.CARD)
        code = await bank.deliver()
        for by in (1, 2, 3):
            await page.submit("/code", code=wrong(code, by))
        page = await browser.open(page.path)
        assert "Za dużo błędnych kodów" in page.text
    assert await current(bank) is Tool.SMS
    sent = len(bank.phones.messages)
    page = await begin(browser, Tool.CARD)
    await bank.worker.send_due()
    assert len(bank.phones.messages) == sent  # nine wrong ones in a day
    assert "Spróbuj ponownie po" in page.response.text
    assert (await bank.fapi().send(browser)).status == 200  # releases have their own


async def test_a_code_by_sms_is_sent_again_under_the_rules_of_every_operation(bank: BankInProcess) -> None:
    page = await begin(await bank.signed_in(), Tool.CARD)
    first = await bank.deliver()
    early = await page.submit("/new-code")
    assert early.status == 429
    assert "O nowy kod możesz poprosić za 30 s." in early.text
    assert early.html.css_first("[aria-invalid], .govuk-error-summary") is None
    bank.clock.advance(30)
    page = await (await page.browser.open(page.path)).submit("/new-code")
    second = await bank.deliver()
    assert (await page.submit("/code", code=first)).status == 422
    for _ in range(2):
        bank.clock.advance(30)
        page = await (await page.browser.open(page.path)).submit("/new-code")
    assert "new-code" not in page.text
    messages = len(bank.phones.messages)
    assert (await page.browser.post(f"{page.path}/new-code")).status_code == 303
    last = await bank.deliver()
    assert len(bank.phones.messages) <= messages + 1
    assert len({first, second, last}) == 3
    page = await page.submit("/code", code=last)
    assert "Krok 2 z 2" in page.text
    await page.browser.post(f"{page.path}/new-code")
    await bank.worker.send_due()
    assert bank.phones.messages[-1].body.endswith(last), "a card has nothing to be sent again"


@pytest.mark.parametrize("pressed", ["/new-code", "/operation"])
async def test_after_the_time_of_a_code_a_change_asks_anew(bank: BankInProcess, pressed: str) -> None:
    page = await begin(await bank.signed_in(), Tool.CARD)
    await bank.deliver()
    bank.clock.advance(300)
    if pressed == "/operation":
        page = await page.browser.open(page.path)
        assert "Czas na wpisanie kodu minął" in page.text
    page = await page.submit(pressed)
    page = await page.submit("/code", code=await bank.deliver())
    assert "Krok 2 z 2" in page.text
    bank.clock.advance(300)
    page = await page.browser.open(page.path)
    assert "Czas na wpisanie kodu minął" in page.text, "the card's, too"
    assert (await page.submit("/operation")).form_to("/code")


async def test_who_gives_up_changes_nothing(bank: BankInProcess) -> None:
    page = await begin(await bank.signed_in(), Tool.PUSH)
    page = await give_answer(bank, page, Tool.SMS)
    await told(bank)
    await page.browser.post(f"{page.path}/cancel")
    assert (await approve(bank, await told(bank))).status_code == 409
    await page.browser.post(f"{page.path}/push")
    assert await current(bank) is Tool.SMS
    assert "przerwana" in (await page.browser.open(page.path)).heading


async def test_a_refusal_in_the_app_changes_nothing_and_may_be_asked_again(bank: BankInProcess) -> None:
    page = await begin(await bank.signed_in(), Tool.PUSH)
    page = await give_answer(bank, page, Tool.SMS)
    await answer(bank, await told(bank))
    page = await page.browser.open(page.path)
    assert "Odmowa" in page.heading
    await page.browser.post(f"{page.path}/operation")
    await give_answer(bank, page, Tool.PUSH)
    assert await current(bank) is Tool.PUSH


async def test_a_change_of_another_browser_or_person_is_not_there(bank: BankInProcess) -> None:
    page = await begin(await bank.signed_in(), Tool.CARD)
    code = await bank.deliver()
    for other in (await bank.signed_in(), await bank.signed_in("anna")):
        await other.open("/")
        assert (await other.open(page.path)).status == 410
        assert (await other.post(f"{page.path}/code", code=code)).status_code == 410
    await bank.signed_in("anna", browser=page.browser)
    assert (await page.browser.open(page.path)).status == 410
    assert await current(bank) is Tool.SMS


async def test_what_waited_for_another_answer_ends_with_the_change(bank: BankInProcess) -> None:
    browser = await bank.signed_in()
    release, code = await at_code(bank, browser)
    page = await begin(browser, Tool.CARD)
    page = await give_answer(bank, page, Tool.SMS)
    await give_answer(bank, page, Tool.CARD)
    await release.browser.post(f"{release.path}/code", code=code)
    assert await bank.bank.consents.in_force("jan", "sandbox-fapi") is None


async def lose(browser: AsgiBrowser, tool: Tool, password: str = PASSWORD) -> AsgiPage:
    page = await browser.open(f"{TOOLS_PAGE}/lost")
    return await page.submit("/lost", tool=tool.value, password=password)


@pytest.mark.parametrize("tool", Tool)
async def test_a_lost_tool_is_blocked_at_once_and_the_owner_is_told(bank_on_each: BankInProcess, tool: Tool) -> None:
    bank = bank_on_each
    page = await lose(await bank.signed_in(), tool)
    assert "Zablokowane" in page.text
    tools = bank.bank.tools
    assert readiness(tool, await tools.held("jan"), await tools.cards("jan"), bank.clock()) is Readiness.BLOCKED
    await bank.worker.send_due()
    assert {one.channel for one in bank.phones.messages} == {"sms", "email"}
    assert all("hasłem zablokowano metodę" in one.body for one in bank.phones.messages)
    assert "AuthorisationToolBlocked" in await bank.events()


async def test_what_waits_for_a_lost_tool_waits_in_vain(bank: BankInProcess) -> None:
    await bank.bank.tools.choose(bank.bank.database, "jan", Tool.PUSH)
    page, asked = await at_push(bank), await told(bank)
    await approve(bank, asked)
    await lose(await bank.signed_in(), Tool.PUSH)
    await page.browser.post(f"{page.path}/push")
    assert await bank.bank.consents.in_force("jan", "sandbox-fapi") is None
    refused = await page.browser.open(page.path)
    assert refused.status == 403
    assert "zablokowana" in refused.text


@pytest.mark.parametrize("lost", Tool)
async def test_after_a_block_by_password_the_tools_that_are_left_wait(bank: BankInProcess, lost: Tool) -> None:
    await bank.bank.tools.choose(bank.bank.database, "jan", lost)
    browser = await bank.signed_in()
    page = await lose(browser, lost)
    assert "Inna metoda zadziała od chwili" in page.text
    for left in (one for one in Tool if one is not lost):
        address = (await browser.post(f"{TOOLS_PAGE}/change", tool=left.value)).headers["location"]
        assert address == TOOLS_PAGE, left
    assert (await bank.fapi().send(browser)).status == 403
    assert await current(bank) is lost
    assert await bank.bank.database.all("SELECT id FROM operations") == []
    bank.clock.advance(24 * HOUR)
    browser = await bank.signed_in()
    other = Tool.SMS if lost is not Tool.SMS else Tool.CARD
    page = await begin(browser, other)
    assert "Krok" not in page.text
    await give_answer(bank, page, other)
    assert await current(bank) is other


@pytest.mark.parametrize("lost", [Tool.SMS, Tool.PUSH])
async def test_the_blocked_tool_itself_undoes_a_block_by_password(bank_on_each: BankInProcess, lost: Tool) -> None:
    bank = bank_on_each
    await bank.bank.tools.choose(bank.bank.database, "jan", lost)
    await lose(await bank.signed_in(), lost)
    await bank.worker.send_due()
    bank.phones.messages.clear()
    browser = await bank.signed_in()
    await browser.open(TOOLS_PAGE)
    address = (await browser.post(f"{TOOLS_PAGE}/undo", tool=lost.value)).headers["location"]
    page = await browser.open(address)
    assert "Odblokowanie" in page.text
    page = await give_answer(bank, page, lost)
    assert "Odblokowane" in page.text
    for tool in Tool:
        held, cards = await bank.bank.tools.held("jan"), await bank.bank.tools.cards("jan")
        assert readiness(tool, held, cards, bank.clock()) is Readiness.READY, tool
    assert await current(bank) is lost
    assert "AuthorisationToolFound" in await bank.events()
    await bank.worker.send_due()
    news = [one for one in bank.phones.messages if "odblokowana metoda" in one.body]
    assert {one.channel for one in news} == {"sms", "email"}
    assert (await bank.fapi().send(browser)).form_to("/consent")


async def test_a_wrong_answer_undoes_no_block(bank: BankInProcess) -> None:
    browser = await bank.signed_in()
    await lose(browser, Tool.SMS)
    address = (await browser.post(f"{TOOLS_PAGE}/undo", tool="sms")).headers["location"]
    page = await browser.open(address)
    code = await bank.deliver()
    for by in (1, 2, 3):
        await page.submit("/code", code=wrong(code, by))
    held = await bank.bank.tools.held("jan")
    assert readiness(Tool.SMS, held, [], bank.clock()) is Readiness.BLOCKED


@pytest.mark.parametrize("tool", Tool)
async def test_what_the_hotline_blocked_and_a_card_come_back_through_the_hotline_only(
    bank: BankInProcess, tool: Tool
) -> None:
    browser = await bank.signed_in()
    if tool is Tool.CARD:
        await lose(browser, tool)
    else:
        await bank.bank.tools.hold(bank.bank.database, "jan", Held(tool=tool, blocked=True))
    page = await browser.open(TOOLS_PAGE)
    assert "To nie ja" not in page.text
    assert (await browser.post(f"{TOOLS_PAGE}/undo", tool=tool.value)).headers["location"] == TOOLS_PAGE
    assert await bank.bank.database.all("SELECT id FROM operations") == []


async def test_a_block_by_the_hotline_during_an_undoing_stands(bank: BankInProcess) -> None:
    browser = await bank.signed_in()
    await lose(browser, Tool.SMS)
    page = await browser.open((await browser.post(f"{TOOLS_PAGE}/undo", tool="sms")).headers["location"])
    code = await bank.deliver()
    await bank.bank.tools.hold(bank.bank.database, "jan", Held(tool=Tool.SMS, blocked=True))
    await page.submit("/code", code=code)
    assert Held(tool=Tool.SMS, blocked=True) in await bank.bank.tools.held("jan")


async def test_a_tool_that_is_not_the_chosen_one_is_lost_and_the_chosen_one_goes_on(bank: BankInProcess) -> None:
    browser = await bank.signed_in()
    await lose(browser, Tool.PUSH)
    assert (await bank.fapi().send(browser)).form_to("/consent")


async def test_after_the_hotline_blocked_a_tool_what_is_left_is_chosen_by_itself(bank: BankInProcess) -> None:
    browser = await bank.signed_in()
    await bank.bank.tools.hold(bank.bank.database, "jan", Held(tool=Tool.SMS, blocked=True))
    page = await begin(browser, Tool.CARD)
    assert "Krok" not in page.text
    await give_answer(bank, page, Tool.CARD)
    assert await current(bank) is Tool.CARD


async def test_who_has_no_tool_left_is_sent_to_the_hotline(bank: BankInProcess) -> None:
    browser = await bank.signed_in()
    for tool in Tool:
        page = await lose(browser, tool)
    numbers = bank.bank.settings.bank.hotlines if bank.bank.settings.bank else ()
    assert [node.text() for node in page.html.css("main a[href^='tel:']")] == [
        one.replace(" ", "\u00a0") for one in numbers
    ]
    assert not page.html.css(f"form[action='{TOOLS_PAGE}/change']")
    assert (await browser.post(f"{TOOLS_PAGE}/change", tool="card")).headers["location"] == TOOLS_PAGE


async def test_a_tool_that_was_just_added_waits_unless_the_old_one_says_so(bank: BankInProcess) -> None:
    browser, tools = await bank.signed_in(), bank.bank.tools
    later = bank.clock() + 24 * HOUR
    await tools.hold(bank.bank.database, "jan", Held(tool=Tool.PUSH, usable_from=later))
    await tools.choose(bank.bank.database, "jan", Tool.PUSH)
    page = await bank.fapi().send(browser)
    assert page.status == 403
    assert "jeszcze nie działa" in page.text
    await tools.choose(bank.bank.database, "jan", Tool.SMS)
    page = await begin(browser, Tool.PUSH)
    page = await give_answer(bank, page, Tool.SMS)
    await give_answer(bank, page, Tool.PUSH)
    assert [one.usable_from for one in await tools.held("jan")] == [bank.clock()]
    assert (await bank.fapi().send(browser)).form_to("/consent")


async def test_a_tool_that_waits_cannot_be_chosen_after_the_others_were_lost(bank: BankInProcess) -> None:
    browser, tools = await bank.signed_in(), bank.bank.tools
    await tools.hold(bank.bank.database, "jan", Held(tool=Tool.PUSH, usable_from=bank.clock() + HOUR))
    await lose(browser, Tool.SMS)
    await lose(browser, Tool.CARD)
    assert (await browser.post(f"{TOOLS_PAGE}/change", tool="push")).headers["location"] == TOOLS_PAGE
    assert await current(bank) is Tool.SMS


async def test_nobody_blocks_a_tool_without_the_password_and_guesses_are_slowed(bank: BankInProcess) -> None:
    browser = await bank.signed_in()
    answers = [await lose(browser, Tool.SMS, f"guess {n}") for n in range(4)]
    assert {page.status for page in answers} == {422}
    assert await bank.bank.tools.held("jan") == [Held(tool=Tool.PUSH)]
    assert (await lose(browser, Tool.SMS)).status == 422  # not looked at yet
    bank.clock.advance(60)
    assert (await lose(browser, Tool.SMS)).status == 200
    assert (await bank.events()).count("SignInFailed") == 3


@pytest.mark.parametrize("sent", [{}, {"tool": "sms"}, {"password": PASSWORD}, {"tool": "x", "password": PASSWORD}])
async def test_an_incomplete_report_blocks_nothing(bank: BankInProcess, sent: dict[str, str]) -> None:
    browser = await bank.signed_in()
    await browser.open(f"{TOOLS_PAGE}/lost")
    assert (await browser.post(f"{TOOLS_PAGE}/lost", **sent)).status_code == 422
    assert await bank.bank.tools.held("jan") == [Held(tool=Tool.PUSH)]


async def test_a_pause_of_the_app_opens_no_way_round_it(bank: BankInProcess) -> None:
    """Who bombards the app until it pauses does not thereby get rid of its word in a change."""
    await bank.bank.tools.choose(bank.bank.database, "jan", Tool.PUSH)
    browser = await bank.signed_in()
    page = await at_push(bank, browser)
    await answer(bank, await told(bank))
    await page.browser.post(f"{page.path}/operation", tool="push")
    await answer(bank, await told(bank))
    page = await begin(browser, Tool.SMS)
    assert "Krok 1 z 2" in page.text
    assert "Przerwa" in page.heading
    assert await current(bank) is Tool.PUSH

"""The hotline and the branch change what a customer authorises with: what they do, without the command line."""

from pathlib import Path
from typing import Any

from poreka.provider.changing_tools.by_operator import (
    ChosenTool,
    SentCard,
    ToolRefused,
    add_app_by_operator,
    block_tool_by_operator,
    choose_tool_by_operator,
    send_card_by_operator,
)
from poreka.rules.authorising.tools import HOUR, Held, Tool, added
from tests.support.in_process import JAN, BankInProcess
from tests.support.jan_everywhere import jan_at

NUMBER = JAN.number
EVERY_TOOL = ("sms", "card", "push")
BLOCKED = "AuthorisationToolBlocked"


async def told(bank: BankInProcess) -> list[str]:
    """The channels by which the owner was told of a tool."""
    rows = await bank.bank.database.all("SELECT channel FROM outbox WHERE about = 'tool:jan'")
    return sorted(row["channel"] for row in rows)


async def test_a_card_is_posted_and_opens_nothing_before_the_waiting_time_is_over(bank_template: Any) -> None:
    async with bank_template.copy(tools=EVERY_TOOL) as bank:
        assert await choose_tool_by_operator(bank.bank, NUMBER, Tool.CARD) is ToolRefused.MISSING
        sent = await send_card_by_operator(bank.bank, NUMBER)
        assert isinstance(sent, SentCard)
        hours = bank.bank.settings.vouching.tool_wait_hours
        assert sent.first == Held(tool=Tool.CARD, usable_from=bank.clock() + hours * HOUR)
        (card,) = await bank.bank.tools.cards("jan")
        assert card.serial == sent.serial
        letters = await bank.bank.database.all("SELECT about FROM outbox WHERE channel = 'letter'")
        assert [row["about"] for row in letters] == [f"card:{card.id}"]
        again = await send_card_by_operator(bank.bank, NUMBER)
        assert isinstance(again, SentCard)
        assert again.first is None, "whoever has a card waits for the next one no more"
        assert await told(bank) == ["email", "sms"], "of the first card only"
        assert await choose_tool_by_operator(bank.bank, NUMBER, Tool.CARD) == ChosenTool(back=None)
        assert await bank.bank.tools.current("jan") is Tool.CARD
        assert (await bank.events())[-4:] == [
            "CodeCardSent", "AuthorisationToolAdded", "CodeCardSent", "AuthorisationToolChosen",
        ]  # fmt: skip


async def test_blocking_ends_cards_and_requests_and_a_tool_that_comes_back_waits(bank_template: Any) -> None:
    async with bank_template.copy(tools=EVERY_TOOL) as bank:
        await send_card_by_operator(bank.bank, NUMBER)
        assert await block_tool_by_operator(bank.bank, NUMBER, Tool.CARD) == 1
        assert await block_tool_by_operator(bank.bank, NUMBER, Tool.PUSH) == 0
        held = {one.tool: one for one in await bank.bank.tools.held("jan")}
        assert all(held[tool].blocked and not held[tool].undoable for tool in (Tool.CARD, Tool.PUSH))
        chosen = await choose_tool_by_operator(bank.bank, NUMBER, Tool.PUSH)
        assert isinstance(chosen, ChosenTool)
        assert chosen.back is not None
        assert chosen.back.usable_from > bank.clock()
        blocked = await bank.bank.database.all("SELECT details FROM audit_entries WHERE event = $1", BLOCKED)
        assert ['"operator"' in row["details"] for row in blocked] == [True, True]


async def test_an_app_is_noted_and_its_owner_told(bank_template: Any) -> None:
    async with bank_template.copy(tools=EVERY_TOOL) as bank:
        held = await add_app_by_operator(bank.bank, NUMBER)
        assert isinstance(held, Held)
        assert await bank.bank.tools.held("jan") == [held]
        assert await told(bank) == ["email", "sms"]


async def test_nothing_changes_for_nobody_or_with_a_tool_that_is_not_offered(bank_template: Any) -> None:
    async with bank_template.copy(tools=("sms",)) as bank:
        system, before = bank.bank, await bank.events()
        for tool in (Tool.CARD, Tool.PUSH):
            assert await choose_tool_by_operator(system, NUMBER, tool) is ToolRefused.NOT_OFFERED
        assert await send_card_by_operator(system, NUMBER) is ToolRefused.NOT_OFFERED
        assert await add_app_by_operator(system, NUMBER) is ToolRefused.NOT_OFFERED
        assert await choose_tool_by_operator(system, "99999999", Tool.SMS) is ToolRefused.NOBODY
        assert await block_tool_by_operator(system, "99999999", Tool.CARD) is ToolRefused.NOBODY
        assert await bank.events() == before
        assert await told(bank) == []


async def test_an_owner_of_a_trusted_profile_connects_the_app_alone(tmp_path: Path) -> None:
    async with jan_at("pz", tmp_path) as place:
        assert await add_app_by_operator(place.system, "jan.kowalski") is ToolRefused.OWNER_CONNECTS
        assert await choose_tool_by_operator(place.system, "jan.kowalski", Tool.PUSH) is ToolRefused.OWNER_CONNECTS
        assert await choose_tool_by_operator(place.system, "nobody", Tool.SMS) is ToolRefused.NOBODY


async def test_what_waits_after_a_loss_waits_no_more_once_the_hotline_chose_it(tmp_path: Path) -> None:
    async with jan_at("pz", tmp_path) as place:
        system = place.system
        waiting = added(Tool.SMS, system.clock(), 24, by_another=False)
        await system.tools.hold(system.database, place.jan, waiting)
        assert await choose_tool_by_operator(system, "jan.kowalski", Tool.SMS) == ChosenTool(back=None)
        (held,) = await system.tools.held(place.jan)
        assert held.usable_from <= system.clock() < waiting.usable_from

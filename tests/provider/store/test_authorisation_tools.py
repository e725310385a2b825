import asyncio

import pytest

from poreka.provider.store.authorisation_tools import AuthorisationTools
from poreka.rules.authorising.code_card import CodeCard
from poreka.rules.authorising.tools import Held, Tool
from poreka.store.database import AlreadyThere, Database, Stale
from tests.support.engines import NOW

CARD = CodeCard(id="c1", serial="12345678")


async def test_sms_until_another_tool_is_chosen(database: Database) -> None:
    tools = AuthorisationTools(database)
    assert await tools.current("jan") is Tool.SMS
    for tool in (Tool.CARD, Tool.SMS, Tool.CARD):
        await tools.choose(database, "jan", tool)
        assert await tools.current("jan") is tool
    assert await tools.current("anna") is Tool.SMS


async def test_cards_come_back_as_they_were_saved_the_oldest_first(database: Database) -> None:
    tools, newer = AuthorisationTools(database), CodeCard(id="c2", serial="22222222", codes=10)
    await database.insert(tools.adding("jan", newer, NOW), tools.adding("jan", CARD, NOW))
    assert await tools.cards("jan") == [CARD, newer]
    assert await tools.cards("anna") == []
    with pytest.raises(AlreadyThere):
        await database.insert(tools.adding("anna", CodeCard(id="c3", serial=CARD.serial), NOW))


async def test_of_many_who_use_a_code_at_once_one_does(database: Database) -> None:
    tools = AuthorisationTools(database)
    await database.insert(tools.adding("jan", CARD, NOW))
    outcomes = await asyncio.gather(*(tools.use(database, "c1", 1) for _ in range(10)), return_exceptions=True)
    assert sorted(type(one).__name__ for one in outcomes) == ["NoneType", *["Stale"] * 9]
    assert [card.next_code for card in await tools.cards("jan")] == [2]
    with pytest.raises(Stale):
        await tools.use(database, "c1", 1)


async def test_a_blocked_card_gives_no_code(database: Database) -> None:
    tools = AuthorisationTools(database)
    await database.insert(tools.adding("jan", CARD, NOW))
    assert await tools.block(database, "jan") == 1
    assert await tools.block(database, "jan") == 0
    assert [card.left for card in await tools.cards("jan")] == [0]
    with pytest.raises(Stale):
        await tools.use(database, "c1", 1)


async def test_what_is_written_down_about_a_tool_is_the_newest(database: Database) -> None:
    tools = AuthorisationTools(database)
    assert await tools.held("jan") == []
    await tools.hold(database, "jan", Held(tool=Tool.PUSH, usable_from=NOW))
    await tools.hold(database, "jan", Held(tool=Tool.SMS, blocked=True))
    await tools.hold(database, "jan", Held(tool=Tool.PUSH, blocked=True))
    found = sorted(await tools.held("jan"), key=lambda held: held.tool.value)
    assert found == [Held(tool=Tool.PUSH, blocked=True), Held(tool=Tool.SMS, blocked=True)]
    assert await tools.held("anna") == []

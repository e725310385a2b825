"""An operator adds clerks, blocks them and makes links for their keys: without the command line."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from poreka.demo.presets import Address, preset
from poreka.rules.people.pesel import Pesel
from poreka.running.foundation import lay, of_kind
from poreka.running.real_clock import real_clock
from poreka.store.database import AlreadyThere, Stale
from poreka.systems.desk.roll import ClerkRoll, clerk_roll
from poreka.systems.desk.settings import DeskSettings

PESEL = Pesel("69051744280")


@pytest_asyncio.fixture
async def roll(tmp_path: Path) -> AsyncIterator[ClerkRoll]:
    base = of_kind(await lay(preset("clerk", Address(8000)), tmp_path, real_clock), DeskSettings)
    yield clerk_roll(base)
    await base.database.close()


async def events(roll: ClerkRoll) -> list[str]:
    rows = await roll.clerks.database.all("SELECT event FROM audit_entries")
    return sorted(row["event"] for row in rows)


async def test_a_clerk_is_added_found_by_login_and_listed_without_a_key(roll: ClerkRoll) -> None:
    clerk = await roll.add("grazyna.lis", "Grażyna Lis", PESEL)
    assert await roll.named(" Grazyna.Lis") == clerk
    assert await roll.named("nobody") is None
    assert await roll.every() == [(clerk, 0)]
    assert await events(roll) == ["ClerkAdded"]


async def test_neither_a_login_nor_a_person_is_there_twice(roll: ClerkRoll) -> None:
    clerk = await roll.add("grazyna.lis", "Grażyna Lis", PESEL)
    for login, pesel in (("grazyna.lis", Pesel("83041741039")), ("druga.grazyna", PESEL)):
        with pytest.raises(AlreadyThere):
            await roll.add(login, "Grażyna Lis", pesel)
    assert await roll.every() == [(clerk, 0)]
    assert await events(roll) == ["ClerkAdded"]


async def test_a_blocked_clerk_gets_no_link(roll: ClerkRoll) -> None:
    clerk = await roll.add("grazyna.lis", "Grażyna Lis", PESEL)
    link = await roll.make_link(clerk)
    assert link.address.startswith(f"{roll.settings.system.origin}/key#")
    assert link.until > roll.clock()
    assert await roll.block(clerk)
    assert not await roll.block(clerk), "it was so before"
    with pytest.raises(Stale):
        await roll.make_link(clerk)
    assert await events(roll) == ["ClerkAdded", "ClerkBlocked", "ClerkLinkMade"]

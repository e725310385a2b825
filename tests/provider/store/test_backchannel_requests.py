"""Requests of relying parties without a browser: the interval and the one use hold for all workers at once."""

import asyncio

import pytest_asyncio

from poreka.provider.store.backchannel_requests import Asked, BackchannelRequests
from poreka.provider.store.known_subjects import KnownSubjects
from poreka.store.database import Database, Stale
from poreka.store.fresh import Fresh
from poreka.store.seal import Seal

NOW = 1_800_000_000
ASKED = Asked(id="r", client_id="c", person_id="p", operation_id="o", scopes=("openid",), asked_at=NOW, answer_by=NOW)


@pytest_asyncio.fixture
async def requests(database: Database, seal: Seal, fresh: Fresh) -> BackchannelRequests:
    made = BackchannelRequests(database, seal, fresh)
    await database.insert(made.adding(ASKED, "secret", 2, NOW + 240))
    return made


async def test_it_is_found_by_its_client_only(requests: BackchannelRequests) -> None:
    found = await requests.load("secret", "c")
    assert found is not None
    assert (found.asked, found.used) == (ASKED, False)
    assert await requests.load("secret", "other") is None
    assert await requests.load("other", "c") is None


async def test_of_many_polls_at_once_one_is_in_time(requests: BackchannelRequests) -> None:
    polls = await asyncio.gather(*(requests.may_poll(requests.database, "r", NOW) for _ in range(8)))
    assert sum(polls) == 1
    assert not await requests.may_poll(requests.database, "r", NOW + 1)
    assert await requests.may_poll(requests.database, "r", NOW + 2)


async def test_slowing_down_lasts_and_has_a_limit(requests: BackchannelRequests) -> None:
    for _ in range(20):
        await requests.slow_down(requests.database, "r", NOW, by=5, most=60)
    assert not await requests.may_poll(requests.database, "r", NOW + 60)
    assert await requests.may_poll(requests.database, "r", NOW + 65)
    assert not await requests.may_poll(requests.database, "r", NOW + 124)
    assert await requests.may_poll(requests.database, "r", NOW + 125)


async def test_it_is_used_once(requests: BackchannelRequests) -> None:
    async def use() -> bool:
        try:
            await requests.use(requests.database, "r", NOW)
        except Stale:
            return False
        return True

    assert sum(await asyncio.gather(*(use() for _ in range(8)))) == 1
    found = await requests.load("secret", "c")
    assert found is not None
    assert found.used


async def test_a_subject_belongs_to_one_person_for_good(database: Database) -> None:
    subjects = KnownSubjects(database)
    await subjects.know(database, "c", "sub", "p")
    await subjects.know(database, "c", "sub", "q")
    assert await subjects.person_of("c", "sub") == "p"
    assert await subjects.person_of("d", "sub") is None

import asyncio
from dataclasses import replace

import pytest

from poreka.rules.levels import Factor
from poreka.store.database import Database, Stale
from poreka.store.fresh import Fresh
from poreka.store.seal import CannotUnseal, Seal
from poreka.store.sessions import Sessions
from tests.support import samples
from tests.support.engines import NOW


@pytest.fixture
def sessions(database: Database, seal: Seal, fresh: Fresh) -> Sessions:
    return Sessions(database, seal, fresh)


async def test_a_session_is_found_by_its_cookie_only(database: Database, sessions: Sessions) -> None:
    await database.insert(sessions.opening(samples.session(), "cookie"))
    assert await sessions.by_cookie("cookie") == samples.session()
    assert await sessions.by_cookie("another") is None
    assert await sessions.by_cookie("") is None
    assert "Janina" not in repr(await sessions.by_cookie("cookie"))


async def test_activity_only_moves_forward(database: Database, sessions: Sessions) -> None:
    await database.insert(sessions.opening(samples.session(), "cookie"))
    await sessions.touch(database, "cookie", now=NOW + 90, ends_at=NOW + 690)
    await sessions.touch(database, "cookie", now=NOW + 60, ends_at=NOW + 660)
    expected = replace(samples.session(), active_at=NOW + 90, ends_at=NOW + 690)
    assert await sessions.by_cookie("cookie") == expected


async def test_a_step_up_changes_the_cookie_and_keeps_the_name(database: Database, sessions: Sessions) -> None:
    await database.insert(sessions.opening(samples.session(), "old"))
    both = (Factor.PASSWORD, Factor.SMS_CODE)
    await sessions.reissue(database, "old", "new", factors=both, now=NOW + 5, ends_at=NOW + 605)
    found = await sessions.by_cookie("new")
    assert found is not None
    before = samples.session()
    assert (found.sid, found.factors, found.details) == ("s1", both, before.details)
    assert found.auth_time == before.auth_time, "a further factor is no new sign-in"
    assert found.active_at == NOW + 5
    assert await sessions.by_cookie("old") is None
    with pytest.raises(Stale):
        await sessions.reissue(database, "old", "third", factors=both, now=NOW, ends_at=NOW)


async def test_a_new_sign_in_of_the_same_person_keeps_the_name_only(database: Database, sessions: Sessions) -> None:
    before = samples.session()
    await database.insert(sessions.opening(before, "old"))
    anew = replace(before, factors=(Factor.PASSWORD,), details=b"anew")
    await sessions.begin_anew(database, anew, "old", "new", now=NOW + 5, ends_at=NOW + 605)
    found = await sessions.by_cookie("new")
    assert found == replace(anew, auth_time=NOW + 5, active_at=NOW + 5, ends_at=NOW + 605)
    with pytest.raises(Stale):
        await sessions.begin_anew(database, anew, "old", "third", now=NOW, ends_at=NOW)


async def test_two_step_ups_at_once_leave_one_cookie(database: Database, sessions: Sessions) -> None:
    await database.insert(sessions.opening(samples.session(), "old"))
    steps = [
        sessions.reissue(database, "old", f"new{i}", factors=(Factor.PUSH,), now=NOW, ends_at=NOW + 1)
        for i in range(10)
    ]
    outcomes = await asyncio.gather(*steps, return_exceptions=True)
    assert sum(outcome is None for outcome in outcomes) == 1
    alive = [await sessions.by_cookie(f"new{i}") for i in range(10)]
    assert sum(session is not None for session in alive) == 1


async def test_ending_one_and_all(database: Database, sessions: Sessions) -> None:
    for number, person in enumerate(("p1", "p1", "p2")):
        opened = samples.session(f"s{number}", person, NOW + number)
        await database.insert(sessions.opening(opened, f"cookie{number}"))
    assert [session.sid for session in await sessions.of_person("p1")] == ["s1", "s0"]
    assert await sessions.end(database, "s0")
    assert not await sessions.end(database, "s0")
    async with database.transaction() as transaction:
        assert await sessions.end_all_of_person(transaction, "p1") == ["s1"]
    assert await sessions.by_cookie("cookie1") is None
    assert await sessions.by_cookie("cookie2") is not None


async def test_details_moved_to_another_session_are_refused(database: Database, sessions: Sessions) -> None:
    await database.insert(sessions.opening(samples.session("s1"), "one"))
    await database.insert(sessions.opening(samples.session("s2", "thief"), "two"))
    await database.run("UPDATE sessions SET details = (SELECT details FROM sessions WHERE sid = 's1')")
    assert await sessions.by_cookie("one") is not None
    with pytest.raises(CannotUnseal):
        await sessions.by_cookie("two")

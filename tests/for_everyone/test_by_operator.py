"""An operator ends sessions and passkeys at each kind of system: what it does, without the command line."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
import pytest_asyncio

from poreka.for_everyone.passkeys.by_operator import end_passkeys_by_operator, kept_passkeys
from poreka.for_everyone.sessions.by_operator import NoSuchSession, end_sessions_by_operator, living_sessions
from poreka.kinds import KINDS
from poreka.rules.people.pesel import Pesel
from poreka.store.passkeys import Passkey, Passkeys
from poreka.web.system import SearchNotOffered
from tests.support.jan_everywhere import NAMES, ONE_EACH, PESEL, TOLD, Place, begin_sessions, jan_at

BY_NAME_ONLY = {"millenet", "clerk", "mojeikp"}
WITH_PASSKEYS = sorted(kind.demo[0] for kind in KINDS if "passkeys" in kind.parts)
KEY = Passkey(
    id="p1", person_id="jan", key_id="k1", name="Telefon", public_key=b"cose", uses=0,
    may_sync=True, synced=False, added_at=1,
)  # fmt: skip


@pytest_asyncio.fixture(params=ONE_EACH)
async def place(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Place]:
    async with jan_at(request.param, tmp_path) as found:
        yield found


async def test_a_person_is_found_in_the_ways_that_the_system_offers(place: Place) -> None:
    system = place.system
    if place.key in NAMES:
        assert await system.person_named(NAMES[place.key]) == place.jan
        assert place.key == "mojeikp" or await system.person_named("99999999") is None
    elif place.key == "pue":
        assert await system.person_named("nobody") is None
    else:
        with pytest.raises(SearchNotOffered):
            await system.person_named("jan")
    if place.key in BY_NAME_ONLY:
        with pytest.raises(SearchNotOffered):
            await system.person_of_pesel(Pesel(PESEL))
    else:
        assert await system.person_of_pesel(Pesel(PESEL)) == place.jan
        assert await system.person_of_pesel(Pesel("79090344729")) is None


async def test_one_session_ends_then_all_others_and_the_person_is_told_each_time(place: Place) -> None:
    system, jan = place.system, place.jan
    first, *others = await begin_sessions(system, jan, 3)
    assert sorted(one.sid for one in await living_sessions(system, jan)) == sorted([first, *others])
    assert await end_sessions_by_operator(system, jan, only=first) == 1
    assert await end_sessions_by_operator(system, jan) == 2
    assert await living_sessions(system, jan) == []
    assert await end_sessions_by_operator(system, jan) == 0
    ended = await place.rows("SELECT details FROM audit_entries WHERE event = 'SignedOut'")
    assert ['"operator"' in row["details"] for row in ended] == [True] * 3
    told = await place.rows("SELECT channel FROM outbox WHERE about LIKE 'sessions:%'")
    assert sorted(row["channel"] for row in told) == sorted(2 * TOLD.get(place.key, []))


async def test_a_session_of_somebody_else_is_refused_and_nothing_ends(place: Place) -> None:
    system = place.system
    (other,) = await begin_sessions(system, "somebody-else", 1)
    (own,) = await begin_sessions(system, place.jan, 1)
    for name in (other, "nobodys"):
        with pytest.raises(NoSuchSession):
            await end_sessions_by_operator(system, place.jan, only=name)
    assert [one.sid for one in await living_sessions(system, place.jan)] == [own]
    assert [one.sid for one in await living_sessions(system, "somebody-else")] == [other]
    assert not await place.rows("SELECT 1 FROM outbox WHERE about LIKE 'sessions:%'")


@pytest.mark.parametrize("place", WITH_PASSKEYS, indirect=True)
async def test_every_passkey_of_the_person_ends_and_of_nobody_else(place: Place) -> None:
    passkeys = Passkeys(place.system.database)
    of_another = replace(KEY, id="p3", key_id="k3", person_id="somebody-else")
    for key in (KEY, replace(KEY, id="p2", key_id="k2"), of_another):
        await place.system.database.insert(passkeys.adding(key))
    assert [key.id for key in await kept_passkeys(place.system, place.jan)] == ["p1", "p2"]
    assert await end_passkeys_by_operator(place.system, place.jan) == 2
    assert await kept_passkeys(place.system, place.jan) == []
    assert await kept_passkeys(place.system, "somebody-else") == [of_another]
    assert await end_passkeys_by_operator(place.system, place.jan) == 0
    ended = await place.rows("SELECT details FROM audit_entries WHERE event = 'PasskeyEnded'")
    assert ['"operator"' in row["details"] for row in ended] == [True, True]
    told = await place.rows("SELECT channel FROM outbox WHERE about LIKE 'passkey:%'")
    assert sorted(row["channel"] for row in told) == TOLD[place.key], "told once, of both"

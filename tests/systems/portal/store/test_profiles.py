import asyncio
from dataclasses import replace

import pytest

from poreka.store.database import AlreadyThere, Database, Stale
from poreka.store.fresh import Fresh
from poreka.store.seal import Seal
from poreka.systems.portal.rules.profile import PortalProfile, ProfileState, close, trust
from poreka.systems.portal.store.profiles import Profile, Profiles
from tests.support import samples
from tests.support.engines import NOW


@pytest.fixture
def profiles(database: Database, seal: Seal, fresh: Fresh) -> Profiles:
    return Profiles(database, seal, fresh)


def changed(profile: Profile, rule: object) -> Profile:
    assert isinstance(rule, PortalProfile)
    return replace(profile, profile=rule)


async def test_a_profile_is_found_in_three_ways(database: Database, profiles: Profiles) -> None:
    made = samples.profile(login="zaneta")
    await database.insert(profiles.adding(made))
    assert await profiles.by_id("f1") == made
    assert await profiles.by_login("zaneta") == made
    assert await profiles.by_pesel(samples.pesel()) == made
    assert await profiles.by_pesel(samples.pesel(2)) is None
    assert await profiles.by_login("nobody") is None
    assert samples.pesel().digits not in repr(made)


async def test_of_two_registrations_of_one_person_one_is_made(database: Database, profiles: Profiles) -> None:
    rows = (profiles.adding(samples.profile(f"f{number}")) for number in range(10))
    outcomes = await asyncio.gather(*(database.insert(row) for row in rows), return_exceptions=True)
    assert sum(outcome is None for outcome in outcomes) == 1
    assert {outcome.table for outcome in outcomes if isinstance(outcome, AlreadyThere)} == {"profiles"}
    assert await profiles.count() == 1


async def test_logins_are_unique_and_most_profiles_have_none(database: Database, profiles: Profiles) -> None:
    await database.insert(profiles.adding(samples.profile("f1", 1)), profiles.adding(samples.profile("f2", 2)))
    await database.insert(profiles.adding(samples.profile("f3", 3, login="x")))
    with pytest.raises(AlreadyThere):
        await database.insert(profiles.adding(samples.profile("f4", 4, login="x")))
    assert await profiles.count() == 3


async def test_becoming_trusted_is_not_lost_to_another_tab(database: Database, profiles: Profiles) -> None:
    before = samples.profile(login="zaneta")
    await database.insert(profiles.adding(before))
    trusted = changed(before, trust(before.profile, "https://bank.example", NOW + 1))
    saved = await profiles.save(database, before, trusted)
    with pytest.raises(Stale):
        await profiles.save(database, before, replace(before, password_hash="new"))
    assert await profiles.by_id("f1") == saved
    assert (saved.version, saved.profile.state) == (2, ProfileState.TRUSTED)
    await profiles.save(database, saved, replace(saved, password_hash="new", phone="500000009"))
    assert (await profiles.by_login("zaneta")) == replace(saved, password_hash="new", phone="500000009", version=3)


async def test_a_closed_profile_stays_and_makes_room(database: Database, profiles: Profiles) -> None:
    first = samples.profile("f1")
    await database.insert(profiles.adding(first))
    closed = await profiles.save(database, first, changed(first, close(first.profile, NOW + 1)))
    assert await profiles.by_pesel(samples.pesel()) == closed
    assert await profiles.count() == 0
    await database.insert(profiles.adding(samples.profile("f2")))
    assert await profiles.by_pesel(samples.pesel()) == samples.profile("f2")
    assert await profiles.by_id("f1") == closed


async def test_an_entry_is_noted_without_disturbing_anyone(database: Database, profiles: Profiles) -> None:
    await database.insert(profiles.adding(samples.profile()))
    await profiles.entered(database, samples.profile(), NOW + 7)
    assert await profiles.by_id("f1") == replace(samples.profile(), last_entry_at=NOW + 7)


async def test_nobody_enters_a_profile_that_changed_since_it_was_read(database: Database, profiles: Profiles) -> None:
    first = samples.profile()
    await database.insert(profiles.adding(first))
    await profiles.save(database, first, replace(first, password_hash="new"))
    with pytest.raises(Stale):
        await profiles.entered(database, first, NOW + 7)

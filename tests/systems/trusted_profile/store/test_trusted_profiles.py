import asyncio
from collections.abc import Callable
from dataclasses import replace

import pytest

from poreka.contracts.desk_words import TrustedProfileState
from poreka.store.database import AlreadyThere, Database, Stale
from poreka.store.fresh import Fresh
from poreka.store.seal import Seal
from poreka.systems.trusted_profile.rules.profile import (
    EndedBy,
    TrustedProfile,
    applied,
    extend,
    invalidate,
    lock,
    reminded,
    vouched,
)
from poreka.systems.trusted_profile.store.trusted_profiles import OwnedProfile, TrustedProfiles
from tests.support import samples
from tests.support.engines import NOW, Engine

DAY, YEAR = 24 * 3600, 365 * 24 * 3600
At = Callable[[int], TrustedProfiles]


@pytest.fixture
def at(database: Database, seal: Seal, fresh: Fresh) -> At:
    """The profiles as they are read at a time."""
    return lambda now: TrustedProfiles(database, seal, fresh, lambda: now)


def profile(profile_id: str = "z1", serial: int = 1, **changes: str) -> OwnedProfile:
    made = OwnedProfile(
        id=profile_id,
        profile=vouched(samples.facts(serial), "https://bank.example", NOW),
        user_name=f"zaneta.{profile_id}",
        password_hash="$argon2id$hash",
        phone="600201011",
        email="Zaneta@poczta.example",
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def ruled(owned: OwnedProfile, rule: object) -> OwnedProfile:
    assert isinstance(rule, TrustedProfile)
    return replace(owned, profile=rule)


async def test_a_profile_is_found_by_its_owner_and_by_nobody_else(database: Database, at: At) -> None:
    made, profiles = profile(), at(NOW)
    await database.insert(profiles.adding(made))
    assert await profiles.load("z1") == made
    assert await profiles.valid_of(samples.pesel()) == made
    assert await profiles.last_of(samples.pesel()) == made
    assert await profiles.valid_of(samples.pesel(2)) is None
    for typed in ("zaneta.z1", "zaneta@POCZTA.example"):
        found = await profiles.to_sign_in(typed)
        assert found is not None
        assert found[0].id == "z1"
        assert found[1].password_hash == made.password_hash
    assert await profiles.to_sign_in("zaneta") is None
    assert samples.pesel().digits not in repr(made)
    assert "600201011" not in repr(made)


async def test_of_two_people_with_one_email_neither_signs_in_by_it(database: Database, at: At) -> None:
    profiles = at(NOW)
    await database.insert(profiles.adding(profile("z1", 1)), profiles.adding(profile("z2", 2)))
    assert await profiles.to_sign_in("zaneta@poczta.example") is None
    assert await profiles.to_sign_in("zaneta.z2") is not None


async def test_however_many_try_one_valid_profile_of_a_person_is_made(database: Database, at: At) -> None:
    profiles = at(NOW)

    async def make(number: int) -> None:
        async with database.transaction() as transaction:
            await profiles.make_room(transaction, samples.pesel(), f"zaneta.z{number}")
            await transaction.insert(profiles.adding(profile(f"z{number}")))

    outcomes = await asyncio.gather(*(make(number) for number in range(8)), return_exceptions=True)
    assert sum(outcome is None for outcome in outcomes) == 1
    assert all(isinstance(outcome, AlreadyThere | Stale) for outcome in outcomes if outcome is not None)


async def test_an_application_stands_beside_a_valid_profile(database: Database, at: At) -> None:
    profiles = at(NOW)
    application = ruled(profile("z2"), applied(samples.facts(), NOW + 1, 14))
    await database.insert(profiles.adding(profile("z1")), profiles.adding(application))
    assert await profiles.valid_of(samples.pesel()) == profile("z1")
    assert await profiles.last_of(samples.pesel()) == application
    assert await profiles.to_sign_in("zaneta.z2") is None, "an application opens nothing"


async def test_user_names_are_unique_as_long_as_they_are_used(database: Database, at: At) -> None:
    profiles = at(NOW)
    await database.insert(profiles.adding(profile("z1", user_name="zaneta")))
    assert await profiles.name_taken("zaneta")
    assert not await profiles.name_taken("zane")
    with pytest.raises(AlreadyThere):
        await database.insert(profiles.adding(profile("z2", 2, user_name="zaneta")))
    before = profile("z1", user_name="zaneta")
    await profiles.save(database, before, ruled(before, invalidate(before.profile, EndedBy.OWNER, NOW)))
    assert not await profiles.name_taken("zaneta")
    await database.insert(profiles.adding(profile("z2", 2, user_name="zaneta")))


async def test_an_expired_profile_blocks_nobody_though_nothing_wrote_it_down(database: Database, at: At) -> None:
    await database.insert(at(NOW).adding(profile("z1", user_name="zaneta")))
    later = NOW + 4 * YEAR
    profiles = at(later)
    old = await profiles.load("z1")
    assert old is not None
    assert old.profile.state is TrustedProfileState.EXPIRED
    assert await profiles.valid_of(samples.pesel()) is None
    assert await profiles.to_sign_in("zaneta") is None
    assert await profiles.by_id("z1") is None
    assert not await profiles.name_taken("zaneta")
    new = replace(profile("z2", user_name="zaneta"), profile=vouched(samples.facts(), "https://bank.example", later))
    async with database.transaction() as transaction:
        await profiles.make_room(transaction, samples.pesel(), "zaneta")
        await transaction.insert(profiles.adding(new))
    assert await profiles.valid_of(samples.pesel()) == new


async def test_ends_are_written_down_now_and_then(database: Database, at: At) -> None:
    application = ruled(profile("z2", 2), applied(samples.facts(2), NOW, 14))
    await database.insert(at(NOW).adding(profile()), at(NOW).adding(application))
    assert await at(NOW).end_overdue() == 0
    assert await at(NOW + 20 * 24 * 3600).end_overdue() == 1
    assert await at(NOW + 4 * YEAR).end_overdue() == 1
    rows = await database.all("SELECT state, ended_at, until FROM trusted_profiles ORDER BY id")
    assert [row["state"] for row in rows] == ["expired", "lapsed"]
    assert all(row["ended_at"] == row["until"] for row in rows)


async def test_a_locked_profile_opens_nothing_and_keeps_its_place(database: Database, at: At) -> None:
    profiles, before = at(NOW), profile()
    await database.insert(profiles.adding(before))
    await profiles.save(database, before, ruled(before, lock(before.profile, NOW)))
    assert await profiles.to_sign_in("zaneta.z1") is None
    assert await profiles.by_id("z1") is None
    assert await profiles.valid_of(samples.pesel()) is not None


async def test_of_two_changes_at_once_one_is_told_to_look_again(database: Database, at: At) -> None:
    profiles, before = at(NOW), profile()
    await database.insert(profiles.adding(before))
    saved = await profiles.save(database, before, replace(before, phone="600999888"))
    with pytest.raises(Stale):
        await profiles.save(database, before, ruled(before, extend(before.profile, NOW)))
    assert await profiles.load("z1") == saved
    assert saved.version == 2


async def test_whose_owners_are_to_be_reminded(database: Database, at: At) -> None:
    made = profile()
    await database.insert(at(NOW).adding(made))
    assert await at(NOW).to_remind(10) == []
    near = made.profile.until - 20 * DAY
    (found,) = await at(near).to_remind(10)
    await at(near).save(database, found, ruled(found, reminded(found.profile, near)))
    assert await at(near).to_remind(10) == []
    assert [one.id for one in await at(made.profile.until - DAY).to_remind(10)] == ["z1"]
    assert await at(made.profile.until).to_remind(10) == [], "it has ended"


async def test_no_pesel_stands_in_the_database(engine: Engine, database: Database, at: At) -> None:
    if engine.name != "sqlite":
        pytest.skip("the files of PostgreSQL are its own")
    await database.insert(at(NOW).adding(profile()))
    assert samples.pesel().digits.encode() not in engine.bytes_at_rest()

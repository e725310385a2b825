"""An operator locks a trusted profile and closes a portal profile: what it does, without the command line."""

from pathlib import Path
from typing import Any

import pytest

from poreka.store.database import Stale
from poreka.systems.portal.by_operator import NotClosed, close_profile_by_operator
from poreka.systems.portal.rules.profile import ProfileState
from poreka.systems.portal.store.profiles import Profile, Profiles
from poreka.systems.trusted_profile.by_operator import NotLocked, lock_profile_by_operator
from poreka.systems.trusted_profile.store.trusted_profiles import OwnedProfile, TrustedProfiles
from tests.support.jan_everywhere import begin_sessions, jan_at


async def test_a_locked_profile_vouches_no_more_its_sessions_end_and_its_owner_is_told(tmp_path: Path) -> None:
    async with jan_at("pz", tmp_path) as place:
        await begin_sessions(place.system, place.jan, 2)
        locked = await lock_profile_by_operator(place.system, place.jan)
        assert isinstance(locked, OwnedProfile)
        assert await place.system.profiles.load(place.jan) == locked
        assert await place.system.profiles.by_id(place.jan) is None
        assert not await place.rows("SELECT 1 FROM sessions")
        (event,) = await place.rows("SELECT details FROM audit_entries WHERE event = 'TrustedProfileLocked'")
        assert '"operator"' in event["details"]
        assert len(await place.rows("SELECT 1 FROM outbox WHERE channel = 'email'")) == 1


async def test_only_a_valid_profile_is_locked(tmp_path: Path) -> None:
    async with jan_at("pz", tmp_path) as place:
        assert await lock_profile_by_operator(place.system, "nobody") is NotLocked.NONE_VALID
        await place.system.database.run("UPDATE trusted_profiles SET until = 1")
        assert await lock_profile_by_operator(place.system, place.jan) is NotLocked.NONE_VALID
        assert not await place.rows("SELECT 1 FROM outbox")


async def test_a_closed_profile_has_no_session_and_its_address_is_told_once(tmp_path: Path) -> None:
    async with jan_at("pue", tmp_path) as place:
        await begin_sessions(place.system, place.jan, 2)
        closed = await close_profile_by_operator(place.system, place.jan)
        assert isinstance(closed, Profile)
        assert closed.profile.state is ProfileState.CLOSED
        assert not await place.rows("SELECT 1 FROM sessions")
        (event,) = await place.rows("SELECT details FROM audit_entries WHERE event = 'ProfileClosed'")
        assert '"operator"' in event["details"]
        assert await close_profile_by_operator(place.system, place.jan) is NotClosed.ALREADY
        assert await close_profile_by_operator(place.system, "nobody") is NotClosed.NONE
        assert len(await place.rows("SELECT 1 FROM outbox WHERE channel = 'email'")) == 1


async def test_a_profile_that_changes_at_this_moment_is_left_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def changed_meanwhile(*_: Any) -> None:
        raise Stale("profiles")

    monkeypatch.setattr(TrustedProfiles, "save", changed_meanwhile)
    monkeypatch.setattr(Profiles, "save", changed_meanwhile)
    for key, deed, refused in (
        ("pz", lock_profile_by_operator, NotLocked.CHANGED),
        ("pue", close_profile_by_operator, NotClosed.ALREADY),
    ):
        async with jan_at(key, tmp_path) as place:
            await begin_sessions(place.system, place.jan, 1)
            assert await deed(place.system, place.jan) is refused
            assert len(await place.rows("SELECT 1 FROM sessions")) == 1
            assert not await place.rows("SELECT 1 FROM outbox")

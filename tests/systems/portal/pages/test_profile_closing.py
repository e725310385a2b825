from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
import pytest_asyncio

from poreka.store.database import Stale
from poreka.systems.portal.pages.closing import close_profile
from poreka.systems.portal.rules.profile import ClosedBy, ProfileState
from poreka.systems.portal.store.profiles import Profile
from tests.support.portal_with_mail import PortalWithMail, portal_with_mail
from tests.support.scripted_provider import Person


@pytest_asyncio.fixture
async def place(tmp_path: Path) -> AsyncIterator[PortalWithMail]:
    async with portal_with_mail(tmp_path) as running:
        yield running


async def closes(place: PortalWithMail, profile: Profile, by: ClosedBy) -> Profile:
    portal = place.portal
    async with portal.audit.transaction() as (transaction, record):
        return await close_profile(portal, transaction, record, portal.texts["pl"], profile, by)


@pytest.mark.parametrize("by", list(ClosedBy))
async def test_a_closed_profile_lets_nobody_in_and_its_address_is_told(place: PortalWithMail, by: ClosedBy) -> None:
    profile = await place.lone.has_profile(
        Person(), state=ProfileState.UNTRUSTED, login="1234567890", password_hash="hash"
    )
    inside = await place.signed_in(profile, bank=False)
    closed = await closes(place, profile, by)
    assert (closed.profile.state, closed.login, closed.password_hash) == (ProfileState.CLOSED, None, None)
    assert await place.portal.profiles.by_login("1234567890") is None
    await inside.get("/dashboard")
    assert inside.response.status_code == 303
    assert [letter.recipient for letter in place.letters] == [profile.email]
    assert await place.audited("ProfileClosed") == [f'{{"by":"{by.value}","state":"untrusted"}}']
    assert len(await place.audited("SignedOut")) == 1


async def test_a_trusted_profile_is_closed_with_the_sessions_that_rest_on_a_bank(place: PortalWithMail) -> None:
    profile = await place.lone.has_profile(Person())
    await place.signed_in(profile)
    await closes(place, profile, ClosedBy.OPERATOR)
    assert await place.portal.database.all("SELECT 1 AS one FROM federated_sessions") == []


async def test_a_profile_that_changed_since_it_was_read_is_not_closed(place: PortalWithMail) -> None:
    profile = await place.lone.has_profile(Person())
    await place.portal.profiles.save(place.portal.database, profile, replace(profile, phone="600100200"))
    with pytest.raises(Stale):
        await closes(place, profile, ClosedBy.OPERATOR)
    assert place.letters == []

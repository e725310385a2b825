"""An untrusted profile that nobody proves in time lapses: it opens nothing and stands in nobody's way."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from poreka.systems.portal.pages.closing import close_lapsed
from poreka.systems.portal.rules.profile import DAY, PortalProfile, ProfileState, has_lapsed
from poreka.systems.portal.store.profiles import Profile
from tests.support.lone_portal import NOW
from tests.support.portal_with_mail import PortalWithMail, portal_with_mail
from tests.systems.portal.test_entry import JAN, at_entry
from tests.systems.portal.test_own_sign_in import LUKASZ, lukasz, sign_in


@pytest_asyncio.fixture
async def place(tmp_path: Path) -> AsyncIterator[PortalWithMail]:
    async with portal_with_mail(tmp_path) as running:
        yield running


async def unproven(place: PortalWithMail) -> Profile:
    return await place.lone.has_profile(JAN, state=ProfileState.UNTRUSTED, surname="Kowalewski", created_at=NOW)


@pytest.mark.parametrize("state", list(ProfileState))
def test_only_untrusted_profiles_lapse_and_not_before_their_time(state: ProfileState) -> None:
    profile = PortalProfile(facts=JAN, state=state, terms_version="1")  # type: ignore[arg-type]
    assert not has_lapsed(profile, NOW, 30, NOW + 30 * DAY - 1)
    assert has_lapsed(profile, NOW, 30, NOW + 30 * DAY) == (state is ProfileState.UNTRUSTED)


async def test_after_thirty_days_it_is_closed_and_its_address_is_told_once(place: PortalWithMail) -> None:
    profile = await unproven(place)
    place.advance(30 * DAY - 1)
    assert await close_lapsed(place.portal) == 0
    place.advance(1)
    assert await close_lapsed(place.portal) == 1
    assert await close_lapsed(place.portal) == 0
    after = await place.portal.profiles.by_id(profile.id)
    assert after.profile.state is ProfileState.CLOSED
    assert [letter.recipient for letter in place.letters] == [profile.email]
    assert await place.audited("ProfileClosed") == ['{"by":"lapsed","state":"untrusted"}']


async def test_a_lapsed_profile_stands_in_nobodys_way_even_before_it_was_swept(place: PortalWithMail) -> None:
    profile = await unproven(place)
    place.advance(30 * DAY)
    browser = await at_entry(place.lone)
    assert "Rejestracja w portalu" in browser.words
    after = await place.portal.profiles.by_id(profile.id)
    assert after.profile.state is ProfileState.CLOSED


async def test_its_password_opens_nothing_any_more(place: PortalWithMail) -> None:
    await lukasz(place, created_at=NOW)
    assert (await sign_in(place)).response.status_code == 303
    place.advance(30 * DAY)
    assert (await sign_in(place)).response.status_code == 422
    assert LUKASZ.pesel is not None
    assert len(place.letters) == 1


async def test_a_trusted_profile_does_not_lapse(place: PortalWithMail) -> None:
    await place.lone.has_profile(JAN, created_at=NOW)
    place.advance(300 * DAY)
    assert await close_lapsed(place.portal) == 0
    assert (await at_entry(place.lone)).location == "/dashboard"

"""An untrusted profile that somebody else made with one's PESEL: refused, and ended by whoever has it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from poreka.rules.anothers_word import WORD_LIFE
from poreka.systems.portal.rules.profile import ProfileState
from poreka.systems.portal.store.profiles import Profile
from tests.support.lone_portal import Browser
from tests.support.portal_with_mail import PortalWithMail, portal_with_mail
from tests.support.scripted_provider import LOW, SUBSTANTIAL
from tests.systems.portal.test_entry import GOOD, JAN, address, at_entry

SQUATTER = {"login": "4018200001", "password_hash": "a hash", "email": "obcy@poczta.example"}


@pytest_asyncio.fixture
async def place(tmp_path: Path) -> AsyncIterator[PortalWithMail]:
    async with portal_with_mail(tmp_path) as running:
        yield running


async def squatted(place: PortalWithMail, **changes: object) -> Profile:
    """Somebody made a profile with Jan's PESEL and other names."""
    given = {"first_name": "Xyz", "surname": "Abc", "state": ProfileState.UNTRUSTED, **SQUATTER, **changes}
    return await place.lone.has_profile(JAN, **given)


async def posts(browser: Browser, entry: str) -> Browser:
    """The form without its page, by whoever knows its address."""
    return await (await browser.get("/banks")).post(f"{entry}/not-mine")


async def ends(browser: Browser) -> Browser:
    """Through the question to the end of the profile."""
    entry = address(browser)
    await browser.get(f"{entry}/not-mine")
    assert "Zakończenie profilu, który nie jest Twój" in browser.words
    return await browser.post(f"{entry}/not-mine")


async def test_the_owner_of_the_pesel_ends_what_a_stranger_made_with_it_and_goes_on(place: PortalWithMail) -> None:
    strangers = await squatted(place)
    stranger = await place.signed_in(strangers, bank=False)
    browser = await at_entry(place.lone)
    assert browser.response.status_code == 403
    assert "Ten profil nie jest Twój?" in browser.words
    assert "Abc" not in browser.response.text
    assert await place.portal.profiles.by_id(strangers.id) == strangers, "the refusal changes nothing"
    await (await ends(browser)).follow()
    assert "Rejestracja w portalu" in browser.words
    await browser.post(f"{address(browser)}/form", **GOOD)
    assert browser.location == "/dashboard"
    closed, made = (
        await place.portal.profiles.by_id(strangers.id),
        await place.portal.profiles.by_pesel(strangers.profile.facts.pesel),
    )
    assert (closed.profile.state, closed.login, closed.password_hash) == (ProfileState.CLOSED, None, None)
    assert made.profile.state is ProfileState.TRUSTED
    assert made.email != strangers.email
    await stranger.get("/dashboard")
    assert stranger.response.status_code == 303, "the stranger is out"
    assert [letter.recipient for letter in place.letters] == [strangers.email]
    assert await place.audited("ProfileClosed") == ['{"by":"not_theirs","state":"untrusted"}']


@pytest.mark.parametrize("state", [ProfileState.TRUSTED, ProfileState.CLOSED])
async def test_a_profile_that_was_proven_is_ended_by_nobody_at_the_door(
    place: PortalWithMail, state: ProfileState
) -> None:
    proven = await squatted(place, state=state, login=None, password_hash=None)
    browser = await at_entry(place.lone)
    assert browser.response.status_code == 403
    assert "Ten profil nie jest Twój?" not in browser.words
    await posts(browser, address(browser))
    assert await place.portal.profiles.by_id(proven.id) == proven


async def test_where_the_register_says_otherwise_nothing_is_offered(place: PortalWithMail) -> None:
    before = await squatted(place)
    await place.lone.is_insured(JAN, "Kowalewski")
    browser = await at_entry(place.lone)
    assert "Ten profil nie jest Twój?" not in browser.words
    await posts(browser, address(browser))
    assert await place.portal.profiles.by_id(before.id) == before


async def test_it_takes_the_level_substantial(place: PortalWithMail) -> None:
    before = await squatted(place)
    place.lone.provider.acr = LOW
    browser = await at_entry(place.lone)
    entry = address(browser)
    await posts(browser, entry)
    assert browser.location.startswith("http://millenet.localhost:8000/authorize")
    assert SUBSTANTIAL in place.lone.provider.asked[-1]["acr_values"]
    assert await place.portal.profiles.by_id(before.id) == before
    place.lone.provider.acr = SUBSTANTIAL
    await browser.get(f"/callback/millenet?{place.lone.provider.signs_in(browser.location)}")
    assert browser.location == entry
    await browser.follow()
    await (await ends(browser)).follow()
    assert "Rejestracja w portalu" in browser.words


async def test_a_word_older_than_five_minutes_ends_nothing(place: PortalWithMail) -> None:
    before = await squatted(place)
    browser = await at_entry(place.lone)
    place.advance(WORD_LIFE)
    await posts(browser, address(browser))
    assert browser.location.startswith("http://millenet.localhost:8000/authorize")
    assert await place.portal.profiles.by_id(before.id) == before


async def test_another_browser_ends_nothing(place: PortalWithMail) -> None:
    before = await squatted(place)
    entry = address(await at_entry(place.lone))
    stranger = await posts(place.lone.browser(), entry)
    assert stranger.response.status_code == 410
    assert await place.portal.profiles.by_id(before.id) == before

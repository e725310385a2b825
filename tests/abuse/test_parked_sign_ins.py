"""A sign-in that was proven and then left standing: what proves nothing any more opens nothing (Z5).

Whoever has the password can stop right before the session is opened. When the password has gone since, by a
recovery or because the rightful person came through a bank, going on must be as useless as beginning anew.
"""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from poreka.systems.portal.rules.profile import ProfileState
from tests.support.lone_portal import Browser
from tests.support.portal_with_mail import PortalWithMail, portal_with_mail
from tests.systems.portal.test_entry import GOOD, address, at_entry
from tests.systems.portal.test_own_sign_in import LOGIN, LUKASZ, NEW, PASSWORD, lukasz, recovering, sign_in

THIEF_S = "cudze hasło pod mostem"


@pytest_asyncio.fixture
async def place(tmp_path: Path) -> AsyncIterator[PortalWithMail]:
    async with portal_with_mail(tmp_path) as running:
        yield running


async def inside(browser: Browser) -> bool:
    """Whether this browser now sees the panel."""
    await browser.get("/dashboard")
    return browser.response.status_code == 200


async def goes_on(browser: Browser, path: str) -> None:
    """Open the address that the sign-in led to, and whatever it leads to."""
    await browser.get(path)
    while browser.response.status_code == 303:
        await browser.follow()


async def test_a_sign_in_parked_before_the_password_changed_opens_nothing(place: PortalWithMail) -> None:
    await lukasz(place)
    thief = await sign_in(place)
    parked = thief.location
    owner = await recovering(place)
    await owner.post(owner.response.url.path, do="try", code=place.code())
    await owner.follow()
    await owner.post(owner.response.url.path, do="set", password=NEW, password_again=NEW)
    await goes_on(thief, parked)
    assert not await inside(thief)


async def test_a_sign_in_parked_before_the_owner_came_through_a_bank_opens_nothing(place: PortalWithMail) -> None:
    profile = await lukasz(place)
    impostor = await sign_in(place)
    parked = impostor.location
    owner = await at_entry(place.lone, LUKASZ)
    await owner.post(f"{address(owner)}/form", **GOOD)
    await goes_on(owner, owner.response.headers.get("location", "/dashboard"))
    after = await place.portal.profiles.by_id(profile.id)
    assert after.profile.state is ProfileState.TRUSTED
    assert after.login is None
    await goes_on(impostor, parked)
    assert not await inside(impostor)


async def test_a_recovery_parked_before_the_owner_came_through_a_bank_changes_nothing(place: PortalWithMail) -> None:
    profile = await lukasz(place)
    impostor = await recovering(place)
    await impostor.post(impostor.response.url.path, do="try", code=place.code())
    await impostor.follow()
    owner = await at_entry(place.lone, LUKASZ)
    await owner.post(f"{address(owner)}/form", **GOOD)
    await goes_on(owner, owner.response.headers.get("location", "/dashboard"))
    await impostor.post(impostor.response.url.path, do="set", password=NEW, password_again=NEW)
    assert impostor.response.status_code == 410
    after = await place.portal.profiles.by_id(profile.id)
    assert (after.login, after.password_hash) == (None, None)
    assert await inside(owner)
    assert not await inside(await sign_in(place, LOGIN, NEW))


@pytest.mark.parametrize("named", [{}, {"sid": None}])
async def test_an_entry_parked_before_the_provider_took_it_back_opens_nothing(
    place: PortalWithMail, named: dict[str, None]
) -> None:
    """Signed out at the bank, or the consent withdrawn, between the release and the registration form (P7)."""
    entering = await at_entry(place.lone, LUKASZ)
    form = address(entering)
    token = place.lone.provider.logout_token(sub=LUKASZ.sub, **named)
    told = await place.lone.browser().client.post("/backchannel-logout", data={"logout_token": token})
    assert told.status_code == 200
    await entering.post(f"{form}/form", **GOOD)
    assert entering.response.status_code == 410
    assert await place.portal.profiles.count() == 0
    assert not await inside(entering)


async def test_a_recovery_parked_before_another_set_the_password_changes_nothing(place: PortalWithMail) -> None:
    """Whoever once read the owner's mailbox must not keep the way in that the owner has just closed."""
    await lukasz(place)
    parked = await recovering(place)
    await parked.post(parked.response.url.path, do="try", code=place.code())
    await parked.follow()
    owner = await recovering(place)
    await owner.post(owner.response.url.path, do="try", code=place.code())
    await owner.follow()
    await owner.post(owner.response.url.path, do="set", password=NEW, password_again=NEW)
    assert "zostało zmienione" in (await owner.follow()).words
    await parked.post(parked.response.url.path, do="set", password=THIEF_S, password_again=THIEF_S)
    assert parked.response.status_code == 410
    assert not await inside(await sign_in(place, LOGIN, THIEF_S))


@pytest.mark.parametrize("proven", [False, True])
async def test_a_recovery_parked_before_the_address_changed_changes_nothing(
    place: PortalWithMail, proven: bool
) -> None:
    """Codes that went to the old mailbox are worth nothing once the owner has left it."""
    profile = await lukasz(place)
    parked, code = await recovering(place), place.code()
    sent = {"do": "try", "code": code}
    if proven:
        await (await parked.post(parked.response.url.path, **sent)).follow()
        sent = {"do": "set", "password": THIEF_S, "password_again": THIEF_S}
    owner = await place.signed_in(profile, bank=False)
    await owner.get("/settings")
    new = {"email": "nowy@poczta.example", "version": str(profile.version)}
    await owner.post("/settings", **new, present_password=PASSWORD)
    await owner.follow()
    await owner.post(owner.response.url.path, do="code", code=place.code())
    assert owner.location == "/settings?saved=yes"
    await parked.post(parked.response.url.path, **sent)
    assert parked.response.status_code == 410
    after = await place.portal.profiles.by_id(profile.id)
    assert after.password_hash == profile.password_hash


async def test_the_sign_in_goes_on_while_the_password_stands(place: PortalWithMail) -> None:
    await lukasz(place)
    owner = await sign_in(place)
    await goes_on(owner, owner.location)
    assert await inside(owner)

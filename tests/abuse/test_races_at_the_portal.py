"""Sign-ins at the portal that stand still in their last moment, while what they rest on ends (P7, Z1, Z5)."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx2
import pytest_asyncio

from poreka.relying.store.federated_sessions import FederatedSessions
from poreka.systems.portal import routes as app
from poreka.systems.portal.system import Portal
from poreka.web.application import Application
from tests.abuse.test_parked_sign_ins import goes_on, inside
from tests.support.halting import HaltingAudit
from tests.support.lone_portal import ORIGIN, Browser
from tests.support.portal_with_mail import PortalWithMail, portal_with_mail
from tests.systems.portal.test_entry import GOOD, address, at_entry
from tests.systems.portal.test_own_sign_in import LUKASZ, NEW, lukasz, recovering, sign_in


@pytest_asyncio.fixture
async def place(tmp_path: Path) -> AsyncIterator[PortalWithMail]:
    async with portal_with_mail(tmp_path) as running:
        yield running


def at(portal: Portal, browser: Browser) -> Browser:
    """The same browser at another make of the same portal."""
    transport = httpx2.ASGITransport(app=Application(portal, app.ROUTES, app.turn_away))
    client = httpx2.AsyncClient(transport=transport, base_url=ORIGIN, cookies=browser.client.cookies)
    other = Browser(client)
    other.response = browser.response
    return other


def slow(place: PortalWithMail, browser: Browser) -> tuple[Browser, HaltingAudit]:
    """The same browser, whose requests stand still before they write."""
    audit = HaltingAudit(place.portal.audit)
    return at(replace(place.portal, audit=audit), browser), audit


async def test_a_password_changed_in_the_moment_of_entering_lets_nobody_in(place: PortalWithMail) -> None:
    await lukasz(place)
    thief = await sign_in(place)
    late, audit = slow(place, thief)
    entering = asyncio.create_task(late.get(thief.location))
    await audit.reached.wait()
    owner = await recovering(place)
    await owner.post(owner.response.url.path, do="try", code=place.code())
    await owner.follow()
    await owner.post(owner.response.url.path, do="set", password=NEW, password_again=NEW)
    audit.go_on.set()
    await entering
    if late.response.status_code == 303:
        await goes_on(late, late.location)
    assert not await inside(late)


async def test_a_logout_that_meets_an_entry_ends_the_session_it_became(place: PortalWithMail) -> None:
    """The provider's word comes first, the entry is quicker: what it became ends all the same."""
    entering = await at_entry(place.lone, LUKASZ)
    provider, audit = await place.lone.browser().get("/"), HaltingAudit(place.portal.audit)
    told = at(replace(place.portal, audit=audit), provider)
    data = {"logout_token": place.lone.provider.logout_token(sub=LUKASZ.sub)}
    telling = asyncio.create_task(told.client.post("/backchannel-logout", data=data))
    await audit.reached.wait()
    await entering.post(f"{address(entering)}/form", **GOOD)
    assert await inside(entering)
    audit.go_on.set()
    assert (await telling).status_code == 200
    assert not await inside(entering)


class Overtaken(FederatedSessions):
    """What rests on a provider, where an entry opens its session just after it was looked for."""

    __slots__ = ()

    async def resting_on(self, issuer: str, **named: Any) -> list[str]:
        found = await FederatedSessions.resting_on(self, issuer, **named)
        transaction = named["within"]
        for sid in [sid for sid in found if sid != "opened"]:
            resting = await self.of_session(sid, transaction)
            assert resting is not None
            await self.remove(transaction, sid)
            await transaction.insert(self.adding(replace(resting, session_sid="opened")))
        return found


async def test_a_logout_looks_again_for_what_it_waited_for(place: PortalWithMail) -> None:
    await at_entry(place.lone, LUKASZ)
    portal = place.portal
    overtaken = Overtaken(portal.database, portal.seal, portal.fresh)
    told = at(replace(portal, federated_sessions=overtaken), await place.lone.browser().get("/"))
    data = {"logout_token": place.lone.provider.logout_token(sub=LUKASZ.sub)}
    assert (await told.client.post("/backchannel-logout", data=data)).status_code == 200
    assert await portal.database.all("SELECT session_sid FROM federated_sessions") == []

"""The owner's list of sessions, the same at every system where people stay signed in."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from poreka.kinds import KINDS
from poreka.relying.store.federated_sessions import FederatedSession, FederatedSessions
from poreka.rules.levels import Factor
from poreka.store.journeys import Journey
from poreka.systems.mobywatel.rules.cross_device import CrossSignIn, CrossState
from poreka.systems.mobywatel.store.cross_sign_ins import CrossAsked, KeptCross
from poreka.web.system import System
from tests.support.asgi import AsgiBrowser, AsgiPage
from tests.support.in_process import BankInProcess, BankTemplate
from tests.support.profile_and_desk import profile_and_desk
from tests.support.relying_systems import RELYING, relying_systems

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36"
LISTS = {
    "pz": "/settings/security/sessions",
    "pue": "/settings/sessions",
    "ikp": "/account/sessions",
    "mojeikp": "/account/sessions",
    "mobywatel": "/settings/security/sessions",
    "clerk": "/sessions",
    "millenet": "/settings/security/sessions",
}
SETTINGS = {
    "pz": "/profile/details",
    "pue": "/settings",
    "ikp": "/account/history",
    "mojeikp": "/devices",
    "mobywatel": "/phones",
    "clerk": "/profiles",
    "millenet": "/settings/security",
}
WITH = {
    "pz": "przez Millenet",
    "pue": "przez Millenet",
    "ikp": "przez Profil Zaufany",
    "mojeikp": "przez Profil Zaufany",
    "mobywatel": "klucz urządzenia",
    "clerk": "klucz urządzenia",
    "millenet": "hasło",
}


@dataclass(repr=False)
class Place:
    """One system, and how its person signs in with a browser that calls itself so."""

    key: str
    system: System
    enter: Callable[[str], Awaitable[AsgiBrowser]]
    clock: Any

    async def listed(self, browser: AsgiBrowser) -> AsgiPage:
        return await browser.open(LISTS[self.key])

    async def is_inside(self, browser: AsgiBrowser) -> bool:
        return (await self.listed(browser)).path == LISTS[self.key]

    async def events(self) -> list[str]:
        rows = await self.system.database.all("SELECT details FROM audit_entries WHERE event = 'SignedOut'")
        return [row["details"] for row in rows]


@pytest_asyncio.fixture(params=sorted(LISTS))
async def place(request: pytest.FixtureRequest, tmp_path: Path, sqlite_bank: BankTemplate) -> AsyncIterator[Place]:
    async with AsyncExitStack() as stack:
        yield await _place(request.param, tmp_path, sqlite_bank, stack)


async def _place(key: str, folder: Path, template: BankTemplate, stack: AsyncExitStack) -> Place:
    if key == "millenet":
        one: BankInProcess = await stack.enter_async_context(template.copy())

        async def at_bank(agent: str) -> AsgiBrowser:
            browser = one.browser()
            browser.agent = agent
            return await one.signed_in("jan", Factor.PASSWORD, browser=browser)

        return Place(key, one.bank, at_bank, one.clock)
    if key == "clerk":
        both = await stack.enter_async_context(profile_and_desk(folder))
        clerk = await both.clerk(signed_in=False)

        async def at_desk(agent: str) -> AsgiBrowser:
            clerk.browser = AsgiBrowser(both.desk_site, agent=agent)
            await both.sign_in(clerk)
            return clerk.browser

        return Place(key, both.desk, at_desk, both.clock)
    every = await stack.enter_async_context(relying_systems(folder))
    if key == "mobywatel":
        app = every.patients.both

        async def on_phone(agent: str) -> AsgiBrowser:
            phone = await app.enrol()
            phone.browser.agent = agent
            await app.unlocked(phone)
            return phone.browser

        return Place(key, app.app, on_phone, app.clock)
    assert key in RELYING

    async def through_provider(agent: str) -> AsgiBrowser:
        browser, _ = await every[key].enters(AsgiBrowser(every[key].site, agent=agent))
        return browser

    return Place(key, every[key].system, through_provider, every.clock)


def test_every_kind_of_system_with_sessions_is_tried_here() -> None:
    with_people = {kind.name: kind.demo for kind in KINDS if kind.alone}
    assert all(set(keys) & set(LISTS) for keys in with_people.values())


async def test_the_list_says_when_how_and_in_which_browser_and_the_settings_lead_to_it(place: Place) -> None:
    await place.enter(FIREFOX)
    browser = await place.enter(CHROME)
    links = (await browser.open(SETTINGS[place.key])).html.css("a[href]")
    assert LISTS[place.key] in [node.attributes["href"] for node in links]
    page = await place.listed(browser)
    assert page.heading == "Twoje sesje"
    cards = [card.text(separator=" ") for card in page.html.css("section.p-card")]
    assert len(cards) == 2
    assert "Chrome, Windows" in cards[0]
    assert "Ta sesja" in cards[0]
    assert "Firefox, Linux" in cards[1]
    assert "Ta sesja" not in cards[1]
    assert all(WITH[place.key] in card for card in cards)


async def test_ending_one_session_ends_that_one_and_no_other(place: Place) -> None:
    other, browser = await place.enter(FIREFOX), await place.enter(CHROME)
    third = await place.enter(FIREFOX)
    sid = (await place.listed(browser)).html.css("button[name=session]")[-1].attributes["value"] or ""
    await browser.post(f"{LISTS[place.key]}/end", session=sid)
    assert [await place.is_inside(one) for one in (other, browser, third)].count(False) == 1
    assert await place.is_inside(browser)
    assert sum('"another_session"' in one and sid in one for one in await place.events()) == 1


async def test_ending_the_others_leaves_this_one_only(place: Place) -> None:
    others = [await place.enter(FIREFOX), await place.enter(FIREFOX)]
    browser = await place.enter(CHROME)
    page = await (await place.listed(browser)).submit("/end-others")
    assert "Pozostałe sesje są zakończone." in page.text
    assert "Nie ma innych sesji." in page.text
    assert [await place.is_inside(one) for one in others] == [False, False]
    assert await place.is_inside(browser)


async def test_nobody_ends_a_strangers_session(place: Place) -> None:
    browser, stranger = await place.enter(CHROME), await place.enter(FIREFOX)
    rows = await place.system.database.all("SELECT sid FROM sessions ORDER BY started_at, sid")
    own = (await place.listed(browser)).html.css("button[name=session]")[0].attributes["value"]
    await place.system.database.run("UPDATE sessions SET person_id = 'nobody' WHERE sid = $1", own)
    await place.listed(browser)
    answer = await browser.post(f"{LISTS[place.key]}/end", session=own or "")
    assert answer.status_code == 303
    await browser.post(f"{LISTS[place.key]}/end-others")
    left = await place.system.database.all("SELECT sid FROM sessions ORDER BY started_at, sid")
    assert left == rows
    del stranger


async def test_this_session_is_not_ended_from_the_list(place: Place) -> None:
    browser = await place.enter(CHROME)
    await place.listed(browser)
    row = (await place.system.database.all("SELECT sid FROM sessions ORDER BY started_at DESC, sid"))[0]
    await browser.post(f"{LISTS[place.key]}/end", session=row["sid"])
    assert await place.is_inside(browser)


async def test_a_way_in_that_is_parked_ends_with_the_others(place: Place) -> None:
    browser = await place.enter(CHROME)
    relies, now = place.system.provider_names() is not None, place.clock()
    journey = Journey(id="parked", kind="entry", browser_hash=b"b", state=b"{}", created_at=now, expires_at=now + 600)
    await place.system.database.insert(place.system.journeys.adding(journey))
    links = FederatedSessions(place.system.database, place.system.seal, place.system.fresh)
    if relies:
        row = await place.system.database.one("SELECT issuer, subject FROM federated_identities")
        assert row is not None
        parked = FederatedSession(
            session_sid="parked", issuer=row["issuer"], subject=row["subject"], provider_sid=None, id_token="t"
        )
        await place.system.database.insert(links.adding(parked))
    await (await place.listed(await _second(place, browser))).submit("/end-others")
    left = await place.system.journeys.load("parked", b"b", now)
    assert (left is None) is relies, "nothing of another kind of journey is touched"


@pytest.mark.parametrize("place", ["mobywatel"], indirect=True)
async def test_an_approved_sign_in_elsewhere_is_refused_with_the_others(place: Place) -> None:
    system: Any = place.system
    browser = await place.enter(CHROME)
    person = (await system.database.all("SELECT person_id FROM sessions"))[0]["person_id"]
    rule = CrossSignIn(
        id="c", browser=b"b", phone=b"p", device_id="d", person_id=person, expires_at=place.clock() + 60,
        state=CrossState.APPROVED,
    )  # fmt: skip
    asked = CrossAsked(client_id="x", agent="", address="", asked_at=place.clock(), next="/")
    await system.database.insert(system.cross_sign_ins.adding(KeptCross(rule=rule, asked=asked), "AAAA"))
    await (await place.listed(await _second(place, browser))).submit("/end-others")
    kept = await system.cross_sign_ins.load("c")
    assert kept.rule.state is CrossState.REFUSED


async def _second(place: Place, browser: AsgiBrowser) -> AsgiBrowser:
    """The first browser, now that there is another session to be ended."""
    await place.enter(FIREFOX)
    return browser


async def test_a_relying_party_is_told_when_a_session_is_ended_from_another(bank: BankInProcess) -> None:
    await bank.change_client("sandbox-fapi", backchannel_logout_uri="https://sandbox.example/logout")
    thief = await bank.returning()
    tokens = await bank.fapi().tokens(thief)
    owner = await bank.signed_in()
    await (await owner.open(LISTS["millenet"])).submit("/end-others")
    rows = await bank.bank.database.all("SELECT channel FROM outbox WHERE channel = 'logout'")
    assert len(rows) == 1
    answer = await bank.fapi().userinfo(tokens["access_token"])
    assert answer.status_code == 401

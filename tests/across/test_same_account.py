"""The same person through different doors reaches the same account: at the portal and at the patient account (Z5, K1).

A bank, the trusted profile and a certificate lead to one portal profile, whichever came first; the trusted profile,
mObywatel and the patient account's own app, each by its own name for the person, lead to one patient account.
"""

import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

import httpx2
import pytest
import pytest_asyncio

from poreka.oidc.relying_party.exchange import Answer, Outgoing
from poreka.provider.rules.consent import Consent
from poreka.provider.store.consents import ConsentRecord
from poreka.relying.provider_documents import ProviderDocuments
from poreka.rules.levels import Level
from poreka.rules.people.person import Fact
from poreka.systems.portal import routes as app
from poreka.systems.portal.certificate.door import CertificateDoor
from poreka.systems.portal.certificate.revocation_lists import RevocationLists
from poreka.web.application import Application, Federation
from poreka.web.door.peer_certificate import TlsProxy
from tests.support.asgi import AsgiBrowser, AsgiPage
from tests.support.certificates import Authority
from tests.support.lone_portal import ORIGIN, TERMS, LonePortal, lone_portal
from tests.support.patients import PIN, Patients, patients
from tests.support.portal_with_certificates import DOOR, PROXY, SECRET, Citizen, Shelf
from tests.support.profile_and_app import Handset, token_of
from tests.support.scripted_provider import Person, ScriptedProvider

JAN = {"given_name": "Jan", "surname": "Kowalski", "serial_number": "PNOPL-83041741039"}
DOORS = ("bank", "profile", "certificate")
FORM = {"email": "jan@poczta.example", "email_again": "jan@poczta.example", "terms_version": TERMS}


@dataclass
class TwoProviders:
    """The back channel to a bank and to the trusted profile, each by its own script."""

    by_host: dict[str, ScriptedProvider]

    async def get(self, url: str) -> Answer:
        return await self.by_host[urlsplit(url).netloc].get(url)

    async def send(self, request: Outgoing) -> Answer:
        return await self.by_host[urlsplit(request.url).netloc].send(request)


@dataclass
class EveryDoor:
    """A portal with all three doors."""

    lone: LonePortal
    scripts: dict[str, ScriptedProvider]
    authority: Authority
    federation: Federation

    async def through(self, door: str) -> Citizen:
        """Jan, in a browser that was never here, as far as the door leads."""
        told = {**PROXY, "client-cert": self.authority.issue(JAN).header} if door == "certificate" else {}
        transport = httpx2.ASGITransport(app=self.federation)
        citizen = Citizen(httpx2.AsyncClient(transport=transport, base_url=ORIGIN), told)
        if door == "certificate":
            return await citizen.sign_in()
        key = {"bank": "millenet", "profile": "pz"}[door]
        await citizen.get("/banks" if door == "bank" else "/")
        await citizen.post(f"/banks/{key}")
        await citizen.get(f"/callback/{key}?{self.scripts[key].signs_in(citizen.location)}")
        while citizen.response.status_code == 303:
            await citizen.follow()
        return citizen

    async def profile_of(self, citizen: Citizen) -> str:
        cookie = citizen.client.cookies.get("session", domain="pue.localhost")
        session = await self.lone.portal.sessions.by_cookie(cookie or "")
        assert session is not None, citizen.words
        return session.person_id


@asynccontextmanager
async def every_door(folder: Path) -> AsyncIterator[EveryDoor]:
    async with lone_portal(folder) as lone:
        portal, authority, shelf = lone.portal, Authority(), Shelf()
        shelf.lists[authority.place] = authority.list()
        scripts = {
            key: ScriptedProvider(
                portal.relied_on[key].registration.issuer,
                portal.relied_on[key].registration.client_id,
                portal.clock,
                Person(sub=f"sub-at-{key}"),
            )
            for key in ("millenet", "pz")
        }
        channel = TwoProviders({urlsplit(one.issuer).netloc: one for one in scripts.values()})
        known = {one.registration.issuer: one.registration for one in portal.relied_on.values()}
        portal = replace(
            portal,
            back_channel=channel,
            documents=ProviderDocuments(known, channel.get, portal.clock, allow_http=True),
            certificates=CertificateDoor(
                TlsProxy(DOOR, SECRET), (authority.certificate,), RevocationLists(shelf.fetch)
            ),
        )
        application = Application(portal, app.ROUTES, app.turn_away)
        at_the_door = Application(portal, app.CERTIFICATE_ROUTES, app.turn_away)
        federation = Federation({urlsplit(ORIGIN).netloc: application, urlsplit(DOOR).netloc: at_the_door})
        yield EveryDoor(replace(lone, portal=portal, application=application), scripts, authority, federation)


@pytest.mark.parametrize("order", list(itertools.permutations(DOORS)), ids=" then ".join)
async def test_one_portal_profile_whichever_door_came_first(order: tuple[str, ...], tmp_path: Path) -> None:
    async with every_door(tmp_path) as doors:
        first = await doors.through(order[0])
        address = first.path.removesuffix("/form")
        await first.post(f"{address}/form", **FORM, regulations="yes", contact_data="yes")
        assert first.location == "/dashboard"
        profiles = [await doors.profile_of(first)]
        for door in order[1:]:
            citizen = await doors.through(door)
            assert citizen.path == "/dashboard", "no form a second time"
            profiles.append(await doors.profile_of(citizen))
        assert len(set(profiles)) == 1
        rows = await doors.lone.portal.database.all("SELECT id FROM profiles")
        assert len(rows) == 1


# --- at the patient account ---------------------------------------------------------------------------------


@pytest_asyncio.fixture
async def place(tmp_path: Path) -> AsyncIterator[Patients]:
    async with patients(tmp_path) as started:
        yield started


async def with_phone(place: Patients) -> Handset:
    """Stanisław's phone, with which he agreed to both services before."""
    phone = await place.both.enrol()
    app_system = place.both.app
    person = await app_system.people.of_customer("stanislaw.golab")
    assert person is not None
    for service in ("ikp", "mojeikp"):
        consent = Consent(
            service=service,
            text_version="2026-01",
            facts=tuple(Fact),
            given_at=place.both.clock(),
            operation_id="o",
            level=Level.SUBSTANTIAL,
        )
        record = ConsentRecord(id=app_system.fresh.id(), person_id=person.id, consent=consent)
        await app_system.database.insert(app_system.consents.adding(record))
    return phone


async def through_app(browser: AsgiBrowser, phone: Handset) -> AsgiPage:
    """Into a service with the phone's key, on the phone itself."""
    page = await (await browser.open("/")).submit("/enter/mobywatel")
    assert page.left_for is not None, page.text
    there = await phone.browser.open(page.left_for.removeprefix(phone.browser.site.origin))
    if there.left_for is None:
        there = await there.submit("/sign-in", token=token_of(there), credential=await phone.sign(there))
    assert there.left_for is not None, there.text
    return await browser.open(there.left_for.removeprefix(browser.site.origin))


async def person_in(place: Patients, browser: AsgiBrowser, *, app_side: bool = False) -> str:
    system = place.mojeikp if app_side else place.ikp
    session = await system.sessions.by_cookie(browser.cookie("session") or "")
    assert session is not None
    return session.person_id


async def test_one_patient_account_through_every_door(place: Patients) -> None:
    phone = await with_phone(place)
    reached = []
    by_profile = await place.at_ikp()
    reached.append(await person_in(place, by_profile))
    by_app = place.browser("ikp")
    assert (await through_app(by_app, phone)).path == "/account"
    reached.append(await person_in(place, by_app))
    in_app, _ = await place.entered()
    reached.append(await person_in(place, in_app.app, app_side=True))
    in_app_by_phone = place.browser("mojeikp")
    assert (await through_app(in_app_by_phone, phone)).path.startswith("/device/")
    reached.append(await person_in(place, in_app_by_phone, app_side=True))
    device = await place.with_pin()
    await place.typed(device, PIN)
    reached.append(await person_in(place, device.app, app_side=True))
    assert reached == await place.account_ids() * 5
    history = (await by_profile.open("/account/history")).text
    for how in ("Profil Zaufany", "mObywatel", "w aplikacji: Profil Zaufany", "w aplikacji: mObywatel", "PIN"):
        assert how in history


async def test_the_first_entry_may_be_through_the_app_with_the_phone(place: Patients) -> None:
    phone = await with_phone(place)
    browser = place.browser("mojeikp")
    page = await through_app(browser, phone)
    assert page.path.startswith("/device/")
    assert len(await place.account_ids()) == 1
    assert "Stanisław Gołąb" in (await browser.open("/account")).html.css_first("header").text()

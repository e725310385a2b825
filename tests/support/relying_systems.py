"""Every system that relies on a provider, in this process, and for each a scripted provider whose word it has to judge.

The trusted profile relies on Millenet, the portal too, the patient account and its app on the trusted profile; what
they hear of it is a script (`tests/support/scripted_provider.py`). Stanisław has a profile in each of them that has
profiles. Read next: `patients.py`.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest.mock import patch
from urllib.parse import urlsplit

import httpx2

from poreka.oidc.relying_party.exchange import Outgoing
from poreka.relying.provider_documents import ProviderDocuments
from poreka.relying.system import Relying
from poreka.rules.people.person import PersonFacts
from poreka.rules.people.pesel import Pesel
from poreka.running.foundation import lay, of_kind
from poreka.store.fresh import Fresh
from poreka.store.migrate import upgrade
from poreka.store.sqlite.engine import open_sqlite
from poreka.systems.portal.build import build_portal
from poreka.systems.portal.rules.profile import PortalProfile, ProfileState
from poreka.systems.portal.settings import PortalSettings
from poreka.systems.portal.store.insured import Insured
from poreka.systems.portal.store.profiles import Profile
from poreka.systems.portal.system import Portal
from tests.support.asgi import AsgiBrowser, AsgiPage, Site
from tests.support.patients import Patients, patients
from tests.support.profile_and_app import PESEL, REACH, AsgiChannel, settings_of
from tests.support.scripted_provider import Person, ScriptedProvider

RELYING = ("pz", "pue", "ikp", "mojeikp")
"""Whoever restates what a provider said."""

SIGN_IN = {
    "pz": ("/sign-in?next=/profile", "/provider/millenet"),
    "pue": ("/banks", "/banks/millenet"),
    "ikp": ("/", "/enter/pz"),
    "mojeikp": ("/", "/enter/pz"),
}
PROVIDER = {"pz": "millenet", "pue": "millenet", "ikp": "pz", "mojeikp": "pz"}
INSIDE = {"pz": "/profile", "pue": "/dashboard", "ikp": "/account", "mojeikp": "/account"}

STANISLAW = Person(given_name="Stanisław", family_name="Gołąb", pesel=PESEL, sub="sub-stanislaw")


@dataclass(repr=False)
class ScriptedSite:
    """Stands where the provider's site would."""

    provider: ScriptedProvider

    async def call(
        self, method: Any, path: str, *, body: bytes = b"", headers: Any = (), **_: object
    ) -> httpx2.Response:
        url = self.provider.issuer + path
        answer = (
            await self.provider.get(url)
            if method == "GET" and not path.startswith("/me")
            else await self.provider.send(Outgoing(method=method, url=url, headers=dict(headers), body=body))
        )
        return httpx2.Response(answer.status, headers=dict(answer.headers), content=answer.body)


@dataclass(repr=False)
class RelyingSystem:
    """One of them, with the provider whose word it hears."""

    key: str
    system: Any
    site: Site
    provider: ScriptedProvider
    all: "RelyingSystems"

    @property
    def relying(self) -> Relying:
        relying = self.system.relying if self.key == "pz" else self.system
        assert isinstance(relying, Relying)
        return relying

    async def sets_out(self, browser: AsgiBrowser | None = None) -> tuple[AsgiBrowser, str]:
        """A browser that chose the provider, and the address it was sent to."""
        browser = browser or AsgiBrowser(self.site)
        start, button = SIGN_IN[self.key]
        page = await (await browser.open(start)).submit(button)
        assert page.left_for is not None, page.text
        return browser, page.left_for

    async def comes_back(self, browser: AsgiBrowser, address: str) -> AsgiPage:
        """The provider vouches, and the browser is back: the first page it stops at."""
        return await browser.open(f"/callback/{PROVIDER[self.key]}?{self.provider.signs_in(address)}")

    async def enters(self, browser: AsgiBrowser | None = None) -> tuple[AsgiBrowser, AsgiPage]:
        """Both."""
        browser, address = await self.sets_out(browser)
        page = await self.comes_back(browser, address)
        if page.left_for is not None and page.left_for.startswith(self.provider.issuer):
            page = await self.comes_back(browser, page.left_for)  # asked anew: nothing is made on a mere sign-in
        return browser, page

    async def is_inside(self, browser: AsgiBrowser) -> bool:
        page = await browser.open(INSIDE[self.key])
        return page.path == INSIDE[self.key] and page.status == 200

    async def provider_signs_out(self, **named: Any) -> None:
        """The provider says that its session, or the consent, has ended."""
        jti = Fresh().id()
        token = self.provider.logout_token(sub=self.provider.person.sub, jti=jti, **named)
        told = await self.site.call("POST", "/backchannel-logout", form={"logout_token": token})
        assert told.status_code == 200, told.text

    async def events(self) -> list[str]:
        rows = await self.system.database.all("SELECT event FROM audit_entries ORDER BY at, lane, number")
        return [row["event"] for row in rows]

    async def details(self, event: str) -> list[str]:
        rows = await self.system.database.all("SELECT details FROM audit_entries WHERE event = $1", event)
        return [row["details"] for row in rows]

    async def sessions(self) -> list[Any]:
        rows = await self.system.database.all("SELECT * FROM sessions")
        return [self.system.sessions.from_row(row) for row in rows]


@dataclass(repr=False)
class RelyingSystems:
    """All of them, by key."""

    patients: Patients
    portal: Portal
    register: Insured
    by_key: dict[str, RelyingSystem] = field(default_factory=dict)

    @property
    def clock(self) -> Any:
        return self.patients.both.clock

    def __getitem__(self, key: str) -> RelyingSystem:
        return self.by_key[key]


@asynccontextmanager
async def relying_systems(folder: Path) -> AsyncIterator[RelyingSystems]:
    """All of them, new."""
    async with patients(folder) as some:
        clock = some.both.clock
        base = await lay(settings_of("pue"), folder, clock)
        database = open_sqlite(folder / "register.db")
        await upgrade(database, ("register",), clock())
        register = Insured(database, base.seal, Fresh())
        with patch("poreka.systems.portal.build.BackChannel", AsgiChannel):
            running = await build_portal(of_kind(base, PortalSettings), {}, REACH, register)
        portal = running.system
        assert isinstance(portal, Portal)
        every = RelyingSystems(some, portal, register)
        sites = {**some.sites, "pz": some.both.pz_site, "pue": Site(running.application, portal.origin)}
        systems = {"pz": some.both.pz, "pue": portal, "ikp": some.ikp, "mojeikp": some.mojeikp}
        for key in RELYING:
            every.by_key[key] = _one(every, key, systems[key], sites[key])
        AsgiChannel.sites["ikp.localhost:8000"] = sites["ikp"]
        await _has_profile(portal)
        try:
            yield every
        finally:
            await running.stop()
            await database.close()


def _one(every: RelyingSystems, key: str, system: Any, site: Site) -> RelyingSystem:
    relying = system.relying if key == "pz" else system
    registration = relying.relied_on[PROVIDER[key]].registration
    netloc = urlsplit(registration.issuer).netloc
    provider = ScriptedProvider(registration.issuer, registration.client_id, system.clock, person=STANISLAW)
    known = {registration.issuer: registration}
    documents = ProviderDocuments(known, provider.get, system.clock, allow_http=True)
    object.__setattr__(relying, "back_channel", _Channel(netloc, ScriptedSite(provider)))
    object.__setattr__(relying, "documents", documents)
    return RelyingSystem(key, system, site, provider, every)


class _Channel(AsgiChannel):
    """The back channel of one system, for which one host is scripted."""

    def __init__(self, netloc: str, scripted: ScriptedSite) -> None:
        self.sites = {**AsgiChannel.sites, netloc: scripted}  # type: ignore[misc, dict-item]


async def _has_profile(portal: Portal) -> None:
    facts = PersonFacts(first_name="Stanisław", surname="Gołąb", pesel=Pesel(PESEL))
    rule = PortalProfile(facts=facts, state=ProfileState.TRUSTED, terms_version="2026-09")
    made = Profile(id="p-stanislaw", profile=rule, email="s@poczta.example", electronic_information=False, created_at=1)
    await portal.database.insert(portal.profiles.adding(made))

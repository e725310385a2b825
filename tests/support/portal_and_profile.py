"""The portal, the trusted profile and the phone app in this process: a person who signs orders with a trusted profile.

Three systems, each with its own database, one clock; they speak to one another by the protocol, request for request.
Stanisław has a profile at the portal, into which he signed in through the trusted profile. Read next:
`profile_and_app.py`.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from unittest.mock import patch
from urllib.parse import urlsplit

from poreka.oidc.provider.subject import pairwise_subject
from poreka.rules.people.person import PersonFacts
from poreka.rules.people.pesel import Pesel
from poreka.running.foundation import lay, of_kind
from poreka.running.running import Running
from poreka.store.fresh import Fresh
from poreka.store.migrate import upgrade
from poreka.store.sqlite.engine import open_sqlite
from poreka.systems.portal.build import build_portal
from poreka.systems.portal.rules.profile import PortalProfile, ProfileState
from poreka.systems.portal.settings import PortalSettings
from poreka.systems.portal.store.insured import Insured
from poreka.systems.portal.store.profiles import Profile
from poreka.systems.portal.system import Portal
from poreka.web.sessions import Details, new_session
from tests.support.asgi import AsgiBrowser, AsgiPage, Site, request_of
from tests.support.profile_and_app import PESEL, REACH, AsgiChannel, ProfileAndApp, profile_and_app, settings_of

OTHER_PESEL = "83041741039"


@dataclass(repr=False)
class PortalAndProfile:
    """The three of them, and what a test does to them."""

    both: ProfileAndApp
    portal: Portal
    running: Running

    @property
    def site(self) -> Site:
        return Site(self.running.application, self.portal.origin)

    async def citizen(self, profile: str = "p-stanislaw") -> AsgiBrowser:
        """A browser in which somebody is signed in to the portal."""
        browser = AsgiBrowser(self.site)
        await self.sign_in(browser, profile)
        return browser

    async def sign_in(self, browser: AsgiBrowser, profile: str = "p-stanislaw") -> None:
        """A new session in it."""
        new = new_session(
            request_of(""), self.portal, profile, (), Details(name="Stanisław Gołąb", issuer=self.both.pz.origin)
        )
        await self.portal.database.insert(new.row)
        browser.set_cookie("session", new.cookie)

    async def has_profile(self, name: str, pesel: str, state: ProfileState = ProfileState.TRUSTED) -> None:
        facts = PersonFacts(first_name="Stanisław", surname="Gołąb", pesel=Pesel(pesel))
        rule = PortalProfile(facts=facts, state=state, terms_version="2026-09")
        made = Profile(id=name, profile=rule, email="s@poczta.example", electronic_information=False, created_at=1)
        await self.portal.database.insert(self.portal.profiles.adding(made))

    async def knows(self, name: str = "p-stanislaw") -> None:
        """He signed in here through the trusted profile before, and agreed there."""
        pz = self.both.pz
        subject = pairwise_subject("pue.localhost", "stanislaw", pz.keys.subjects)
        await self.portal.federated_identities.seen(self.portal.database, pz.origin, subject, name, self.portal.clock())
        await self.both.agreed("pue")
        await pz.known_subjects.know(pz.database, "pue", subject, "stanislaw")

    async def order(self, browser: AsgiBrowser, addressee: str = "Bank Spółdzielczy") -> AsgiPage:
        """A new order's page."""
        page = await browser.open("/orders/new")
        return await page.submit("/orders/new", purpose="credit", addressee=addressee)

    async def at_profile(self, page: AsgiPage) -> AsgiPage:
        """From `Potwierdź` to the page at the trusted profile that shows what is signed."""
        left = await page.submit("/confirm")
        assert left.left_for is not None, left.text
        return await (await self.both.owner()).open(_path(left.left_for))

    async def signed_there(self, page: AsgiPage) -> str:
        """The code by SMS; where the browser is sent back to."""
        page = await page.submit("/operation")
        await self.both.pz_worker.send_due()
        page = await page.submit("/code", code=self.both.phones.last_code())
        assert page.left_for is not None, page.text
        return _path(page.left_for)

    async def events(self) -> list[str]:
        """The names of what the portal's audit log holds, oldest first."""
        rows = await self.portal.database.all("SELECT event FROM audit_entries ORDER BY at, lane, number")
        return [row["event"] for row in rows]


def _path(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.path}?{parts.query}"


@asynccontextmanager
async def portal_and_profile(folder: Path) -> AsyncIterator[PortalAndProfile]:
    """All of them, new."""
    async with profile_and_app(folder) as both:
        base = await lay(settings_of("pue"), folder, both.clock)
        database = open_sqlite(folder / "register.db")
        await upgrade(database, ("register",), both.clock())
        register = Insured(database, base.seal, Fresh())
        with patch("poreka.systems.portal.build.BackChannel", AsgiChannel):
            running = await build_portal(of_kind(base, PortalSettings), {}, REACH, register)
        portal = running.system
        assert isinstance(portal, Portal)
        AsgiChannel.sites["pue.localhost:8000"] = Site(running.application, portal.origin)
        all_three = PortalAndProfile(both, replace(portal), running)
        await all_three.has_profile("p-stanislaw", PESEL)
        try:
            yield all_three
        finally:
            await running.stop()
            await database.close()

"""The patient account and its phone app in this process, beside the trusted profile and mObywatel they rely on.

Four systems, each with its own database, one clock; they speak request for request over ASGI. Stanisław has a profile
with which he agreed to both before, so that a sign-in shows no page. Read next: `profile_and_app.py`.
"""

from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from unittest.mock import patch
from urllib.parse import urlsplit

from poreka.demo.walk.authenticator import Authenticator, challenge_for
from poreka.rules.people.person import PersonFacts
from poreka.rules.people.pesel import Pesel
from poreka.running.foundation import lay, of_kind, share_secrets
from poreka.store.database import Database
from poreka.systems.mojeikp.build import build_mojeikp
from poreka.systems.mojeikp.settings import MojeikpSettings
from poreka.systems.mojeikp.system import Mojeikp
from poreka.systems.patient_account.build import build_patient_account
from poreka.systems.patient_account.settings import PatientAccountSettings
from poreka.systems.patient_account.store.health_records import HealthRecord
from poreka.systems.patient_account.system import PatientAccountSystem
from tests.support.asgi import AsgiBrowser, AsgiPage, Site
from tests.support.profile_and_app import (
    PESEL,
    REACH,
    AsgiChannel,
    ProfileAndApp,
    profile_and_app,
    settings_of,
    token_of,
)

CHILD = PersonFacts(first_name="Zosia", surname="Gołąb", pesel=Pesel("17251463724"))
PIN = "7392"


@dataclass(repr=False)
class Device:
    """A device in somebody's hand: its browser at each site, and its authenticator."""

    app: AsgiBrowser
    pz: AsgiBrowser
    authenticator: Authenticator

    async def returned(self, address: str) -> AsgiPage:
        there = await self.pz.open(address.removeprefix(self.pz.site.origin))
        assert there.left_for is not None, there.text
        return await self.app.open(there.left_for.removeprefix(self.app.site.origin))


@dataclass(repr=False)
class Patients:
    """All four, and what a test does to them."""

    both: ProfileAndApp
    ikp: PatientAccountSystem
    mojeikp: Mojeikp
    sites: dict[str, Site] = field(default_factory=dict)

    def browser(self, key: str) -> AsgiBrowser:
        return AsgiBrowser(self.sites[key])

    async def device(self, site: str = "mojeikp") -> Device:
        """One whose owner is signed in at the trusted profile."""
        return Device(self.browser(site), await self.both.owner(), Authenticator(self.mojeikp.origin))

    async def entered(self, device: Device | None = None, start: str = "/") -> tuple[Device, AsgiPage]:
        """Signed in to the app through the trusted profile; the page that offers to bind the device."""
        device = device or await self.device()
        page = await device.app.open(start)
        page = await page.submit("/enter/pz")
        assert page.left_for is not None, page.text
        return device, await device.returned(page.left_for)

    async def with_pin(self, pin: str = PIN, device: Device | None = None, start: str = "/") -> Device:
        """A device bound with a PIN, and locked again."""
        device, page = await self.entered(device, start)
        page = await page.submit("/pin", pin=pin, pin_again=pin, name="Telefon Stasia")
        assert page.path == "/account", page.text
        await page.submit("/sign-out")
        return device

    async def with_passkey(self) -> Device:
        """A device bound with a key, and locked again."""
        device, page = await self.entered()
        credential = device.authenticator.create(challenge_for(token_of(page)))
        page = await page.submit("/passkey", token=token_of(page), credential=credential, name="Telefon Stasia")
        assert page.path == "/account", page.text
        await page.submit("/sign-out")
        return device

    async def typed(self, device: Device, pin: str) -> AsgiPage:
        """The PIN, typed at the lock."""
        page = await device.app.open("/")
        assert page.path == "/open", page.text
        return await page.submit("/open/pin", pin=pin)

    async def signed(self, device: Device) -> AsgiPage:
        """The key, used at the lock."""
        page = await device.app.open("/")
        assert page.path == "/open", page.text
        credential = device.authenticator.get(challenge_for(token_of(page)))
        return await page.submit("/open/passkey", token=token_of(page), credential=credential)

    async def at_ikp(self) -> AsgiBrowser:
        """A browser in which Stanisław is signed in to the patient account itself."""
        device = await self.device("ikp")
        page = await (await device.app.open("/")).submit("/enter/pz")
        assert page.left_for is not None
        page = await device.returned(page.left_for)
        assert page.path == "/account", page.text
        return device.app

    async def account_ids(self) -> list[str]:
        rows = await self.ikp.database.all("SELECT id FROM patient_accounts ORDER BY id")
        return [row["id"] for row in rows]

    async def events(self, system: PatientAccountSystem | Mojeikp) -> list[str]:
        """What a system's audit log holds, oldest first."""
        rows = await system.database.all("SELECT event FROM audit_entries ORDER BY at, lane, number")
        return [row["event"] for row in rows]


@asynccontextmanager
async def patients(folder: Path) -> AsyncIterator[Patients]:
    """All four, new."""
    async with profile_and_app(folder) as both:
        share_secrets(folder)
        bases = {key: await lay(settings_of(key), folder, both.clock) for key in ("ikp", "mojeikp")}
        with ExitStack() as stack:
            for module in ("patient_account", "mojeikp"):
                stack.enter_context(patch(f"poreka.systems.{module}.build.BackChannel", AsgiChannel))
            stack.enter_context(patch("poreka.outgoing.peer_read.uneven_pause", _at_once))
            running = [
                await build_patient_account(of_kind(bases["ikp"], PatientAccountSettings), {}, REACH),
                await build_mojeikp(of_kind(bases["mojeikp"], MojeikpSettings), {}, REACH),
            ]
        ikp, app = running[0].system, running[1].system
        assert isinstance(ikp, PatientAccountSystem)
        assert isinstance(app, Mojeikp)
        sites = {one.system.settings.system.key: Site(one.application, one.system.origin) for one in running}
        for site in sites.values():
            AsgiChannel.sites[urlsplit(site.origin).netloc] = site
        for service in ("ikp", "mojeikp"):
            await both.agreed(service)
        await _health(ikp)
        try:
            yield Patients(both, ikp, app, sites)
        finally:
            for one in running:
                await one.stop()


async def _at_once() -> None:
    """No pause between two tries."""


async def _health(ikp: PatientAccountSystem) -> None:
    now = ikp.clock()
    own = HealthRecord(kind="prescription", at=now, what="Ramipryl 5 mg", by="Przychodnia", code="6620")
    of_child = HealthRecord(kind="prescription", at=now, what="Witamina D", by="Przychodnia", code="3318")
    await ikp.database.insert(
        ikp.health.adding(Pesel(PESEL), own),
        ikp.health.adding(CHILD.pesel, of_child),
        ikp.health.adding_ward(Pesel(PESEL), CHILD),
    )


async def rows_of(database: Database, table: str) -> int:
    row = await database.one(f"SELECT count(*) AS n FROM {table}")
    assert row is not None
    return int(row["n"])

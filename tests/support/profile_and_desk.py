"""The trusted profile and a desk in this process, each with its own database, and one clock: no socket between them.

Grażyna and Robert are clerks with a key each. `apply` files an application, `make_profile` a valid profile. Read
next: `profile_and_app.py`, from which the channel between systems comes.
"""

import json
import zlib
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest.mock import patch
from urllib.parse import urlsplit

import httpx2

from poreka.delivery.worker import DeliveryWorker
from poreka.demo.clients import clients_at
from poreka.demo.walk.authenticator import Authenticator, challenge_for, text_of
from poreka.rules.levels import Factor
from poreka.rules.people.person import PersonFacts
from poreka.rules.people.pesel import Pesel
from poreka.running.foundation import Foundation, lay, of_kind, share_secrets
from poreka.running.running import Running
from poreka.systems.desk.build import build_desk
from poreka.systems.desk.roll import ClerkRoll, clerk_roll
from poreka.systems.desk.settings import DeskSettings
from poreka.systems.desk.store.clerks import DeskClerk
from poreka.systems.desk.system import DeskSystem
from poreka.systems.trusted_profile.build import build_trusted_profile
from poreka.systems.trusted_profile.rules.profile import TrustedProfile, applied, vouched
from poreka.systems.trusted_profile.settings import TrustedProfileSettings
from poreka.systems.trusted_profile.store.profile_applications import ProfileApplication
from poreka.systems.trusted_profile.store.trusted_profiles import OwnedProfile
from poreka.systems.trusted_profile.system import TrustedProfileSystem
from poreka.web.sessions import Details, new_session
from tests.support.asgi import AsgiBrowser, AsgiPage, Site, request_of
from tests.support.in_process import BEGINNING, MovedClock, Phones
from tests.support.profile_and_app import REACH, AsgiChannel, settings_of, token_of, worker_of
from tests.support.quick_keys import quick_keys

GRAZYNA, ROBERT, EWA, JAN = "69051744280", "81090477134", "88113052129", "83041741039"
NUMBER = "4100200301"


def signed(words: str, by: Authenticator | None = None, **changes: str) -> dict[str, str]:
    """A decision signed with a clerk's key, as a desk sends it."""
    key = by or Authenticator("http://clerk.localhost:8000")
    told = {"key": text_of(key.key_id), "public_key": text_of(key.public_key), "token": "1.drawn.seal", "said": words}
    told |= {"assertion": key.get(challenge_for(told["token"], words))}
    return told | changes


def decision_in(path: str, document: dict[str, Any]) -> str | None:
    """What a clerk's key signs for a call, if it takes a decision."""
    match path.split("/")[2:]:
        case ["applications", number, "confirm"]:
            return f"confirm/{document.get('check', {}).get('way')} {number}"
        case ["profiles", profile, "proposals"]:
            return f"propose/{document.get('act')} {profile}"
        case ["applications" | "proposals", case, "refuse" | "approve" | "reject" as act]:
            return f"{act} {case}"
        case _:
            return None


@dataclass(repr=False)
class Clerk:
    """A clerk, with a browser and a key."""

    known: DeskClerk
    browser: AsgiBrowser
    authenticator: Authenticator

    async def decide(self, page: AsgiPage, ending: str, **typed: str) -> AsgiPage:
        """Fill in the form of a decision, and sign it with the key as the page's script does."""
        return await page.submit(ending, **typed, credential=self.signature(page, ending, **typed))

    def signature(self, page: AsgiPage, ending: str, **typed: str) -> str:
        """What the key makes of a form as it is filled in."""
        form = page.form_to(ending)
        about, filled = form.node.attributes, form.filled(dict(typed))
        lines = [f"{name}={(filled.get(name) or [''])[0]}" for name in (about["data-signs"] or "").split()]
        said = "\n".join((about["data-words"] or "", *lines))
        return self.authenticator.get(challenge_for(filled["token"][0], said))

    def named(self, **changes: str) -> dict[str, str]:
        """As the desk names this clerk to the trusted profile."""
        return {"id": self.known.id, "name": self.known.name, "pesel": self.known.pesel.digits} | changes


@dataclass(repr=False)
class ProfileAndDesk:
    """Both systems, and what a test does to them."""

    pz: TrustedProfileSystem
    desk: DeskSystem
    base: Foundation
    running: list[Running]
    clock: MovedClock
    mail: Phones
    worker: DeliveryWorker
    away: set[str] = field(default_factory=set)

    @property
    def pz_site(self) -> Site:
        return Site(self.running[0].application, self.pz.origin)

    @property
    def desk_site(self) -> Site:
        return Site(self.running[1].application, self.desk.origin)

    @property
    def roll(self) -> ClerkRoll:
        return clerk_roll(of_kind(self.base, DeskSettings))

    async def clerk(self, login: str = "grazyna.lis", *, signed_in: bool = True) -> Clerk:
        """A clerk who registered a key by a link, and signed in with it."""
        known = await self.desk.clerks.by_login(login)
        if known is None:
            name, pesel = {"grazyna.lis": ("Grażyna Lis", GRAZYNA), "robert.sowa": ("Robert Sowa", ROBERT)}[login]
            known = await self.roll.add(login, name, Pesel(pesel))
        clerk = Clerk(known, AsgiBrowser(self.desk_site), Authenticator(self.desk.origin))
        link = await self.roll.make_link(known)
        assert (await self.register(clerk, link.address)).path == "/sign-in?done=key"
        if signed_in:
            assert (await self.sign_in(clerk)).path == "/"
        return clerk

    async def register(self, clerk: Clerk, address: str) -> AsgiPage:
        """The link taken up, and the key made."""
        page = await (await clerk.browser.open("/key")).submit("/key", code=address.partition("#")[2])
        credential = clerk.authenticator.create(challenge_for(token_of(page)))
        return await page.submit(page.path, token=token_of(page), credential=credential)

    async def sign_in(self, clerk: Clerk) -> AsgiPage:
        """The key used."""
        page = await clerk.browser.open("/sign-in")
        credential = clerk.authenticator.get(challenge_for(token_of(page)))
        return await page.submit("/sign-in", token=token_of(page), credential=credential)

    async def apply(
        self, pesel: str = EWA, number: str = NUMBER, name: str = "ewa", days: int = 14, **contact: str
    ) -> OwnedProfile:
        """An application that waits."""
        facts = PersonFacts(first_name="Ewa", surname="Wójcik", pesel=Pesel(pesel))
        owned = self._owned(name, applied(facts, self.clock(), days), **contact)
        application = ProfileApplication(profile_id=owned.id, number=number)
        await self.pz.database.insert(self.pz.profiles.adding(owned), self.pz.applications.adding(application))
        return owned

    async def make_profile(self, pesel: str = JAN, name: str = "jan") -> OwnedProfile:
        """A valid profile."""
        facts = PersonFacts(first_name="Jan", surname="Kowalski", pesel=Pesel(pesel))
        owned = self._owned(name, vouched(facts, "http://millenet.localhost:8000", self.clock()))
        await self.pz.database.insert(self.pz.profiles.adding(owned))
        return owned

    async def owner(self, profile_id: str = "jan") -> AsgiBrowser:
        """A browser in which the owner is signed in with two factors."""
        browser = AsgiBrowser(self.pz_site)
        new = new_session(request_of(""), self.pz, profile_id, (Factor.PASSWORD, Factor.SMS_CODE), Details(name="Jan"))
        await self.pz.database.insert(new.row)
        browser.set_cookie("session", new.cookie)
        return browser

    async def call(self, path: str, document: Any, token: str | None = None) -> httpx2.Response:
        """A call as the desk makes it, but with any document; a decision is signed, if it is not already."""
        if isinstance(document, dict) and (words := decision_in(path, document)):
            document = {"signed": signed(words), **document}
        secret = self.pz.desks[0].token if token is None else token
        headers = [("authorization", f"Bearer {secret}"), ("content-type", "application/json")]
        body = document if isinstance(document, bytes) else json.dumps(document).encode()
        return await self.pz_site.call("POST", path, body=body, headers=headers)

    async def loaded(self, profile_id: str) -> OwnedProfile:
        owned = await self.pz.profiles.load(profile_id)
        assert owned is not None
        return owned

    async def events(self, system: str = "pz") -> list[str]:
        """The names of what the audit log of `pz` or `desk` holds, oldest first."""
        database = (self.desk if system == "desk" else self.pz).database
        rows = await database.all("SELECT event FROM audit_entries ORDER BY at, lane, number")
        return [row["event"] for row in rows]

    async def letters(self) -> list[str]:
        """The first lines of the e-mails that went out."""
        await self.worker.send_due()
        return [message.body.partition("\n")[0] for message in self.mail.messages]

    def _owned(self, name: str, profile: TrustedProfile, phone: str = "", email: str = "") -> OwnedProfile:
        return OwnedProfile(
            id=name,
            profile=profile,
            user_name=f"{name}.{name}",
            password_hash="",
            phone=phone or f"6{zlib.crc32(name.encode()) % 10**8:08}",
            email=email or f"{name}@poczta.example",
        )


@asynccontextmanager
async def profile_and_desk(folder: Path) -> AsyncIterator[ProfileAndDesk]:
    """Both, new."""
    clock, mail = MovedClock(BEGINNING), Phones()
    share_secrets(folder)
    bases = {key: await lay(settings_of(key), folder, clock) for key in ("pz", "clerk")}
    with ExitStack() as stack:
        stack.enter_context(quick_keys())
        for module in ("desk", "trusted_profile"):
            stack.enter_context(patch(f"poreka.systems.{module}.build.BackChannel", AsgiChannel))
        running = [
            await build_trusted_profile(
                of_kind(bases["pz"], TrustedProfileSettings), {"sms": (mail,), "email": (mail,), "push": (mail,)}, REACH
            ),
            await build_desk(of_kind(bases["clerk"], DeskSettings), {}, REACH),
        ]
    pz, desk = running[0].system, running[1].system
    assert isinstance(pz, TrustedProfileSystem)
    assert isinstance(desk, DeskSystem)
    registered = next(one for one in clients_at(lambda key: f"http://{key}.localhost:8000", "pz") if one.may_name_pesel)
    await pz.database.insert(pz.clients.adding(registered, clock()))
    away: set[str] = set()
    AsgiChannel.away = away
    AsgiChannel.sites = {
        urlsplit(one.system.origin).netloc: Site(one.application, one.system.origin) for one in running
    }
    try:
        yield ProfileAndDesk(
            pz=pz,
            desk=desk,
            base=bases["clerk"],
            running=running,
            clock=clock,
            mail=mail,
            worker=worker_of(running[0]),
            away=away,
        )
    finally:
        for one in running:
            await one.stop()

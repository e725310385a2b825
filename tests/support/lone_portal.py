"""A portal by itself, wired as in the demonstration, whose only provider is a scripted one.

`Browser` is a person's browser without scripts, spoken to in memory; every page it sees is checked.
"""

import tomllib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from importlib import resources
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit

import httpx2
from selectolax.lexbor import LexborHTMLParser

from poreka.outgoing.back_channel import BackChannel, Reach
from poreka.relying.provider_documents import ProviderDocuments
from poreka.rules.people.person import PersonFacts
from poreka.rules.people.pesel import Pesel
from poreka.running.foundation import lay, of_kind
from poreka.running.running import Running
from poreka.settings import settings_from
from poreka.store.fresh import Fresh
from poreka.store.migrate import upgrade
from poreka.store.sqlite.engine import open_sqlite
from poreka.systems.portal import routes as app
from poreka.systems.portal.build import build_portal
from poreka.systems.portal.rules.profile import PortalProfile, ProfileState
from poreka.systems.portal.settings import PortalSettings
from poreka.systems.portal.store.insured import Insured, InsuredPerson, InsuredRole
from poreka.systems.portal.store.profiles import Profile
from poreka.systems.portal.system import Portal
from poreka.web.application import Application
from tests.support.form import words
from tests.support.page_checks import complaints_about
from tests.support.scripted_provider import Person, ScriptedProvider

NOW = 1_790_000_000
ORIGIN = "http://pue.localhost:8000"
TERMS = "2026-09"
REACH = Reach(allow_http=True, localhost_names=True)


@dataclass
class LonePortal:
    """A running portal, its scripted provider, and a clock that tests move."""

    portal: Portal
    application: Application
    provider: ScriptedProvider
    register: Insured
    moment: list[int]

    def browser(self) -> "Browser":
        transport = httpx2.ASGITransport(app=self.application)
        return Browser(httpx2.AsyncClient(transport=transport, base_url=ORIGIN))

    async def events(self) -> list[str]:
        """What was recorded since the portal stood, in order."""
        sql = "SELECT event FROM audit_entries WHERE event <> 'KeysRotated' ORDER BY number"
        rows = await self.portal.database.all(sql)
        return [row["event"] for row in rows]

    async def has_profile(self, person: Person, **changes: Any) -> Profile:
        """Give this person a profile; by default a trusted one under the terms in force."""
        facts = PersonFacts(
            first_name=changes.pop("first_name", person.given_name),
            surname=changes.pop("surname", person.family_name),
            pesel=Pesel(changes.pop("pesel", person.pesel)),
        )
        state = changes.pop("state", ProfileState.TRUSTED)
        rule = PortalProfile(
            facts=facts,
            state=state,
            terms_version=changes.pop("terms_version", TERMS),
            closed_at=changes.pop("closed_at", None),
            trusted_at=changes.pop("trusted_at", None if state is ProfileState.UNTRUSTED else NOW - 1000),
        )
        given = {"email": "jan@poczta.example", "electronic_information": False, "created_at": NOW - 1000}
        profile = Profile(id=self.portal.fresh.id(), profile=rule, **{**given, **changes})
        await self.portal.database.insert(self.portal.profiles.adding(profile))
        return profile

    async def is_insured(self, person: Person, surname: str) -> None:
        facts = PersonFacts(first_name=str(person.given_name), surname=surname, pesel=Pesel(str(person.pesel)))
        known = InsuredPerson(facts=facts, roles=(InsuredRole.INSURED,))
        await self.register.database.insert(self.register.adding(known))


@dataclass
class Browser:
    """One person's browser: cookies, and the page it stands at."""

    client: httpx2.AsyncClient
    response: httpx2.Response = field(init=False)

    @property
    def location(self) -> str:
        assert self.response.status_code == 303, (self.response.status_code, self.response.text[:2000])
        return self.response.headers["location"]

    @property
    def page(self) -> LexborHTMLParser:
        return LexborHTMLParser(self.response.text)

    @property
    def words(self) -> str:
        main = self.page.css_first("main")
        return words(main) if main else ""

    async def get(self, path: str, **headers: str) -> "Browser":
        return self._saw(await self.client.get(path, headers={"accept-language": "pl", **headers}))

    async def follow(self) -> "Browser":
        """Go where the last answer sends: within the portal only."""
        to = urlsplit(self.location)
        assert to.netloc in ("", urlsplit(ORIGIN).netloc), f"that leads elsewhere: {to.netloc}"
        return await self.get(f"{to.path}?{to.query}" if to.query else to.path)

    async def post(self, path: str, **fields: str) -> "Browser":
        """Send a form with the token of the page last seen."""
        token = self.page.css_first("input[name=csrf_token]")
        data = {"csrf_token": (token.attributes.get("value") or "") if token else "", **fields}
        headers = {"origin": ORIGIN, "sec-fetch-site": "same-origin"}
        return self._saw(await self.client.post(path, data=data, headers=headers))

    def _saw(self, response: httpx2.Response) -> "Browser":
        html = response.headers.get("content-type", "").startswith("text/html")
        complaints = complaints_about(response, LexborHTMLParser(response.text) if html else None)
        assert not complaints, (response.url.path, complaints)
        self.response = response
        return self


@asynccontextmanager
async def lone_portal(folder: Path, **of_system: int) -> AsyncIterator[LonePortal]:
    """Build it in a folder of its own, with these settings of `[system]`, and take it down."""
    moment = [NOW]
    tables = tomllib.loads(resources.files("poreka.presets").joinpath("pue.toml").read_text("utf-8"))
    settings = settings_from({**tables, "system": {**tables["system"], **of_system}}, "pue.toml")
    base = await lay(settings, folder, lambda: moment[0])
    database = open_sqlite(folder / "register.db")
    await upgrade(database, ("register",), NOW)
    register = Insured(database, base.seal, Fresh())
    running = await build_portal(of_kind(base, PortalSettings), {}, REACH, register)
    try:
        yield _with_script(running, register, moment)
    finally:
        await running.stop()
        await database.close()


def _with_script(running: Running, register: Insured, moment: list[int]) -> LonePortal:
    wired = running.system
    assert isinstance(wired, Portal)
    registration = wired.relied_on["millenet"].registration
    provider = ScriptedProvider(registration.issuer, registration.client_id, wired.clock)
    known = {registration.issuer: registration}
    portal = replace(
        wired,
        back_channel=cast(BackChannel, provider),
        documents=ProviderDocuments(known, provider.get, wired.clock, allow_http=True),
    )
    return LonePortal(portal, Application(portal, app.ROUTES, app.turn_away), provider, register, moment)

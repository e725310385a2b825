"""A portal by itself (`lone_portal.py`), with its e-mails in view, and people who are signed in.

What is put into the outbox is noted as it is written, so that no test waits for a worker.
"""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from poreka.relying.store.federated_sessions import FederatedSession
from poreka.rules.levels import Factor
from poreka.store.database import Insert
from poreka.store.outbox import NOBODY, Message, Outbox
from poreka.systems.portal import routes as app
from poreka.systems.portal.store.profiles import Profile
from poreka.web.application import Application
from poreka.web.sessions import Details, new_session
from tests.support.asgi import request_of
from tests.support.lone_portal import Browser, LonePortal, lone_portal

ISSUER = "http://millenet.localhost:8000"


@dataclass(frozen=True, slots=True)
class NotedOutbox(Outbox):
    """An outbox that also notes what it was given."""

    noted: list[Message] = field(default_factory=list)

    def adding(self, message: Message) -> Insert:
        if message.channel != NOBODY:
            self.noted.append(message)
        return Outbox.adding(self, message)


@dataclass
class PortalWithMail:
    """The portal, its letters, and what a test does to people."""

    lone: LonePortal
    letters: list[Message]

    @property
    def portal(self) -> Any:
        return self.lone.portal

    def advance(self, seconds: int) -> None:
        self.lone.moment[0] += seconds

    def code(self) -> str:
        """The code in the newest letter."""
        found = re.search(r"^(?:Kod|Code): (\d{6})$", self.letters[-1].body, re.MULTILINE)
        assert found is not None, self.letters[-1].body
        return found[1]

    async def signed_in(self, profile: Profile, browser: Browser | None = None, *, bank: bool = True) -> Browser:
        """A browser in which the owner of this profile is signed in, through the bank or by password."""
        browser = browser or await self.lone.browser().get("/help")
        facts = profile.profile.facts
        details = Details(name=f"{facts.first_name} {facts.surname}", issuer=ISSUER if bank else "")
        new = new_session(request_of(""), self.portal, profile.id, () if bank else (Factor.PASSWORD,), details)
        rows = [new.row]
        if bank:
            resting = FederatedSession(
                session_sid=new.sid,
                issuer=ISSUER,
                subject="sub",
                provider_sid="there",
                id_token="the.id.token",
            )
            rows.append(self.portal.federated_sessions.adding(resting))
        await self.portal.database.insert(*rows)
        if "session" in browser.client.cookies:
            browser.client.cookies.delete("session")
        browser.client.cookies.set("session", new.cookie, domain="pue.localhost", path="/")
        return browser

    async def audited(self, event: str) -> list[str]:
        """The details of every event of this name."""
        rows = await self.portal.database.all("SELECT details FROM audit_entries WHERE event = $1", event)
        return [row["details"] for row in rows]


@asynccontextmanager
async def portal_with_mail(folder: Path) -> AsyncIterator[PortalWithMail]:
    """Build it in a folder of its own, and take it down."""
    async with lone_portal(folder) as lone:
        portal = lone.portal
        outbox = NotedOutbox(portal.outbox.database, portal.outbox.seal, portal.outbox.fresh)
        portal = replace(portal, outbox=outbox)
        application = Application(portal, app.ROUTES, app.turn_away)
        yield PortalWithMail(replace(lone, portal=portal, application=application), outbox.noted)

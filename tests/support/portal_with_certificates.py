"""A portal with a door for certificates, and the proxy in front of it as a test plays it.

`Citizen` is one person's browser at both origins. What the proxy tells is in the test's hands, so that it can lie.
The lists of revoked certificates are on `shelf`, by address.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import urlsplit

import httpx2

from poreka.oidc.relying_party.exchange import Answer
from poreka.outgoing.back_channel import PeerUnreachable
from poreka.systems.portal import routes as app
from poreka.systems.portal.certificate.door import CertificateDoor
from poreka.systems.portal.certificate.revocation_lists import RevocationLists
from poreka.web.application import Application, Federation
from poreka.web.door.peer_certificate import TlsProxy
from tests.support.certificates import Authority, Issued
from tests.support.lone_portal import ORIGIN, Browser, LonePortal, lone_portal

DOOR = "https://certificate.pue.example"
SECRET = "only-the-proxy-knows-this"
PROXY = {"poreka-proxy-secret": SECRET}


@dataclass
class Shelf:
    """Where authorities publish their lists."""

    lists: dict[str, bytes] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    async def fetch(self, place: str) -> Answer:
        self.asked.append(place)
        if place not in self.lists:
            raise PeerUnreachable("connect")
        return Answer(status=200, headers={}, body=self.lists[place])


@dataclass
class PortalWithCertificates:
    lone: LonePortal
    authority: Authority
    shelf: Shelf
    federation: Federation

    def citizen(self, shown: Issued | None = None) -> "Citizen":
        """Someone whose browser shows this certificate where it is asked for one."""
        transport = httpx2.ASGITransport(app=self.federation)
        client = httpx2.AsyncClient(transport=transport, base_url=ORIGIN)
        return Citizen(client, {**PROXY, "client-cert": shown.header} if shown else dict(PROXY))


@dataclass
class Citizen(Browser):
    """One person's browser, with what the proxy tells of it at the other origin."""

    told: dict[str, str] = field(default_factory=dict)

    async def to_the_door(self) -> str:
        """Press the button; the address at the other origin."""
        await self.get("/certificate")
        await self.post("/certificate")
        assert self.location.startswith(f"{DOOR}/certificate/")
        return self.location

    async def knock(self, address: str, headers: list[tuple[str, str]] | None = None) -> str:
        """Open an address at the other origin; where it sends the browser."""
        told = list(self.told.items()) if headers is None else headers
        response = await self.client.get(address, headers=told)
        assert response.status_code == 303, response.text[:1000]
        assert "set-cookie" not in response.headers
        assert response.text == ""
        return response.headers["location"]

    async def back(self, address: str) -> "Citizen":
        """Open the address that the other origin sent to."""
        to = urlsplit(address)
        assert f"{to.scheme}://{to.netloc}" == ORIGIN
        await self.get(f"{to.path}?{to.query}" if to.query else to.path)
        return self

    async def sign_in(self) -> "Citizen":
        """The whole way, up to the page that it leads to."""
        await self.back(await self.knock(await self.to_the_door()))
        while self.response.status_code == 303:
            await self.follow()
        return self

    @property
    def path(self) -> str:
        return self.response.url.path


@asynccontextmanager
async def portal_with_certificates(folder: Path) -> AsyncIterator[PortalWithCertificates]:
    """Build it in a folder of its own, and take it down."""
    async with lone_portal(folder) as lone:
        authority, shelf = Authority(), Shelf()
        shelf.lists[authority.place] = authority.list()
        door = CertificateDoor(TlsProxy(DOOR, SECRET), (authority.certificate,), RevocationLists(shelf.fetch))
        portal = replace(lone.portal, certificates=door)
        with_door = replace(lone, portal=portal, application=Application(portal, app.ROUTES, app.turn_away))
        at_the_door = Application(portal, app.CERTIFICATE_ROUTES, app.turn_away)
        hosts = {urlsplit(ORIGIN).netloc: with_door.application, urlsplit(DOOR).netloc: at_the_door}
        yield PortalWithCertificates(with_door, authority, shelf, Federation(hosts))

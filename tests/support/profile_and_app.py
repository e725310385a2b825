"""The trusted profile and the phone app in this process: two systems, each with its own database, and one clock.

They speak to one another by the contracts, request for request, but over ASGI instead of sockets. Stanisław has a
valid profile. `enrol` gives him a phone, through the pages of both. Read next: `asgi.py`, `phone_app.py`.
"""

import json
import os
import re
import tomllib
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path
from typing import Any, ClassVar
from unittest.mock import patch
from urllib.parse import urlsplit

import http_ece
import msgspec
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from poreka.contracts.app_request import push_message
from poreka.delivery.worker import DeliveryWorker
from poreka.demo.clients import FACTS, clients_at, sandbox_key
from poreka.demo.walk.authenticator import Authenticator, challenge_for, text_of
from poreka.oidc.backchannel_authentication import GRANT_TYPE
from poreka.oidc.clients.client import Client
from poreka.oidc.keys import SigningKey, public_part
from poreka.oidc.relying_party.exchange import Answer, Outgoing
from poreka.outgoing.back_channel import PeerUnreachable, Reach
from poreka.provider.rules.consent import Consent
from poreka.provider.store.consents import ConsentRecord
from poreka.rules.authorising.tools import Held, Tool
from poreka.rules.levels import Factor, Level
from poreka.rules.people.person import Fact, PersonFacts
from poreka.rules.people.pesel import Pesel
from poreka.running.foundation import lay, of_kind, share_secrets
from poreka.running.running import Running
from poreka.running.senders import app_sender
from poreka.settings import settings_from
from poreka.systems.mobywatel.build import build_mobywatel
from poreka.systems.mobywatel.settings import MobywatelSettings
from poreka.systems.mobywatel.system import Mobywatel
from poreka.systems.trusted_profile.build import build_trusted_profile
from poreka.systems.trusted_profile.rules.profile import vouched
from poreka.systems.trusted_profile.settings import TrustedProfileSettings
from poreka.systems.trusted_profile.store.trusted_profiles import OwnedProfile
from poreka.systems.trusted_profile.system import TrustedProfileSystem
from poreka.web.sessions import Details, new_session
from poreka.web.settings.every_kind import CommonSettings
from tests.support.asgi import AsgiBrowser, AsgiPage, Site, request_of
from tests.support.in_process import BEGINNING, CALLBACK, MovedClock, Phones
from tests.support.quick_keys import quick_keys
from tests.support.relying_client import FapiClient, new_key

PESEL = "71120285435"
KEYS = {"sandbox-fapi": SigningKey.of_jwk(sandbox_key()), "other-fapi": new_key()}
PROOF_KEY = new_key()
REACH = Reach(allow_http=True, localhost_names=True)


class AsgiChannel:
    """Stands where the back channel stands; `away` are the hosts that do not answer."""

    sites: ClassVar[dict[str, Site]] = {}
    away: ClassVar[set[str]] = set()

    def __init__(self, *_: object, **__: object) -> None:
        pass

    async def send(self, request: Outgoing) -> Answer:
        address = urlsplit(request.url)
        site = self.sites.get(address.netloc)
        if site is None or address.netloc in self.away:
            raise PeerUnreachable("connect")
        path = address.path + (f"?{address.query}" if address.query else "")
        answer = await site.call(request.method, path, body=request.body, headers=request.headers.items())
        return Answer(status=answer.status_code, headers=dict(answer.headers), body=answer.content)

    async def get(self, url: str, headers: dict[str, str] | None = None) -> Answer:
        return await self.send(Outgoing(method="GET", url=url, headers=headers or {}))

    async def aclose(self) -> None:
        pass


@dataclass(repr=False)
class Handset:
    """A phone in somebody's hand: its browser and its authenticator."""

    browser: AsgiBrowser
    authenticator: Authenticator
    device_id: str = ""

    async def sign(self, page: AsgiPage, number: str = "") -> str:
        """What the key says to a page's challenge and this number."""
        return self.authenticator.get(challenge_for(token_of(page), number))


@dataclass(repr=False)
class PushService:
    """A push service that can read what passes through it: it holds the browser's keys, too."""

    browser: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    auth: bytes = field(default_factory=lambda: os.urandom(16))
    status: int = 201
    taken: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    def subscription(self, endpoint: str = "https://push.example/send/1") -> str:
        form, encoding = serialization.PublicFormat.UncompressedPoint, serialization.Encoding.X962
        point = self.browser.public_key().public_bytes(encoding, form)
        return json.dumps({"endpoint": endpoint, "keys": {"p256dh": text_of(point), "auth": text_of(self.auth)}})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        body = await request.body()
        plain = http_ece.decrypt(body, private_key=self.browser, auth_secret=self.auth, version="aes128gcm")
        self.taken.append((dict(request.headers), plain))
        await PlainTextResponse("", self.status)(scope, receive, send)


@dataclass(repr=False)
class ProfileAndApp:
    """Both systems, and what a test does to them."""

    pz: TrustedProfileSystem
    app: Mobywatel
    running: list[Running]
    clock: MovedClock
    phones: Phones
    pz_worker: DeliveryWorker
    app_worker: DeliveryWorker
    away: set[str] = field(default_factory=set)
    push: PushService = field(default_factory=PushService)

    @property
    def pz_site(self) -> Site:
        return Site(self.running[0].application, self.pz.origin)

    @property
    def app_site(self) -> Site:
        return Site(self.running[1].application, self.app.origin)

    async def owner(self, *factors: Factor) -> AsgiBrowser:
        """A browser in which Stanisław is signed in to his profile, with two factors unless said otherwise."""
        browser = AsgiBrowser(self.pz_site)
        new = new_session(
            request_of(browser.agent),
            self.pz,
            "stanislaw",
            factors or (Factor.PASSWORD, Factor.SMS_CODE),
            Details(name="Stanisław"),
        )
        await self.pz.database.insert(new.row)
        browser.set_cookie("session", new.cookie)
        return browser

    def handset(self) -> Handset:
        """A phone that was never here."""
        return Handset(AsgiBrowser(self.app_site), Authenticator(self.app.origin))

    async def authorised(self, owner: AsgiBrowser) -> AsgiPage:
        """The page that offers the code, after adding a phone was authorised with the current tool."""
        page = await (await owner.open("/profile/devices")).submit("/profile/devices")
        page = await page.submit("/ask")
        await self.pz_worker.send_due()
        return await page.submit("/code", code=self.phones.last_code())

    async def code(self, owner: AsgiBrowser) -> tuple[AsgiPage, str]:
        """The page with the QR code, and what the code says."""
        page = await (await self.authorised(owner)).submit("/code")
        found = re.search(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}\b", page.text)
        assert found is not None, page.text
        return page, found[0]

    async def keyed(self, phone: Handset, code: str, name: str = "Telefon Stasia") -> AsgiPage:
        """The phone has used the code and made its key; the page shows its number."""
        page = await (await phone.browser.open("/enrol")).submit("/enrol", code=code)
        credential = phone.authenticator.create(challenge_for(token_of(page)))
        return await page.submit("/key", token=token_of(page), credential=credential, name=name)

    async def enrol(self, phone: Handset | None = None, *, current: bool = True) -> Handset:
        """A phone of Stanisław's, enrolled through both sides; he approves with it unless said otherwise."""
        owner, phone = await self.owner(), phone or self.handset()
        if await self.pz.tools.current("stanislaw") is not Tool.SMS:
            await self.pz.tools.choose(self.pz.database, "stanislaw", Tool.SMS)
        page, code = await self.code(owner)
        number = number_on(await self.keyed(phone, code))
        page = await (await owner.open(page.path)).submit("/number", number=number)
        assert page.path == "/profile/devices?done=added", page.text
        device = await self.app.devices.by_key(phone_key(phone))
        assert device is not None
        phone.device_id = device.id
        if current:
            await self.pz.tools.choose(self.pz.database, "stanislaw", Tool.PUSH)
        return phone

    async def unlocked(self, phone: Handset, page: str = "/") -> AsgiPage:
        """The app, opened on the phone."""
        shown = await phone.browser.open(f"/sign-in?next={page}")
        if shown.path.partition("?")[0] != "/sign-in":
            return shown
        credential = await phone.sign(shown)
        return await shown.submit("/sign-in", token=token_of(shown), credential=credential)

    async def asked(self, owner: AsgiBrowser) -> tuple[AsgiPage, str, str]:
        """Something to approve: the profile's page that waits, the number on it, and the request's id."""
        page = await (await owner.open("/profile/extend")).submit("/profile/extend")
        page = await page.submit("/ask")
        await self.pz_worker.send_due()
        found = re.search(r"aplikacji (\d\d)\b", page.text)
        assert found is not None, page.text
        request = (await self.pz.app_requests.recent("stanislaw"))[0]
        return page, found[1], request.id

    async def told(self, request_id: str) -> bytes:
        """A request's document, as the profile would send it again."""
        request = await self.pz.app_requests.load(request_id)
        assert request is not None
        owned = await self.pz.operations.load(request.operation_id)
        assert owned is not None
        name, now = self.pz.settings.system.name, self.clock()
        return msgspec.json.encode(
            push_message(request, owned.operation, customer="stanislaw.golab", provider=name, now=now)
        )

    async def approve(self, phone: Handset, request_id: str, number: str) -> AsgiPage:
        """Type the number on the phone, and let its key sign."""
        page = await phone.browser.open(f"/requests/{request_id}")
        credential = await phone.sign(page, number)
        return await page.submit("/approve", number=number, token=token_of(page), credential=credential)

    def relying(self) -> FapiClient:
        """A service that relies on the app as a provider."""
        return FapiClient(self.app_site, "sandbox-fapi", CALLBACK, self.clock, key=SigningKey.of_jwk(sandbox_key()))

    def service(self, client_id: str = "sandbox-fapi", redirect_uri: str = CALLBACK) -> FapiClient:
        """A service that relies on the trusted profile."""
        return FapiClient(self.pz_site, client_id, redirect_uri, self.clock, key=KEYS[client_id], proof_key=PROOF_KEY)

    async def agreed(self, client_id: str = "sandbox-fapi", person: str = "stanislaw") -> None:
        """A consent to all three facts on record, as if given before, and the service knows the person."""
        consent = Consent(
            service=client_id,
            text_version="2026-01",
            facts=tuple(Fact),
            given_at=self.clock(),
            operation_id="o",
            level=Level.SUBSTANTIAL,
        )
        record = ConsentRecord(id=self.pz.fresh.id(), person_id=person, consent=consent)
        await self.pz.database.insert(self.pz.consents.adding(record))

    async def change_client(self, client_id: str, **changes: Any) -> Client:
        """Register a client of the profile anew with changes."""
        known = await self.pz.clients.by_id(client_id)
        assert known is not None
        client = msgspec.structs.replace(known, **changes)
        async with self.pz.database.transaction() as transaction:
            await self.pz.clients.replace(transaction, client)
        self.pz.registry._kept.clear()
        return client

    async def events(self, system: str = "app") -> list[str]:
        """The names of what the audit log of `app` or `pz` holds, oldest first."""
        database = (self.app if system == "app" else self.pz).database
        rows = await database.all("SELECT event FROM audit_entries ORDER BY at, lane, number")
        return [row["event"] for row in rows]

    async def held(self) -> list[Held]:
        return await self.pz.tools.held("stanislaw")


def token_of(page: AsgiPage) -> str:
    """The challenge's token in the page's form."""
    node = page.html.css_first("form[data-key]")
    assert node is not None, page.text
    return node.attributes.get("data-token") or ""


def number_on(page: AsgiPage) -> str:
    """The number that the phone shows."""
    node = page.html.css_first("[data-number]")
    assert node is not None, page.text
    return node.text().strip()


def phone_key(phone: Handset) -> str:
    """The id of the phone's key, as the app stores it."""
    return text_of(phone.authenticator.key_id)


def other_service() -> Client:
    """Another service: another sector, another key; it may name people by PESEL, and is told when to look."""
    return Client(
        client_id="other-fapi",
        name={"pl": "Inny urząd", "en": "Another office"},
        redirect_uris=("https://other.example/callback",),
        jwks={"keys": [public_part(KEYS["other-fapi"].private_jwk)]},
        scopes=frozenset({"openid", "identity"}),
        claims=FACTS,
        dpop_required=True,
        grant_types=frozenset({"authorization_code", GRANT_TYPE}),
        backchannel_token_delivery_mode="ping",
        backchannel_client_notification_endpoint="https://other.example/ping",
        may_name_pesel=True,
    )


def settings_of(key: str) -> CommonSettings:
    tables: dict[str, Any] = tomllib.loads(resources.files("poreka.presets").joinpath(f"{key}.toml").read_text("utf-8"))
    tables["system"] |= {"database": f"sqlite:{key}.db", "outbox_workers": False}
    tables["server"] = {"trusted_proxies": ["127.0.0.1"]}  # so that a browser can be somewhere else
    return settings_from(tables, f"presets/{key}.toml")


@asynccontextmanager
async def profile_and_app(folder: Path) -> AsyncIterator[ProfileAndApp]:
    """Both, new."""
    clock, phones = MovedClock(BEGINNING), Phones()
    share_secrets(folder)
    bases = {key: await lay(settings_of(key), folder, clock) for key in ("pz", "mobywatel")}
    with ExitStack() as stack:
        stack.enter_context(quick_keys())
        for module in ("systems.mobywatel.build", "systems.trusted_profile.build", "running.senders"):
            stack.enter_context(patch(f"poreka.{module}.BackChannel", AsgiChannel))
        senders = {"sms": (phones,), "email": (phones,), "push": (app_sender(bases["pz"], REACH, []),)}
        running = [
            await build_trusted_profile(of_kind(bases["pz"], TrustedProfileSettings), senders, REACH),
            await build_mobywatel(of_kind(bases["mobywatel"], MobywatelSettings), {}, REACH),
        ]
    pz, app = running[0].system, running[1].system
    assert isinstance(pz, TrustedProfileSystem)
    assert isinstance(app, Mobywatel)
    facts = PersonFacts(first_name="Stanisław", surname="Gołąb", pesel=Pesel(PESEL))
    owned = OwnedProfile(
        id="stanislaw",
        profile=vouched(facts, "http://millenet.localhost:8000", BEGINNING - 365 * 24 * 3600),
        user_name="stanislaw.golab",
        password_hash="",
        phone="600201095",
        email="stanislaw@poczta.example",
    )
    await pz.database.insert(pz.profiles.adding(owned))
    away: set[str] = set()
    AsgiChannel.away = away
    AsgiChannel.sites = {
        urlsplit(one.system.origin).netloc: Site(one.application, one.system.origin) for one in running
    }
    push = PushService()
    for system, key in ((app, "mobywatel"), (pz, "pz")):
        clients = clients_at(lambda host: f"http://{host}.localhost:8000", key)
        clients += [other_service()] if key == "pz" else []
        await system.database.insert(*(system.clients.adding(client, clock()) for client in clients))
    AsgiChannel.sites["push.example"] = Site(push, "https://push.example")
    try:
        yield ProfileAndApp(
            pz=pz,
            app=app,
            running=running,
            clock=clock,
            phones=phones,
            pz_worker=worker_of(running[0]),
            app_worker=worker_of(running[1]),
            away=away,
            push=push,
        )
    finally:
        for one in running:
            await one.stop()


def worker_of(running: Running) -> DeliveryWorker:
    """A system's own outbox worker, which a test works off by itself."""
    worker = getattr(running.system.wake_delivery, "__self__", None)
    assert isinstance(worker, DeliveryWorker)
    return worker

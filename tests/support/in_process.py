"""A whole bank in this process: real database, real rules, a clock that a test moves and a phone it reads.

A bank is built once for each engine and copied for each test (a folder, or a PostgreSQL template), because
making its keys and tables is what takes time. The outbox is worked off when a test says so. Read next:
`asgi.py` and `relying_client.py`, which speak to it.
"""

import re
import shutil
import ssl
import tempfile
import tomllib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path
from typing import Any

import msgspec
import pytest
import pytest_asyncio

from poreka.delivery.worker import DeliveryWorker
from poreka.demo.clients import FACTS, SANDBOX_SECRET, clients_at, sandbox_key
from poreka.oidc.clients.client import Client
from poreka.oidc.keys import SigningKey, public_part
from poreka.outgoing.back_channel import Reach
from poreka.provider.rules.consent import Consent
from poreka.provider.store.consents import ConsentRecord
from poreka.provider.store.customer_directory import Customer
from poreka.provider.store.customers import Customers, NewCustomer
from poreka.provider.system import Bank
from poreka.rules.levels import Factor, Level
from poreka.rules.people.person import Fact
from poreka.running.foundation import lay, of_kind
from poreka.running.running import Running, delivery_worker
from poreka.settings import settings_from
from poreka.store.outbox import Message
from poreka.systems.bank.build import build_bank
from poreka.systems.bank.settings import BankSettings
from poreka.web.sessions import Details, new_session
from poreka.web.settings.every_kind import CommonSettings
from tests.support.asgi import AsgiBrowser, Site, request_of
from tests.support.postgres import PostgresServer
from tests.support.quick_keys import quick_keys
from tests.support.relying_client import FapiClient, OpenidClient, new_key

NOBODY_TRUSTED = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
BEGINNING = 1_800_000_000
CALLBACK = "http://127.0.0.1:3000/callback"
PASSWORD = "cichy-brzeg-jan-10"
JAN = NewCustomer(
    id="jan", number="21570133", password_hash="", identifier_kind="pesel", identifier="83041741039",
    first_name="Jan", surname="Kowalski", pesel="83041741039", phone="600201011", email="jan@poczta.example",
)  # fmt: skip
ANNA = NewCustomer(
    id="anna", number="21571404", password_hash="", identifier_kind="pesel", identifier="79090344729",
    first_name="Anna", surname="Nowak-Zielińska", pesel="79090344729", phone="600201018",
)  # fmt: skip
PIOTR = NewCustomer(
    id="piotr", number="21572675", password_hash="", identifier_kind="pesel", identifier="91012248438",
    first_name="Piotr", surname="Wiśniewski", pesel="91012248438", phone="600201025", identity_verified=False,
)  # fmt: skip
PEOPLE = (JAN, ANNA, PIOTR)


@dataclass
class MovedClock:
    """Seconds since the epoch, moved by hand."""

    now: int = BEGINNING

    def __call__(self) -> int:
        return self.now

    def advance(self, seconds: int) -> None:
        self.now += seconds


@dataclass
class Phones:
    """A sender that keeps what it is given."""

    messages: list[Message] = field(default_factory=list)
    name: str = "phones"
    recognises: bool = False

    async def send(self, message: Message) -> None:
        self.messages.append(message)

    def last_code(self) -> str:
        """The code in the newest message."""
        found = re.search(r"Kod SMS nr \d+: (\d{6})(?:;|$)", self.messages[-1].body)
        assert found is not None
        return found[1]


@dataclass(repr=False)
class BankInProcess:
    """A running bank and what a test does to it."""

    bank: Bank
    running: Running
    clock: MovedClock
    phones: Phones
    app: Phones
    worker: DeliveryWorker
    keys: dict[str, SigningKey]
    folder: Path

    @property
    def site(self) -> Site:
        return Site(self.running.application, self.bank.origin)

    def browser(self, language: str = "pl") -> AsgiBrowser:
        """A browser that was never here."""
        return AsgiBrowser(self.site, language)

    async def signed_in(
        self, person: str = "jan", *factors: Factor, browser: AsgiBrowser | None = None, answers: str = ""
    ) -> AsgiBrowser:
        """A browser in which a person is signed in, by password unless said otherwise."""
        browser = browser or self.browser()
        new = new_session(
            request_of(browser.agent),
            self.bank,
            person,
            factors or (Factor.PASSWORD,),
            Details(name=person.title(), answers=answers),
        )
        await self.bank.database.insert(new.row)
        browser.set_cookie("session", new.cookie)
        return browser

    async def agreed(self, client_id: str, *facts: Fact, person: str = "jan", level: Level = Level.SUBSTANTIAL) -> str:
        """A consent on record, as if given before; returns its id."""
        consent = Consent(
            service=client_id,
            text_version="2026-01",
            facts=facts or tuple(Fact),
            given_at=self.clock(),
            operation_id="o",
            level=level,
        )
        record = ConsentRecord(id=self.bank.fresh.id(), person_id=person, consent=consent)
        await self.bank.database.insert(self.bank.consents.adding(record))
        return record.id

    async def returning(self, client_id: str = "sandbox-fapi", person: str = "jan") -> AsgiBrowser:
        """A browser whose person is signed in and agreed before: no page is shown (P6)."""
        facts = tuple(Fact) if client_id != "sandbox" else (Fact.FIRST_NAME, Fact.SURNAME)
        await self.agreed(client_id, *facts, person=person)
        return await self.signed_in(person)

    def fapi(self, client_id: str = "sandbox-fapi", redirect_uri: str = CALLBACK) -> FapiClient:
        """The relying party of this name."""
        return FapiClient(self.site, client_id, redirect_uri, self.clock, key=self.keys[client_id])

    def openid(self) -> OpenidClient:
        """The sandbox client of the profile `openid`."""
        return OpenidClient(self.site, "sandbox", CALLBACK, self.clock, secret=SANDBOX_SECRET)

    async def deliver(self) -> str:
        """Send what waits in the outbox; the code of the newest message."""
        await self.worker.send_due()
        return self.phones.last_code()

    async def customer(self, person: str = "jan") -> Customer:
        found = await self.bank.customers.by_id(person)
        assert found is not None
        return found

    async def change_client(self, client_id: str, **changes: Any) -> Client:
        """Register a client anew with changes."""
        known = await self.bank.clients.by_id(client_id)
        assert known is not None
        client = msgspec.structs.replace(known, **changes)
        async with self.bank.database.transaction() as transaction:
            await self.bank.clients.replace(transaction, client)
        self.bank.registry._kept.clear()
        return client

    async def events(self) -> list[str]:
        """The names of what the audit log holds, oldest first."""
        rows = await self.bank.database.all("SELECT event FROM audit_entries ORDER BY at, lane, number")
        return [row["event"] for row in rows]


def bank_settings(database: str, **bank: Any) -> CommonSettings:
    """A preset (Millenet's) with another database, no worker, and these tables `customers` and `sim_swap`."""
    name = bank.pop("preset", "millenet")
    tables = tomllib.loads(resources.files("poreka.presets").joinpath(f"{name}.toml").read_text("utf-8"))
    tables["system"] |= {"database": database, "outbox_workers": False}
    tables["customers"] = bank.pop("customers", {})
    tables["sim_swap"] = bank.pop("sim_swap", {})
    tables["bank"] |= bank
    tables["system"]["secrets"] = "millenet.secrets"
    return settings_from(tables, f"presets/{name}.toml")


def test_clients(other: SigningKey) -> list[Client]:
    """The demonstration's clients, and `other-fapi`: another sector, another key, back-channel logout."""
    another = Client(
        client_id="other-fapi",
        name={"pl": "Inny urząd", "en": "Another office"},
        redirect_uris=("https://other.example/callback",),
        jwks={"keys": [public_part(other.private_jwk)]},
        scopes=frozenset({"openid", "identity"}),
        claims=FACTS,
        backchannel_logout_uri="https://other.example/logout",
        initiate_login_uri="https://other.example/initiate",
        poreka_reason=True,
        dpop_required=True,
    )
    return [*clients_at(lambda key: f"http://{key}.localhost:8000", "millenet"), another]


test_clients.__test__ = False  # type: ignore[attr-defined]


async def start_bank(
    folder: Path, database: str, clock: MovedClock, keys: dict[str, SigningKey], **bank: Any
) -> BankInProcess:
    """A bank on a database; its tables are made when they are missing."""
    base = await lay(bank_settings(database, **bank), folder, clock)
    phones, app = Phones(), Phones()
    senders = {"sms": (phones,), "email": (phones,), "push": (app,)}
    reach = Reach(allow_http=True, localhost_names=True)
    # RSA keys are slow to import, and so is the list of everyone whom TLS trusts.
    with quick_keys():
        running = await build_bank(of_kind(base, BankSettings), senders, reach, NOBODY_TRUSTED)
    system = running.system
    assert isinstance(system, Bank)
    return BankInProcess(system, running, clock, phones, app, delivery_worker(base, senders), keys, folder)


@dataclass
class BankTemplate:
    """A finished bank that is copied for each test."""

    folder: Path
    server: PostgresServer | None
    database: str
    keys: dict[str, SigningKey]

    @asynccontextmanager
    async def copy(self, **bank: Any) -> AsyncIterator[BankInProcess]:
        """A bank of one's own, started from the template."""
        with tempfile.TemporaryDirectory(prefix="poreka-bank-") as place:
            folder = Path(place) / "bank"
            shutil.copytree(self.folder, folder)
            name = self.server.create(self.database) if self.server else ""
            address = self.server.dsn(name) if self.server else "sqlite:millenet.db"
            started = await start_bank(folder, address, MovedClock(BEGINNING + 1000), self.keys, **bank)
            try:
                yield started
            finally:
                await started.running.stop()
                if self.server:
                    self.server.drop(name)


async def make_template(folder: Path, server: PostgresServer | None) -> BankTemplate:
    """Build the bank that is copied: keys, people, clients."""
    keys = {"sandbox-fapi": SigningKey.of_jwk(sandbox_key()), "other-fapi": new_key()}
    database = server.create() if server else ""
    address = server.dsn(database) if server else "sqlite:millenet.db"
    made = await start_bank(folder, address, MovedClock(), keys)
    bank = made.bank
    hashed = await bank.passwords.hash(PASSWORD)
    directory = Customers(bank.database, bank.seal, bank.fresh)
    people = [NewCustomer(**{**_fields(person), "password_hash": hashed}) for person in PEOPLE]
    clients = test_clients(keys["other-fapi"])
    await bank.database.insert(*(directory.adding(person) for person in people))
    await bank.database.insert(*(bank.clients.adding(client, made.clock()) for client in clients))
    await made.running.stop()
    return BankTemplate(folder, server, database, keys)


def _fields(person: NewCustomer) -> dict[str, Any]:
    return {name: getattr(person, name) for name in NewCustomer.__slots__}


@pytest_asyncio.fixture(scope="session")
async def sqlite_bank(tmp_path_factory: pytest.TempPathFactory) -> BankTemplate:
    """The template on SQLite."""
    return await make_template(tmp_path_factory.mktemp("bank"), None)


@pytest_asyncio.fixture(scope="session")
async def postgres_bank(tmp_path_factory: pytest.TempPathFactory, postgres_server: PostgresServer) -> BankTemplate:
    """The template on PostgreSQL."""
    return await make_template(tmp_path_factory.mktemp("bank-pg"), postgres_server)


@pytest_asyncio.fixture
async def bank(sqlite_bank: BankTemplate) -> AsyncIterator[BankInProcess]:
    """A bank of one's own, on SQLite."""
    async with sqlite_bank.copy() as started:
        yield started


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def bank_template(request: pytest.FixtureRequest) -> BankTemplate:
    """The template, once on each engine."""
    name = "sqlite_bank" if request.param == "sqlite" else "postgres_bank"
    template: BankTemplate = request.getfixturevalue(name)
    return template


@pytest_asyncio.fixture
async def bank_on_each(bank_template: BankTemplate) -> AsyncIterator[BankInProcess]:
    """A bank of one's own, once on SQLite and once on PostgreSQL."""
    async with bank_template.copy() as started:
        yield started

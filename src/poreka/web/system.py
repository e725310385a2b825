"""What every running system is made of: the dependencies that handlers take as their argument.

Built once at start, frozen. Each kind of system adds to it in its own `system.py`.
No rules here, and no behaviour beyond telling the time and drawing a secret.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from jinja2 import Environment
from starlette.requests import Request
from starlette.responses import Response

from poreka.audit.events import SignedOut
from poreka.audit.record import AuditLog, Recorder
from poreka.hashing.passwords import Passwords
from poreka.oidc.errors import SentToClient
from poreka.oidc.keys import KeySet
from poreka.rules.people.pesel import Pesel
from poreka.store.database import Database, Transaction
from poreka.store.fresh import Fresh
from poreka.store.journeys import Journeys
from poreka.store.limit_counts import LimitCounts
from poreka.store.operations import Operations
from poreka.store.outbox import Outbox
from poreka.store.passkeys import Passkeys
from poreka.store.password_attempts import PasswordAttempts
from poreka.store.seal import Seal
from poreka.store.sessions import Session, Sessions
from poreka.web.cookies import Cookies
from poreka.web.door.door import Door
from poreka.web.settings.every_kind import CommonSettings
from poreka.web.texts import Texts


@dataclass(frozen=True, slots=True)
class Keys:
    """Keys derived from the system's secret, one a purpose (`store.seal.derive`)."""

    forms: bytes
    codes: bytes
    attempts: bytes
    subjects: bytes


class OwnKeys(Protocol):
    """Keys that a system signs with (`running/key_ring.py`)."""

    async def refresh(self) -> None:
        """Turn them as planned, and read what other processes turned."""
        ...

    @property
    def published(self) -> KeySet:
        """Everything that verifies what the system signed."""
        ...


@dataclass(frozen=True, slots=True)
class NavigationItem:
    """An entry of the service navigation: a text key and an address."""

    text: str
    href: str


class SearchNotOffered(LookupError):
    """This system does not look for its people in this way: by name or number, or by PESEL."""


@dataclass(frozen=True, slots=True, kw_only=True)
class System:
    """One running system."""

    settings: CommonSettings
    clock: Callable[[], int]
    fresh: Fresh
    keys: Keys
    database: Database
    seal: Seal
    audit: AuditLog
    sessions: Sessions
    journeys: Journeys
    attempts: PasswordAttempts
    limit_counts: LimitCounts
    operations: Operations
    outbox: Outbox
    passwords: Passwords
    door: Door
    cookies: Cookies
    texts: Mapping[str, Texts]
    templates: Environment
    navigation: tuple[NavigationItem, ...]
    footer: tuple[NavigationItem, ...]
    person_menu: tuple[NavigationItem, ...] = ()  # under the name of whoever is signed in
    wake_delivery: Callable[[], None]
    passkeys: Passkeys | None = None  # with which its people sign in; None where there are none, or they are off

    @property
    def origin(self) -> str:
        """The system's own origin, e.g. `https://bank.example`; also its issuer."""
        return self.settings.system.origin

    def own_keys(self) -> OwnKeys | None:
        """The keys that this system signs with, to be kept up to date beside its requests; None where it has none."""
        return None

    def has_met_client(self, client_id: str) -> bool:
        """Whether this process has met a client of that name, told without asking anyone; a system without clients
        has met none."""
        return False

    def provider_names(self) -> Mapping[str, str] | None:
        """How the providers are called that vouch for its people, by issuer; None where it relies on nobody."""
        return None

    async def person_named(self, name: str) -> str | None:
        """The id of the person of this name, login or number; raises `SearchNotOffered` where people have none."""
        raise SearchNotOffered

    async def person_of_pesel(self, pesel: Pesel) -> str | None:
        """The id of the person with this PESEL; raises `SearchNotOffered` where nobody is looked for by it."""
        raise SearchNotOffered

    async def addresses_of(self, person_id: str) -> list[tuple[str, str]]:
        """Every way to write to a person, by channel; none where no address of anybody is kept."""
        return []

    async def end_session(self, transaction: Transaction, record: Recorder, session: Session, *, by: str) -> None:
        """End a session with what rests on it; nothing happens where somebody else was quicker."""
        if await self.sessions.end(transaction, session.sid):
            await record(SignedOut(person_id=session.person_id, sid=session.sid, by=by))

    async def end_parked(self, transaction: Transaction, person_id: str) -> None:
        """End what is about to become a session of a person, where a sign-in may be parked on its way."""

    async def answer_to_client(self, request: Request, fault: SentToClient) -> Response | None:
        """The answer that carries a protocol fault to the client that asked; None where it cannot go to one."""
        return None

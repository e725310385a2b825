"""What every settings file has: the tables common to all kinds of systems, and what is wrong with them.

Each kind adds its own table (`poreka/kinds.py`). Nothing is read from the environment.
"""

from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal
from urllib.parse import urlsplit

import msgspec

from poreka.delivery.email_settings import Email
from poreka.delivery.sms_settings import Sms, gateway_faults
from poreka.delivery.tool_settings import Letters, Push, push_address_faults
from poreka.rules.limits.limits import Limits
from poreka.web.settings.contact import Contact, Telephone
from poreka.web.settings.kind import Kind
from poreka.web.settings.mutual_tls import MutualTls
from poreka.web.settings.server import DoorSettings, Server
from poreka.web.settings.words import Cases, OwnWords

Accent = Literal[
    "amber", "berry", "blue", "brown", "grey", "indigo", "olive", "plum", "rust", "slate", "teal", "violet"
]


class SettingsError(Exception):
    """A settings file cannot be used; the message names the file and the key or line at fault."""


class Table(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A table of a settings file."""


class Words(Table, frozen=True, kw_only=True):
    """A short text in both languages."""

    pl: str
    en: str

    def of(self, language: str) -> str:
        """The text in `language`."""
        return self.en if language == "en" else self.pl


class SystemTable(Table, frozen=True, kw_only=True):
    """What every system has."""

    kind: str
    key: str
    name: str
    operator: Words
    legal_name: str = ""  # of whoever gives or gets data by a consent, as registered: consents name it
    origin: str
    database: str
    database_connections: Annotated[int, msgspec.Meta(ge=1, le=1000)] = 10  # to PostgreSQL, each process, at most
    secrets: str
    accent: Accent = "plum"  # the colour of links, buttons and edges; each has contrast enough, light and dark
    demo: bool = False
    session_idle_seconds: int = 600
    session_seconds: int = 8 * 3600
    outbox_workers: bool = True
    private_hosts: tuple[str, ...] = ()  # names the back channel may reach inside our own networks


class CommonSettings(Table, frozen=True, kw_only=True):
    """One system's settings file, as far as every kind has the same tables."""

    KIND: ClassVar[Kind] = Kind(name="", parts=(), demo=())  # each kind's own settings say what holds for it

    system: SystemTable
    contact: Contact = Contact()
    server: Server = Server()
    door: DoorSettings = DoorSettings()
    limits: Limits = Limits()
    sms: Sms = Sms()
    email: Email = Email()
    letters: Letters = Letters()
    push: Push = Push()
    mutual_tls: MutualTls | None = None
    words: OwnWords = OwnWords()
    declension: dict[str, Cases] = {}

    @property
    def hotlines(self) -> tuple[Telephone, ...]:
        """The numbers of a provider's own table, at which it answers its people."""
        return ()

    @property
    def address(self) -> str:
        """The postal address in a provider's own table; empty where there is none."""
        return ""

    @property
    def sign_in(self) -> str:
        """How a provider's people prove who they are; empty where nobody is vouched for."""
        return ""

    @property
    def has_passkeys(self) -> bool:
        """Whether people may sign in with passkeys."""
        return False

    @property
    def tools(self) -> tuple[str, ...]:
        """What a provider's people may authorise with."""
        return ()

    def other_databases(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Databases beside the system's own, each with its sets of migrations."""
        return ()

    def faults(self) -> Iterator[str]:
        """What takes several tables to see, as `key: what is wrong`; a kind adds what is wrong with its own tables.

        What is wrong within one table, that table refuses itself (`__post_init__`).
        """
        near = near_hosts(self)
        yield from _system_faults(self.system, self.KIND)
        yield from _sender_faults(self)
        yield from gateway_faults(self.sms.gateways, self.sms.name, near)
        yield from push_address_faults(self.push, near)

    def secret_files(self) -> Iterator[tuple[str, str]]:
        """The files with secrets that another system shares, as key and file."""
        if self.push.sender == "http":
            yield "push.token_file", self.push.token_file
            yield "push.answers_secret_file", self.push.answers_secret_file


def code_domain(settings: CommonSettings) -> str:
    """The host that codes by SMS are bound to; empty where that is not wished for."""
    return (urlsplit(settings.system.origin).hostname or "") if settings.sms.web_otp else ""


def is_loopback(origin: str) -> bool:
    """Whether an origin can only be this machine (RFC 6761 §6.3)."""
    host = urlsplit(origin).hostname or ""
    return host in ("localhost", "127.0.0.1", "::1") or host.endswith(".localhost")


def near_hosts(settings: CommonSettings) -> frozenset[str]:
    """The hosts that may be spoken to without encryption."""
    return frozenset({"localhost", "127.0.0.1", "::1", *settings.system.private_hosts})


def is_origin(text: str, near: frozenset[str]) -> bool:
    """Whether a text is an origin and nothing more, and plain http leads to a host that is `near` only."""
    parts = urlsplit(text)
    safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in near)
    return safe and bool(parts.netloc) and text == f"{parts.scheme}://{parts.netloc}"


def _system_faults(system: SystemTable, kind: Kind) -> Iterator[str]:
    parts = urlsplit(system.origin)
    if parts.scheme not in ("https", "http") or not parts.netloc or parts.path or parts.query:
        yield "system.origin: must be scheme://host[:port] and nothing more"
    elif system.demo and not is_loopback(system.origin):
        yield "system.demo: the demonstration serves loopback only; this origin is not loopback"
    elif parts.scheme == "http" and not system.demo:
        yield "system.origin: must be https outside the demonstration"
    if not system.demo and not kind.alone:
        yield "system.kind: exists in the demonstration only"
    if not system.database.startswith(("sqlite:", "postgresql://")):
        yield "system.database: must be sqlite:FILE or postgresql://…"


def _sender_faults(settings: CommonSettings) -> Iterator[str]:
    """What a system does not send needs no sender: a bank sends text messages, a portal e-mail, PZ both."""
    system, sends = settings.system, settings.KIND.sends
    if not system.demo and "sms" in sends and settings.sms.sender == "demo_phone":
        yield f"sms.sender: demo_phone is a fake; a {system.kind} outside the demonstration needs gateways"
    if not system.demo and "email" in sends and settings.email.sender == "demo_phone":
        yield f"email.sender: demo_phone is a fake; a {system.kind} outside the demonstration needs smtp"
    local = system.demo or is_loopback(f"smtp://{settings.email.host}")
    if settings.email.sender == "smtp" and settings.email.security == "none" and not local:
        yield "email.security: none is for a mail server on this machine and for the demonstration"

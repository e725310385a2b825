"""Settings: one TOML file a system, read into frozen, typed values; unknown keys are errors.

An error names the file and the key (or the line, when it is not TOML at all). Nothing is read from
the environment. Demonstration settings (`demo = true`) bring fakes with them and are therefore
refused for any address but loopback. Read next: `wiring/`, which builds what is named here.
"""

import re
import tomllib
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

import msgspec

from poreka.consent_settings import ConsentWords, consent_faults
from poreka.customer_settings import Customers, customers_faults
from poreka.mutual_tls_settings import Certificates, MutualTls, certificates_faults
from poreka.rules.contact import EmailFault, read_email
from poreka.rules.eligibility import Reason
from poreka.sms_settings import HttpGateway, SmppGateway, gateway_faults

Kind = Literal["bank", "portal", "start", "phone"]
Accent = Literal[
    "amber", "berry", "blue", "brown", "grey", "indigo", "olive", "plum", "rust", "slate", "teal", "violet"
]


class SettingsError(Exception):
    """A settings file cannot be used; the message names the file and the key or line at fault."""


class _Table(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A table of a settings file."""


class Words(_Table, frozen=True, kw_only=True):
    """A short text in both languages."""

    pl: str
    en: str

    def of(self, language: str) -> str:
        """The text in `language`."""
        return self.en if language == "en" else self.pl


class System(_Table, frozen=True, kw_only=True):
    """What every system has."""

    kind: Kind
    key: str
    name: str
    operator: Words
    origin: str
    database: str
    secrets: str
    accent: Accent = "plum"  # the colour of links, buttons and edges; each has contrast enough, light and dark
    demo: bool = False
    session_idle_seconds: int = 600
    session_seconds: int = 8 * 3600
    outbox_workers: bool = True
    private_hosts: tuple[str, ...] = ()  # names the back channel may reach inside our own networks


class Sms(_Table, frozen=True, kw_only=True):
    """How text messages leave; `demo_phone` is the demonstration's inbox and needs `demo = true`."""

    sender: Literal["demo_phone", "gateways"] = "demo_phone"
    name: str = "POREKA"  # whom a message is from, as phones show it; operators register these names
    country_code: str = "48"  # put before a number of nine digits
    most_an_hour: int = 20  # messages to one number, whoever asks for them
    most_a_day: int = 60
    inbox: str = "sqlite:phone.db"  # of the demonstration
    gateways: tuple[HttpGateway | SmppGateway, ...] = ()


class Email(_Table, frozen=True, kw_only=True):
    """How e-mail leaves; `demo_phone` is the demonstration's inbox and needs `demo = true`."""

    sender: Literal["demo_phone", "smtp"] = "demo_phone"
    host: str = ""
    port: int = 587  # 465 is usual for tls
    security: Literal["starttls", "tls", "none"] = "starttls"
    username: str = ""  # left out: the server is not signed in to
    password_file: str = ""  # one line, readable by its owner only; a relative path leads from the settings file
    from_address: str = ""  # stands beside the system's name; what cannot be delivered comes back to it


class Letters(_Table, frozen=True, kw_only=True):
    """How letters leave, such as a new code card; `demo_phone` is the demonstration's and needs `demo = true`."""

    sender: Literal["demo_phone", "folder"] = "demo_phone"
    folder: str = ""  # where the printer takes them from; a relative path leads from the settings file


class Bank(_Table, frozen=True, kw_only=True):
    """What differs from one identity provider to another (P11)."""

    sign_in: Literal["masked", "password"]
    number_name: Words
    hotline: str = ""
    eligibility: tuple[Reason, ...]
    sim_pause_days: int = 3
    tools: tuple[Literal["sms", "card"], ...] = ("sms",)  # what customers may authorise with
    address: str = ""  # the operator's postal address, for consent receipts
    consent_text_version: str = "2026-01"
    consent_texts: tuple[ConsentWords, ...] = ()
    trust_framework: str = "pl_poreka"


class ProviderChoice(_Table, frozen=True, kw_only=True):
    """A provider that a relying party relies on."""

    key: str
    name: str
    issuer: str
    client_id: str
    profile: Literal["fapi2", "openid"] = "fapi2"
    client_secret: str = ""
    scopes: tuple[str, ...] = ("openid", "identity")
    pesel_claim: str = "pesel"
    verified: bool = True
    open: bool = True


class Portal(_Table, frozen=True, kw_only=True):
    """A relying portal."""

    terms_version: str
    terms_from: str
    register: str
    providers: tuple[ProviderChoice, ...] = ()
    minimum_acr: str = "http://eidas.europa.eu/LoA/low"
    page_levels: dict[str, Literal["low", "substantial", "high"]] = {}  # pages that need a stronger sign-in, by address


class OwnWords(_Table, frozen=True, kw_only=True):
    """Texts of the pages in the institution's own words, by the text's key: see `src/poreka/texts`."""

    pl: dict[str, str] = {}
    en: dict[str, str] = {}


class Settings(_Table, frozen=True, kw_only=True):
    """One system's settings file."""

    system: System
    sms: Sms = Sms()
    email: Email = Email()
    letters: Letters = Letters()
    mutual_tls: MutualTls | None = None
    certificates: Certificates | None = None
    bank: Bank | None = None
    customers: Customers = Customers()
    portal: Portal | None = None
    words: OwnWords = OwnWords()


def read_settings(file: Path) -> Settings:
    """Read and check a settings file; raises `SettingsError`."""
    try:
        tables = tomllib.loads(file.read_text("utf-8"))
    except OSError as error:
        raise SettingsError(f"{file}: cannot be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise SettingsError(f"{file}: is not UTF-8 text") from error
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{file}: is not TOML: {error}") from error
    return settings_from(tables, str(file))


def settings_from(tables: dict[str, object], origin: str) -> Settings:
    """Check tables that came from `origin` (a file's name); raises `SettingsError`."""
    try:
        settings = msgspec.convert(tables, Settings)
    except msgspec.ValidationError as error:
        raise SettingsError(f"{origin}: {_readable(str(error))}") from error
    for fault in _faults(settings):
        raise SettingsError(f"{origin}: {fault}")
    return settings


def is_loopback(origin: str) -> bool:
    """Whether an origin can only be this machine (RFC 6761 §6.3)."""
    host = urlsplit(origin).hostname or ""
    return host in ("localhost", "127.0.0.1", "::1") or host.endswith(".localhost")


def _readable(fault: str) -> str:
    """`Object missing required field `x` - at `$.system`` → `system: Object missing …`."""
    said, _, place = fault.partition(" - at `$")
    return f"{place.rstrip('`').lstrip('.')}: {said}" if place else said


def _faults(settings: Settings) -> list[str]:
    """What the types cannot say, as `key: what is wrong`."""
    system, faults = settings.system, []
    parts = urlsplit(system.origin)
    if parts.scheme not in ("https", "http") or not parts.netloc or parts.path or parts.query:
        faults.append("system.origin: must be scheme://host[:port] and nothing more")
    elif system.demo and not is_loopback(system.origin):
        faults.append("system.demo: the demonstration serves loopback only; this origin is not loopback")
    elif parts.scheme == "http" and not system.demo:
        faults.append("system.origin: must be https outside the demonstration")
    if not system.demo and system.kind in ("start", "phone"):
        faults.append("system.kind: exists in the demonstration only")
    if not system.database.startswith(("sqlite:", "postgresql://")):
        faults.append("system.database: must be sqlite:FILE or postgresql://…")
    if system.kind == "bank" and settings.bank is None:
        faults.append("bank: this table is missing")
    if system.kind == "portal" and settings.portal is None:
        faults.append("portal: this table is missing")
    if bank := settings.bank:
        faults += consent_faults(bank.consent_texts, bank.consent_text_version)
    faults += _sender_faults(settings) + _sms_faults(settings) + _letter_faults(settings)
    faults += _customers_faults(settings) + _certificates_faults(settings)
    return faults + (_smtp_faults(settings) if settings.email.sender == "smtp" else [])


def _sender_faults(settings: Settings) -> list[str]:
    """A bank sends its codes as text messages, a portal by e-mail; what a system does not send needs no sender."""
    system, faults = settings.system, []
    if not system.demo and system.kind == "bank" and settings.sms.sender == "demo_phone":
        faults.append("sms.sender: demo_phone is a fake; a bank outside the demonstration needs gateways")
    if not system.demo and system.kind == "portal" and settings.email.sender == "demo_phone":
        faults.append("email.sender: demo_phone is a fake; a portal outside the demonstration needs smtp")
    return faults


def _letter_faults(settings: Settings) -> list[str]:
    letters, cards = settings.letters, settings.bank is not None and "card" in settings.bank.tools
    if cards and letters.sender == "demo_phone" and not settings.system.demo:
        return ["letters.sender: demo_phone is a fake; outside the demonstration code cards need a folder"]
    if (letters.sender == "folder") != bool(letters.folder):
        return ['letters.folder: goes together with letters.sender = "folder"']
    return []


def _sms_faults(settings: Settings) -> list[str]:
    sms, faults = settings.sms, []
    if (sms.sender == "gateways") != bool(sms.gateways):
        faults.append("sms.sender: gateways goes together with at least one table [[sms.gateways]]")
    if not re.fullmatch(r"[1-9][0-9]{0,2}", sms.country_code):
        faults.append("sms.country_code: must be one to three digits")
    if not 0 < sms.most_an_hour <= sms.most_a_day:
        faults.append("sms.most_an_hour: must be at least 1, and most_a_day no less")
    near = frozenset({"localhost", "127.0.0.1", "::1", *settings.system.private_hosts})
    return faults + list(gateway_faults(sms.gateways, sms.name, near))


def _customers_faults(settings: Settings) -> list[str]:
    customers, bank = settings.customers, settings.bank
    if bank is None:
        return [] if customers == Customers() else ["customers: this table is for a bank"]
    local = settings.system.demo and is_loopback(customers.url)
    return customers_faults(customers, masked=bank.sign_in == "masked", checked=bank.eligibility, local=local)


def _certificates_faults(settings: Settings) -> list[str]:
    certificates, system = settings.certificates, settings.system
    if certificates is None:
        return []
    if system.kind != "portal":
        return ["certificates: this table is for a portal"]
    return certificates_faults(certificates, system.origin)


def _smtp_faults(settings: Settings) -> list[str]:
    email, faults = settings.email, []
    if not re.fullmatch(r"[A-Za-z0-9.-]+", email.host):
        faults.append("email.host: must be the name of the mail server, without a port")
    if not 0 < email.port < 65536:
        faults.append("email.port: must be a number from 1 to 65535")
    if email.security == "none" and not settings.system.demo and not is_loopback(f"smtp://{email.host}"):
        faults.append("email.security: none is for a mail server on this machine and for the demonstration")
    if bool(email.username) != bool(email.password_file):
        faults.append("email.username: goes together with email.password_file")
    if not email.username.isascii():
        faults.append("email.username: must be ASCII text")
    if isinstance(read_email(email.from_address), EmailFault):
        faults.append("email.from_address: must be an address like name@domain.pl")
    return faults

"""Settings: one TOML file a system, read into frozen, typed values; unknown keys are errors.

An error names the file and the key (or the line, when it is not TOML at all). Nothing is read from
the environment. Demonstration settings (`demo = true`) bring fakes with them and are therefore
refused for any address but loopback. Read next: `wiring/`, which builds what is named here.
"""

import tomllib
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

import msgspec

from poreka.app_settings import Mobywatel, app_faults
from poreka.consent_settings import ConsentWords, consent_faults
from poreka.contact_settings import Contact, HelpLinks, Telephone, contact_faults, link_faults
from poreka.customer_settings import Customers, customers_faults
from poreka.desk_settings import Desk, KnownDesk, desk_faults
from poreka.email_settings import Email, email_faults
from poreka.kinds import KINDS, KindName, kind_of
from poreka.mutual_tls_settings import Certificates, MutualTls, certificates_faults, mutual_tls_faults
from poreka.relying_settings import Mojeikp, PatientAccount, Portal, ProviderChoice, account_faults, portal_faults
from poreka.rules.eligibility import Reason
from poreka.rules.limits import Limits
from poreka.server_settings import DoorSettings, Server, server_faults
from poreka.sim_swap_settings import SimSwap, sim_swap_faults
from poreka.sms_settings import Sms, gateway_faults, number_faults
from poreka.tool_settings import Letters, Push, letter_faults, push_faults
from poreka.words_settings import Cases, OwnWords

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

    kind: KindName
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


class Bank(_Table, frozen=True, kw_only=True):
    """What differs from one identity provider to another (P11)."""

    sign_in: Literal["masked", "password"]
    number_name: Words
    hotlines: tuple[Telephone, ...] = ()
    links: HelpLinks = HelpLinks()
    eligibility: tuple[Reason, ...]
    sim_pause_days: int = 3
    services_in: Literal["menu", "finances"] = "menu"  # an entry of the menu, or under finances and products
    tools: tuple[Literal["sms", "card", "push"], ...] = ("sms",)  # what customers may authorise with
    keeps: Literal["accounts", "letters", "profile", "phones"] = "accounts"  # what is never passed on, as pages say
    tool_wait_hours: Annotated[int, msgspec.Meta(ge=0)] = 24  # for a tool added without another one's say
    passkeys: bool = True  # customers may sign in with passkeys besides
    address: str = ""  # the operator's postal address, for consent receipts
    consent_text_version: str = "2026-01"
    consent_texts: tuple[ConsentWords, ...] = ()
    trust_framework: str = "pl_poreka"


class TrustedProfile(_Table, frozen=True, kw_only=True):
    """The trusted profile: a provider whose people have profiles, made through the providers it relies on (T1)."""

    providers: tuple[ProviderChoice, ...] = ()
    confirm_days: int = 14  # an application lapses unless a clerk confirms it in that time
    recovery_pause_hours: Annotated[int, msgspec.Meta(ge=0)] = 24  # after a new phone or e-mail no forgotten password
    new_profile_pause_hours: Annotated[int, msgspec.Meta(ge=0)] = (
        24  # a new profile with another phone than the earlier one vouches after that time
    )
    terms_version: str = "2026-01"
    hotlines: tuple[Telephone, ...] = ()
    address: str = ""
    desks: tuple[KnownDesk, ...] = ()
    proposal_days: Annotated[int, msgspec.Meta(ge=1, le=90)] = (
        7  # what one clerk proposes, another decides in that time
    )
    second_look_percent: Annotated[int, msgspec.Meta(ge=0, le=100)] = (
        5  # the share of applications that a second clerk looks at, drawn by a secret key
    )
    app: str = ""  # origin of the app's back end that enrols owners' phones: docs/phone-devices.openapi.yaml
    consent_text_version: str = "2026-01"
    consent_texts: tuple[ConsentWords, ...] = ()
    trust_framework: str = "pl_poreka"

    def vouching(self) -> Bank:
        """How it vouches, in the words of every provider: a password and a code, for whoever has a valid profile."""
        return Bank(
            sign_in="password",
            number_name=Words(pl="Nazwa użytkownika lub adres e-mail", en="User name or e-mail address"),
            hotlines=self.hotlines,
            keeps="profile",
            eligibility=(Reason.NO_PHONE, Reason.NO_PESEL, Reason.PESEL_INVALID),
            tools=("sms", "push") if self.app else ("sms",),
            address=self.address,
            consent_text_version=self.consent_text_version,
            consent_texts=self.consent_texts,
            trust_framework=self.trust_framework,
        )


class Settings(_Table, frozen=True, kw_only=True):
    """One system's settings file."""

    system: System
    contact: Contact = Contact()
    server: Server = Server()
    door: DoorSettings = DoorSettings()
    limits: Limits = Limits()
    sms: Sms = Sms()
    email: Email = Email()
    letters: Letters = Letters()
    push: Push = Push()
    mutual_tls: MutualTls | None = None
    certificates: Certificates | None = None
    bank: Bank | None = None
    customers: Customers = Customers()
    sim_swap: SimSwap = SimSwap()
    portal: Portal | None = None
    trusted_profile: TrustedProfile | None = None
    mobywatel: Mobywatel | None = None
    desk: Desk | None = None
    patient_account: PatientAccount | None = None
    mojeikp: Mojeikp | None = None
    words: OwnWords = OwnWords()
    declension: dict[str, Cases] = {}


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
    if settings.trusted_profile is not None:
        return msgspec.structs.replace(settings, bank=settings.trusted_profile.vouching())
    if settings.mobywatel is not None:
        return msgspec.structs.replace(settings, bank=msgspec.convert(settings.mobywatel.vouching(), Bank))
    return settings


def code_domain(settings: Settings) -> str:
    """The host that codes by SMS are bound to; empty where that is not wished for."""
    return (urlsplit(settings.system.origin).hostname or "") if settings.sms.web_otp else ""


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
    kind = kind_of(system.kind)
    if not system.demo and not kind.alone:
        faults.append("system.kind: exists in the demonstration only")
    if not system.database.startswith(("sqlite:", "postgresql://")):
        faults.append("system.database: must be sqlite:FILE or postgresql://…")
    if kind.alone and getattr(settings, system.kind) is None:
        faults.append(f"{system.kind}: this table is missing")
    foreign = (one.name for one in KINDS if one.alone and one is not kind and getattr(settings, one.name) is not None)
    faults += [f"{name}: this table is for a {name}, and system.kind is {system.kind}" for name in foreign]
    if bank := settings.bank:
        faults += consent_faults(bank.consent_texts, bank.consent_text_version)
        faults += link_faults(bank.links)
    app, sender = settings.trusted_profile.app if settings.trusted_profile else "", settings.push.sender
    faults += app_faults(settings.mobywatel, app, sender, demo=system.demo, near=_near(settings))
    faults += portal_faults(settings.portal)
    faults += account_faults(settings.patient_account, settings.mojeikp, _near(settings))
    faults += desk_faults(
        settings.desk, settings.trusted_profile.desks if settings.trusted_profile else (), _near(settings)
    )
    faults += _sender_faults(settings) + _sms_faults(settings)
    faults += server_faults(settings.server) + _tool_faults(settings) + _customers_faults(settings)
    faults += _sim_swap_faults(settings) + mutual_tls_faults(settings.mutual_tls) + _certificates_faults(settings)
    local = system.demo or is_loopback(f"smtp://{settings.email.host}")
    faults += contact_faults(settings.contact)
    return faults + list(email_faults(settings.email, local=local))


def _sender_faults(settings: Settings) -> list[str]:
    """What a system does not send needs no sender: a bank sends text messages, a portal e-mail, PZ both."""
    system, faults, sends = settings.system, [], kind_of(settings.system.kind).sends
    if not system.demo and "sms" in sends and settings.sms.sender == "demo_phone":
        faults.append(f"sms.sender: demo_phone is a fake; a {system.kind} outside the demonstration needs gateways")
    if not system.demo and "email" in sends and settings.email.sender == "demo_phone":
        faults.append(f"email.sender: demo_phone is a fake; a {system.kind} outside the demonstration needs smtp")
    return faults


def _near(settings: Settings) -> frozenset[str]:
    """The hosts that may be spoken to without encryption."""
    return frozenset({"localhost", "127.0.0.1", "::1", *settings.system.private_hosts})


def _tool_faults(settings: Settings) -> list[str]:
    tools, demo = settings.bank.tools if settings.bank else (), settings.system.demo
    push = push_faults(settings.push, offered="push" in tools, demo=demo, near=_near(settings))
    return letter_faults(settings.letters, cards="card" in tools, demo=demo) + push


def _sms_faults(settings: Settings) -> list[str]:
    sms, faults = settings.sms, []
    if (sms.sender == "gateways") != bool(sms.gateways):
        faults.append("sms.sender: gateways goes together with at least one table [[sms.gateways]]")
    if not 0 < sms.most_an_hour <= sms.most_a_day:
        faults.append("sms.most_an_hour: must be at least 1, and most_a_day no less")
    return [*faults, *number_faults(sms), *gateway_faults(sms.gateways, sms.name, _near(settings))]


def _customers_faults(settings: Settings) -> list[str]:
    customers, bank = settings.customers, settings.bank
    if bank is None:
        return [] if customers == Customers() else ["customers: this table is for a bank"]
    local = settings.system.demo and is_loopback(customers.url)
    return customers_faults(customers, masked=bank.sign_in == "masked", checked=bank.eligibility, local=local)


def _sim_swap_faults(settings: Settings) -> list[str]:
    sim_swap, bank, demo = settings.sim_swap, settings.bank, settings.system.demo
    if bank is None:
        return [] if sim_swap == SimSwap() else ["sim_swap: this table is for a bank"]
    local = demo and is_loopback(sim_swap.url) and is_loopback(sim_swap.token_url)
    checked = Reason.SIM_REPLACED in bank.eligibility
    return list(sim_swap_faults(sim_swap, days=bank.sim_pause_days, checked=checked, demo=demo, local=local))


def _certificates_faults(settings: Settings) -> list[str]:
    certificates, system = settings.certificates, settings.system
    if certificates is None:
        return []
    if system.kind != "portal":
        return ["certificates: this table is for a portal"]
    return certificates_faults(certificates, system.origin)

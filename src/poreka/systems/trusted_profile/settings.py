"""The trusted profile's settings file: the table `[trusted_profile]` beside what all have, and `[[….desks]]` in it.

What is built of it: `build.py`.
"""

from collections.abc import Iterator
from typing import Annotated, ClassVar
from urllib.parse import urlsplit

import msgspec

from poreka.provider.rules.eligibility import Reason
from poreka.provider.settings.consents import ConsentWords, consent_faults
from poreka.provider.settings.vouching import Vouching, VouchingSettings
from poreka.relying.settings import ProviderChoice
from poreka.web.settings.contact import Telephone
from poreka.web.settings.every_kind import Table, Words, near_hosts
from poreka.web.settings.kind import PROVIDERS_SIGN, Kind

KIND = Kind(
    name="trusted_profile",
    parts=("shared", "provider", "bank", "relying", "trusted_profile"),
    algorithms=PROVIDERS_SIGN,
    vouches=True,
    customers_tools=True,
    sends=("sms", "email"),
    build="poreka.systems.trusted_profile.build:build_trusted_profile",
    events=("poreka.systems.trusted_profile.events",),
    demo=("pz",),
)


class KnownDesk(Table, frozen=True, kw_only=True):
    """A desk whose clerks the trusted profile believes: docs/desk.openapi.yaml."""

    key: str  # names the desk in the audit log
    name: str  # the office, as owners read it in their history
    token_file: str  # one line, at least 32 characters: the desk proves itself with it
    client_id: str = ""  # as what the desk is registered to ask owners in the app; left out: it asks nobody


class TrustedProfileTable(Table, frozen=True, kw_only=True):
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

    def __post_init__(self) -> None:
        if len({one.key for one in self.desks}) != len(self.desks):
            raise ValueError("trusted_profile.desks: two of them have the same key")
        if any("/" in one.key or not one.key for one in self.desks):
            raise ValueError("trusted_profile.desks: a key is short and has no slash")


class TrustedProfileSettings(VouchingSettings, frozen=True, kw_only=True):
    """The trusted profile's settings file."""

    KIND: ClassVar[Kind] = KIND

    trusted_profile: TrustedProfileTable

    @property
    def vouching(self) -> Vouching:
        """How it vouches: a password and a code, for whoever has a valid profile."""
        own = self.trusted_profile
        return Vouching(
            sign_in="password",
            number_name=Words(pl="Nazwa użytkownika lub adres e-mail", en="User name or e-mail address"),
            hotlines=own.hotlines,
            keeps="profile",
            eligibility=(Reason.NO_PHONE, Reason.NO_PESEL, Reason.PESEL_INVALID),
            tools=("sms", "push") if own.app else ("sms",),
            address=own.address,
            consent_text_version=own.consent_text_version,
            consent_texts=own.consent_texts,
            trust_framework=own.trust_framework,
        )

    @property
    def second_factor(self) -> bool:
        """A code belongs to every sign-in (T3)."""
        return True

    def faults(self) -> Iterator[str]:
        """What the types cannot say, as `key: what is wrong`."""
        yield from super().faults()
        own = self.trusted_profile
        yield from consent_faults(own.consent_texts, own.consent_text_version, "trusted_profile.consent_texts")
        yield from _app_faults(self.trusted_profile.app, self.push.sender, near_hosts(self))

    def secret_files(self) -> Iterator[tuple[str, str]]:
        """The files with secrets that another system shares, as key and file."""
        yield from super().secret_files()
        for desk in self.trusted_profile.desks:
            yield "trusted_profile.desks.token_file", desk.token_file


def _app_faults(origin: str, sender: str, near: frozenset[str]) -> Iterator[str]:
    """What is wrong with the origin of the app's back end; `sender` is `push.sender`."""
    parts = urlsplit(origin)
    if not origin:
        return
    if parts.scheme not in ("https", "http") or not parts.hostname or parts.path or parts.query:
        yield "trusted_profile.app: must be scheme://host[:port] and nothing more"
    elif parts.scheme == "http" and parts.hostname not in near:
        yield "trusted_profile.app: must be https, unless its host is in system.private_hosts"
    elif sender != "http":
        yield 'trusted_profile.app: goes together with push.sender = "http"'

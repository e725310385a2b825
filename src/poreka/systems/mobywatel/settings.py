"""The phone app's settings file: the table `[mobywatel]` beside what all have, and whose requests the app shows.

What is built of it: `build.py`.
"""

from collections.abc import Iterator
from typing import ClassVar
from urllib.parse import urlsplit

from poreka.provider.rules.eligibility import Reason
from poreka.provider.settings.vouching import Vouching, VouchingSettings
from poreka.web.settings.contact import Telephone
from poreka.web.settings.every_kind import Table, Words, near_hosts
from poreka.web.settings.kind import PROVIDERS_SIGN, Kind

KIND = Kind(
    name="mobywatel",
    parts=("shared", "provider", "bank", "mobywatel"),
    algorithms=PROVIDERS_SIGN,
    vouches=True,
    build="poreka.systems.mobywatel.build:build_mobywatel",
    events=("poreka.systems.mobywatel.events",),
    demo=("mobywatel",),
)


class Asker(Table, frozen=True, kw_only=True):
    """A provider whose push requests the app shows, and which enrols the phones of its people.

    Its `[push]` table holds the same two files: docs/app-requests.openapi.yaml, docs/phone-devices.openapi.yaml.
    """

    key: str
    name: str
    origin: str
    token_file: str  # one line, at least 32 characters: the provider proves itself with it
    secret_file: str  # one line, at least 32 characters: with it we answer the provider


class MobywatelTable(Table, frozen=True, kw_only=True):
    """The phone app: people enrol their phones through a provider, approve what it asks, and sign in with them."""

    askers: tuple[Asker, ...]
    contact: str = ""  # mailto: or https: address that push services may turn to (RFC 8292 §2.1)
    push_hosts: tuple[str, ...] = ()  # push services inside our own networks; those of browsers need no entry
    hotlines: tuple[Telephone, ...] = ()
    address: str = ""
    consent_text_version: str = "2026-01"
    trust_framework: str = "pl_poreka"

    def __post_init__(self) -> None:
        if len({asker.key for asker in self.askers}) != len(self.askers):
            raise ValueError("mobywatel.askers: two of them have the same key")


class MobywatelSettings(VouchingSettings, frozen=True, kw_only=True):
    """The phone app's settings file."""

    KIND: ClassVar[Kind] = KIND

    mobywatel: MobywatelTable

    @property
    def vouching(self) -> Vouching:
        """How it vouches: with the key in the phone."""
        own = self.mobywatel
        return Vouching(
            sign_in="password",
            number_name=Words(pl="Klucz w telefonie", en="Key in the phone"),
            hotlines=own.hotlines,
            keeps="phones",
            eligibility=(Reason.NO_PESEL, Reason.PESEL_INVALID),
            tools=("push",),
            address=own.address,
            consent_text_version=own.consent_text_version,
            trust_framework=own.trust_framework,
        )

    @property
    def key_only(self) -> bool:
        """The key in the phone is all there is to sign in with (K1)."""
        return True

    def faults(self) -> Iterator[str]:
        """What the types cannot say, as `key: what is wrong`."""
        yield from super().faults()
        yield from _asker_faults(self.mobywatel.askers, near_hosts(self))
        if not self.system.demo and not self.mobywatel.contact.startswith(("mailto:", "https:")):
            yield "mobywatel.contact: push services want an address, like mailto:app@office.example"

    def secret_files(self) -> Iterator[tuple[str, str]]:
        """The files with secrets that another system shares, as key and file."""
        yield from super().secret_files()
        for asker in self.mobywatel.askers:
            yield "mobywatel.askers.token_file", asker.token_file
            yield "mobywatel.askers.secret_file", asker.secret_file


def _asker_faults(askers: tuple[Asker, ...], near: frozenset[str]) -> Iterator[str]:
    for asker in askers:
        parts = urlsplit(asker.origin)
        if parts.scheme not in ("https", "http") or not parts.hostname or parts.path or parts.query:
            yield "mobywatel.askers: origin must be scheme://host[:port] and nothing more"
        elif parts.scheme == "http" and parts.hostname not in near:
            yield "mobywatel.askers: origin must be https, unless its host is in system.private_hosts"

"""A portal's settings file: the table `[portal]` beside what all have, and `[certificates]`.

What is built of it: `build.py`.
"""

import datetime
from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal
from urllib.parse import urlsplit

import msgspec

from poreka.relying.settings import ProviderChoice
from poreka.web.settings.every_kind import CommonSettings, Table
from poreka.web.settings.kind import RELYING_PARTIES_SIGN, Kind
from poreka.web.settings.mutual_tls import NO_SECRET

REGISTER = ("register",)
"""The migrations of the insurance register's database."""

KIND = Kind(
    name="portal",
    parts=("shared", "relying", "portal", "passkeys"),
    algorithms=RELYING_PARTIES_SIGN,
    sends=("email",),
    build="poreka.systems.portal.build:build_with_register",
    events=("poreka.systems.portal.order_events",),
    demo=("pue",),
)


class TermsChange(Table, frozen=True, kw_only=True):
    """What a version of the regulations changed, in short sentences: whoever accepted an earlier one reads it first."""

    version: str
    pl: tuple[str, ...]
    en: tuple[str, ...]

    def of(self, language: str) -> tuple[str, ...]:
        """The sentences in `language`."""
        return self.en if language == "en" else self.pl


class PortalTable(Table, frozen=True, kw_only=True):
    """A relying portal."""

    terms_version: str
    terms_from: datetime.date  # as "2026-09-01"
    register: str
    providers: tuple[ProviderChoice, ...] = ()
    minimum_acr: str = "http://eidas.europa.eu/LoA/low"  # of every entry; a first one needs substantial all the same
    untrusted_days: Annotated[int, msgspec.Meta(ge=1, le=3650)] = 30  # an untrusted profile lapses unless it is proven
    recovery_pause_hours: Annotated[int, msgspec.Meta(ge=0)] = 24  # after a new e-mail address no forgotten password
    passkeys: bool = True  # owners of profiles may sign in with passkeys besides
    order_days: Annotated[int, msgspec.Meta(ge=1, le=365)] = 30  # an order lapses unless it is signed in that time
    terms_changes: tuple[TermsChange, ...] = ()  # oldest first; the last is that of `terms_version`
    page_levels: dict[str, Literal["low", "substantial", "high"]] = msgspec.field(default_factory=dict)
    """Pages that need a stronger sign-in, by address."""

    def __post_init__(self) -> None:
        """Refuses changes of the regulations of which somebody would accept a version unheard."""
        versions, at = [one.version for one in self.terms_changes], "portal.terms_changes"
        if versions[-1:] != [self.terms_version]:
            raise ValueError(f"{at}: the last one must say what {self.terms_version!r:.40} (terms_version) changed")
        if len(set(versions)) < len(versions):
            raise ValueError(f"{at}: two of them have the same version")
        for one in self.terms_changes:
            if not all(words and all(map(str.strip, words)) for words in (one.pl, one.en)):
                raise ValueError(f"{at}: {one.version!r:.40} must have sentences in pl and in en, none of them empty")


class Certificates(Table, frozen=True, kw_only=True):
    """Sign-in with a qualified certificate, at a proxy that asks the browser for it (RFC 9440)."""

    origin: str  # of its own, where the proxy asks for a certificate; nothing else is served there
    authorities: str  # PEM file with the authorities of the trusted list
    proxy_secret_file: str  # one line that the proxy sends as `Poreka-Proxy-Secret`; chmod 600

    def __post_init__(self) -> None:
        if not self.authorities:
            raise ValueError("certificates.authorities: must name a file")
        if not self.proxy_secret_file:
            raise ValueError(f"certificates.proxy_secret_file: {NO_SECRET}")


class PortalSettings(CommonSettings, frozen=True, kw_only=True):
    """A portal's settings file."""

    KIND: ClassVar[Kind] = KIND

    portal: PortalTable
    certificates: Certificates | None = None

    @property
    def has_passkeys(self) -> bool:
        """As its table says."""
        return self.portal.passkeys

    def other_databases(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """The insurance register has a database of its own."""
        return ((self.portal.register, REGISTER),)

    def faults(self) -> Iterator[str]:
        """What the types cannot say, as `key: what is wrong`."""
        yield from super().faults()
        if self.certificates is not None:
            yield from _address_faults(self.certificates, self.system.origin)


def _address_faults(certificates: Certificates, system_origin: str) -> Iterator[str]:
    """What is wrong with where certificates are asked for."""
    own, parts = urlsplit(system_origin), urlsplit(certificates.origin)
    if parts.scheme != "https" or not parts.netloc or parts.path or parts.query or parts.fragment:
        yield "certificates.origin: must be https://host[:port] and nothing more"
    elif parts.netloc.lower() == own.netloc.lower():
        yield "certificates.origin: must be another one than system.origin: browsers ask once for an origin"

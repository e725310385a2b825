"""Building what believes TLS certificates: the proxy that tells of them, and the authorities we trust.

Here for relying parties, `MutualTls`; for people at a portal it is `systems/portal/certificate/build.py`.
"""

from pathlib import Path
from typing import Protocol

from cryptography.x509 import Certificate, load_pem_x509_certificates

from poreka.running.foundation import Foundation, read_password
from poreka.web.door.peer_certificate import MutualTls, TlsProxy
from poreka.web.settings.every_kind import CommonSettings, SettingsError


def build_mutual_tls(base: Foundation) -> MutualTls | None:
    """Mutual TLS of relying parties, if it is set up; raises `SettingsError`."""
    settings = base.settings.mutual_tls
    if settings is None:
        return None
    return MutualTls(*proxy_and_authorities(settings, "mutual_tls", base.folder))


class ProxySettings(Protocol):
    """A table that names a proxy which asks for certificates, and the authorities that are trusted."""

    @property
    def origin(self) -> str: ...

    @property
    def authorities(self) -> str: ...

    @property
    def proxy_secret_file(self) -> str: ...


def check_mutual_tls_files(settings: CommonSettings, folder: Path) -> None:
    """Read the files that `[mutual_tls]` names; raises `SettingsError`."""
    if settings.mutual_tls is not None:
        proxy_and_authorities(settings.mutual_tls, "mutual_tls", folder)


def proxy_and_authorities(
    settings: ProxySettings, table: str, folder: Path
) -> tuple[TlsProxy, tuple[Certificate, ...]]:
    """The proxy and the authorities that a table names; raises `SettingsError`."""
    secret = read_password(folder / settings.proxy_secret_file)
    authorities = _authorities(folder / settings.authorities, table) if settings.authorities else ()
    return TlsProxy(settings.origin, secret), authorities


def _authorities(file: Path, table: str) -> tuple[Certificate, ...]:
    try:
        return tuple(load_pem_x509_certificates(file.read_bytes()))
    except (OSError, ValueError) as error:
        raise SettingsError(f"{table}.authorities: {file} holds no certificates") from error

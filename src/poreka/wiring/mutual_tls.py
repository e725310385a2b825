"""Building what believes TLS certificates: the proxy that tells of them, and the authorities we trust.

For relying parties at a bank, `MutualTls`; for people at a portal, `CertificateDoor`. The lists of revoked
certificates come through a client of their own: authorities publish them over plain http (RFC 5280 §8), and
they are larger than anything else that is fetched.
"""

import ssl
from pathlib import Path

import msgspec
from cryptography.x509 import Certificate, load_pem_x509_certificates

from poreka.mutual_tls_settings import Certificates
from poreka.mutual_tls_settings import MutualTls as MutualTlsSettings
from poreka.settings import Settings, SettingsError
from poreka.web.back_channel import BackChannel, Reach
from poreka.web.certificate_door import CertificateDoor
from poreka.web.peer_certificate import MutualTls, TlsProxy
from poreka.web.revocation_lists import LARGEST_LIST, RevocationLists
from poreka.wiring.foundation import Foundation, read_password


def build_mutual_tls(base: Foundation) -> MutualTls | None:
    """Mutual TLS of relying parties, if it is set up; raises `SettingsError`."""
    settings = base.settings.mutual_tls
    if settings is None:
        return None
    return MutualTls(*_proxy_and_authorities(settings, "mutual_tls", base.folder))


def build_certificate_door(
    base: Foundation, reach: Reach, tls: ssl.SSLContext | None
) -> tuple[CertificateDoor, BackChannel] | None:
    """The door for people with certificates, if it is set up, and its client, to be closed; raises `SettingsError`."""
    settings = base.settings.certificates
    if settings is None:
        return None
    proxy, authorities = _proxy_and_authorities(settings, "certificates", base.folder)
    fetching = BackChannel(msgspec.structs.replace(reach, allow_http=True), tls=tls, largest_answer=LARGEST_LIST)
    return CertificateDoor(proxy, authorities, RevocationLists(fetching.get)), fetching


def check_certificate_files(settings: Settings, folder: Path) -> None:
    """Read the files that both tables name; raises `SettingsError`."""
    if settings.mutual_tls is not None:
        _proxy_and_authorities(settings.mutual_tls, "mutual_tls", folder)
    if settings.certificates is not None:
        _proxy_and_authorities(settings.certificates, "certificates", folder)


def _proxy_and_authorities(
    settings: MutualTlsSettings | Certificates, table: str, folder: Path
) -> tuple[TlsProxy, tuple[Certificate, ...]]:
    secret = read_password(folder / settings.proxy_secret_file)
    authorities = _authorities(folder / settings.authorities, table) if settings.authorities else ()
    return TlsProxy(settings.origin, secret), authorities


def _authorities(file: Path, table: str) -> tuple[Certificate, ...]:
    try:
        return tuple(load_pem_x509_certificates(file.read_bytes()))
    except (OSError, ValueError) as error:
        raise SettingsError(f"{table}.authorities: {file} holds no certificates") from error

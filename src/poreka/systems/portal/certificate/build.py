"""Building the door through which people come to a portal with a certificate, behind the proxy that tells of it.

The lists of revoked certificates come through a client of their own: authorities publish them over plain http
(RFC 5280 §8), and they are larger than anything else that is fetched.
"""

import ssl
from pathlib import Path

import msgspec

from poreka.outgoing.back_channel import BackChannel, Reach
from poreka.running.foundation import FoundationOf
from poreka.running.mutual_tls import proxy_and_authorities
from poreka.systems.portal.certificate.door import CertificateDoor
from poreka.systems.portal.certificate.revocation_lists import LARGEST_LIST, RevocationLists
from poreka.systems.portal.settings import PortalSettings


def build_certificate_door(
    base: FoundationOf[PortalSettings], reach: Reach, tls: ssl.SSLContext | None
) -> tuple[CertificateDoor, BackChannel] | None:
    """The door for people with certificates, if it is set up, and its client, to be closed; raises `SettingsError`."""
    settings = base.settings.certificates
    if settings is None:
        return None
    proxy, authorities = proxy_and_authorities(settings, "certificates", base.folder)
    fetching = BackChannel(msgspec.structs.replace(reach, allow_http=True), tls=tls, largest_answer=LARGEST_LIST)
    return CertificateDoor(proxy, authorities, RevocationLists(fetching.get)), fetching


def check_door_files(settings: PortalSettings, folder: Path) -> None:
    """Read the files that `[certificates]` names; raises `SettingsError`."""
    if settings.certificates is not None:
        proxy_and_authorities(settings.certificates, "certificates", folder)

"""Building the door through which people come to a portal with a certificate, behind the proxy that tells of it.

The lists of revoked certificates come through a client of their own: authorities publish them over plain http
(RFC 5280 §8), and they are larger than anything else that is fetched.
"""

import ssl
from pathlib import Path

import msgspec

from poreka.portal_settings import PortalSettings
from poreka.web.back_channel import BackChannel, Reach
from poreka.web.certificate_door import CertificateDoor
from poreka.web.revocation_lists import LARGEST_LIST, RevocationLists
from poreka.wiring.foundation import FoundationOf
from poreka.wiring.mutual_tls import proxy_and_authorities


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

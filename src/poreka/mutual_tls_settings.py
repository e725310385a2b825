"""The tables `[mutual_tls]` and `[certificates]`: where TLS clients show certificates, and what is wrong with them.

Part of `settings.py`, which reads the file and knows the rest of it; built in `wiring/mutual_tls.py`. Both need
a proxy that ends TLS at an origin of its own and overwrites `Client-Cert` there: see docs/operating.md.
"""

from urllib.parse import urlsplit

import msgspec


class MutualTls(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Mutual TLS of relying parties at the proxy in front (RFC 8705, RFC 9440).

    The proxy must overwrite the header `Client-Cert` on that origin. Without `authorities` only certificates that
    a client registered itself are accepted.
    """

    origin: str  # of its own, where the proxy asks for a certificate
    authorities: str = ""  # PEM file with trusted authorities
    proxy_secret_file: str  # one line that the proxy sends as `Poreka-Proxy-Secret`; chmod 600


class Certificates(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Sign-in with a qualified certificate, at a proxy that asks the browser for it (RFC 9440)."""

    origin: str  # of its own, where the proxy asks for a certificate; nothing else is served there
    authorities: str  # PEM file with the authorities of the trusted list
    proxy_secret_file: str  # one line that the proxy sends as `Poreka-Proxy-Secret`; chmod 600


NO_SECRET = "must name a file; without it anyone could be the proxy"


def mutual_tls_faults(mutual_tls: MutualTls | None) -> list[str]:
    """What the types cannot say, as `key: what is wrong`."""
    known = mutual_tls is None or mutual_tls.proxy_secret_file
    return [] if known else [f"mutual_tls.proxy_secret_file: {NO_SECRET}"]


def certificates_faults(certificates: Certificates, system_origin: str) -> list[str]:
    """What the types cannot say, as `key: what is wrong`."""
    own, parts, faults = urlsplit(system_origin), urlsplit(certificates.origin), []
    if parts.scheme != "https" or not parts.netloc or parts.path or parts.query or parts.fragment:
        faults.append("certificates.origin: must be https://host[:port] and nothing more")
    elif parts.netloc.lower() == own.netloc.lower():
        faults.append("certificates.origin: must be another one than system.origin: browsers ask once for an origin")
    if not certificates.authorities:
        faults.append("certificates.authorities: must name a file")
    if not certificates.proxy_secret_file:
        faults.append(f"certificates.proxy_secret_file: {NO_SECRET}")
    return faults

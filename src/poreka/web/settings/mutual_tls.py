"""The table `[mutual_tls]`: where relying parties show TLS certificates, and what is wrong with it.

It needs a proxy that ends TLS at an origin of its own and overwrites `Client-Cert` there: see docs/operating.md.
"""

import msgspec

NO_SECRET = "must name a file; without it anyone could be the proxy"


class MutualTls(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Mutual TLS of relying parties at the proxy in front (RFC 8705, RFC 9440).

    The proxy must overwrite the header `Client-Cert` on that origin. Without `authorities` only certificates that
    a client registered itself are accepted.
    """

    origin: str  # of its own, where the proxy asks for a certificate
    authorities: str = ""  # PEM file with trusted authorities
    proxy_secret_file: str  # one line that the proxy sends as `Poreka-Proxy-Secret`; chmod 600

    def __post_init__(self) -> None:
        if not self.proxy_secret_file:
            raise ValueError(f"mutual_tls.proxy_secret_file: {NO_SECRET}")

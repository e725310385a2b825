"""The TLS certificate a client showed to the proxy in front of us, as the proxy tells it (RFC 9440).

Mutual TLS ends at a proxy that serves an origin of its own for it (`[mutual_tls]` of the settings) and puts
the certificate into the header `Client-Cert`. The header counts on that origin only; there the proxy must
overwrite whatever a client sent. Without the table no certificate is ever believed. What a certificate
proves is `oidc/provider/client_authentication.py` (RFC 8705).
"""

import base64
import binascii
import hashlib
from dataclasses import dataclass
from urllib.parse import urlsplit

from cryptography.x509 import Certificate, load_der_x509_certificate
from cryptography.x509.verification import PolicyBuilder, Store, VerificationError
from starlette.requests import Request

from poreka.oidc.provider.client_authentication import PeerCertificate
from poreka.web.forms import BadForm
from poreka.web.routes import ASKED_HOST

HEADER = "client-cert"
LONGEST = 16 * 1024


@dataclass(frozen=True, slots=True)
class MutualTls:
    """Where mutual TLS is spoken, and the authorities whose clients are known by their subject."""

    origin: str
    authorities: tuple[Certificate, ...] = ()

    def certificate_of(self, request: Request) -> PeerCertificate | None:
        """The certificate of a call on the origin of mutual TLS; raises `BadForm` for a header that is none."""
        if request.scope.get(ASKED_HOST, b"").decode("latin-1").lower() != urlsplit(self.origin).netloc.lower():
            return None
        values = request.headers.getlist(HEADER)
        if not values:
            return None
        der = _bytes_of(values)
        try:
            certificate = load_der_x509_certificate(der)
        except ValueError as error:
            raise BadForm("unreadable") from error
        digest = base64.urlsafe_b64encode(hashlib.sha256(der).digest()).rstrip(b"=").decode()
        return PeerCertificate(thumbprint=digest, trusted_subject=self._trusted_subject(certificate))

    def _trusted_subject(self, certificate: Certificate) -> str | None:
        """The subject (RFC 4514) of a certificate that one of our authorities issued and that is good now."""
        if not self.authorities:
            return None
        verifier = PolicyBuilder().store(Store(list(self.authorities))).build_client_verifier()
        try:
            verifier.verify(certificate, [])
        except VerificationError:
            return None
        return certificate.subject.rfc4514_string()


def _bytes_of(values: list[str]) -> bytes:
    """The byte sequence of a structured field (RFC 8941 §3.3.5), sent exactly once."""
    value = values[0].strip()
    if len(values) != 1 or len(value) > LONGEST or len(value) < 2 or value[0] != ":" or value[-1] != ":":
        raise BadForm("unreadable")
    try:
        return base64.b64decode(value[1:-1], validate=True)
    except binascii.Error as error:
        raise BadForm("unreadable") from error

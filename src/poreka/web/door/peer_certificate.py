"""The TLS certificate a client showed to the proxy in front of us, as the proxy tells it (RFC 9440).

Mutual TLS ends at a proxy that serves an origin of its own for it and puts the certificate into the header
`Client-Cert`, and those that were sent along into `Client-Cert-Chain`. The headers count on that origin only,
and only from the proxy: it overwrites whatever a client sent, and proves itself with a secret in every
request. What a client's certificate proves is `oidc/clients/authentication.py` (RFC 8705);
what a person's does, `systems/portal/certificate/door.py`.
"""

import base64
import binascii
import hashlib
import hmac
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import structlog
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import Certificate, load_der_x509_certificate
from cryptography.x509.verification import PolicyBuilder, Store, VerificationError
from starlette.requests import Request

from poreka.oidc.clients.authentication import PeerCertificate
from poreka.web.forms import BadForm
from poreka.web.routes import ASKED_HOST

HEADER, CHAIN_HEADER = "client-cert", "client-cert-chain"
SECRET_HEADER = "poreka-proxy-secret"
LONGEST = 16 * 1024
MOST_SENT_ALONG = 5
log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Shown:
    """A certificate that a client proved to hold, and those it sent along."""

    certificate: Certificate
    sent_along: tuple[Certificate, ...] = ()

    @property
    def thumbprint(self) -> bytes:
        """SHA-256 of the certificate."""
        return hashlib.sha256(self.certificate.public_bytes(Encoding.DER)).digest()


@dataclass(frozen=True, slots=True)
class TlsProxy:
    """The proxy where mutual TLS ends: its origin, and the secret by which we know it."""

    origin: str
    secret: str = field(repr=False)

    def was_called(self, request: Request) -> bool:
        """Whether the request names the proxy's origin; that it came through the proxy is another question."""
        asked: bytes = request.scope.get(ASKED_HOST, b"")
        return asked.decode("latin-1").lower() == urlsplit(self.origin).netloc.lower()

    def shown(self, request: Request) -> Shown | None:
        """The certificate of a call that the proxy passed on; raises `BadForm` for headers that are none."""
        if not self.was_called(request):
            return None
        values = request.headers.getlist(HEADER)
        if not values:
            return None
        if not self._is_known(request):
            log.warning("a certificate that did not come through the proxy", path=request.scope["path"])
            return None
        chain = [value for line in request.headers.getlist(CHAIN_HEADER) for value in line.split(",")]
        if len(values) != 1 or len(chain) > MOST_SENT_ALONG:
            raise BadForm("unreadable")
        return Shown(_certificate(values[0]), tuple(_certificate(value) for value in chain))

    def _is_known(self, request: Request) -> bool:
        told = request.headers.getlist(SECRET_HEADER)
        return len(told) == 1 and hmac.compare_digest(told[0].encode(), self.secret.encode())


@dataclass(frozen=True, slots=True)
class MutualTls:
    """Mutual TLS of clients (RFC 8705): the proxy, and the authorities whose clients are known by their subject."""

    proxy: TlsProxy
    authorities: tuple[Certificate, ...] = ()

    @property
    def origin(self) -> str:
        """Where mutual TLS is spoken."""
        return self.proxy.origin

    def was_called(self, request: Request) -> bool:
        """Whether the request names the origin of mutual TLS."""
        return self.proxy.was_called(request)

    def certificate_of(self, request: Request) -> PeerCertificate | None:
        """The certificate of a call on the origin of mutual TLS; raises `BadForm` for a header that is none."""
        shown = self.proxy.shown(request)
        if shown is None:
            return None
        digest = base64.urlsafe_b64encode(shown.thumbprint).rstrip(b"=").decode()
        return PeerCertificate(thumbprint=digest, trusted_subject=self._trusted_subject(shown.certificate))

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


def _certificate(value: str) -> Certificate:
    """The certificate in a byte sequence of structured fields (RFC 8941 §3.3.5)."""
    value = value.strip()
    if len(value) > LONGEST or len(value) < 2 or value[0] != ":" or value[-1] != ":":
        raise BadForm("unreadable")
    try:
        return load_der_x509_certificate(base64.b64decode(value[1:-1], validate=True))
    except (binascii.Error, ValueError) as error:
        raise BadForm("unreadable") from error

"""An authority of our own that issues qualified certificates, good and bad, and the list of what it revoked.

    authority = Authority("Urząd A")
    jan = authority.issue(JAN)                       # good
    authority.issue(JAN, serial_number="PNODE-1")    # bad in one thing
    authority.list(revoked=[jan])                    # DER

Written apart from the demonstration's own, because tests do not trust the code they test.
"""

import base64
import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509 import Certificate
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, ObjectIdentifier

NOW = 1_790_000_000
DAY = 24 * 3600
JAN = {"serial_number": "PNOPL-83041741039", "given_name": "Jan", "surname": "Kowalski"}
COMPLIANCE, TYPE, SIGNATURES = "04008e460101", "04008e460106", "04008e46010601"
SEALS, SEMANTICS = "04008e46010602", "2b06010505070b02"
_NAMES = {
    "country": NameOID.COUNTRY_NAME,
    "serial_number": NameOID.SERIAL_NUMBER,
    "given_name": NameOID.GIVEN_NAME,
    "surname": NameOID.SURNAME,
    "pseudonym": NameOID.PSEUDONYM,
    "common_name": NameOID.COMMON_NAME,
}


def der(tag: int, *parts: bytes) -> bytes:
    """A short DER value."""
    content = b"".join(parts)
    assert len(content) < 128
    return bytes([tag, len(content)]) + content


def statement(identifier: str, *values: bytes) -> bytes:
    """One statement of `qcStatements`."""
    return der(0x30, der(0x06, bytes.fromhex(identifier)), *values)


def qualified(kind: str = SIGNATURES) -> bytes:
    """What a qualified certificate says of itself."""
    type_of = statement(TYPE, der(0x30, der(0x06, bytes.fromhex(kind))))
    return der(0x30, statement(COMPLIANCE), type_of)


@dataclass(frozen=True)
class Issued:
    """A certificate and its key."""

    certificate: Certificate
    key: ec.EllipticCurvePrivateKey

    @property
    def header(self) -> str:
        """The value of `Client-Cert` (RFC 9440)."""
        return f":{base64.b64encode(self.certificate.public_bytes(serialization.Encoding.DER)).decode()}:"

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.PEM)

    @property
    def key_pem(self) -> bytes:
        form, nothing = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        return self.key.private_bytes(serialization.Encoding.PEM, form, nothing)

    def in_files(self, folder: Path, name: str) -> tuple[str, str]:
        """The paths of certificate and key, for a TLS client."""
        certificate, key = folder / f"{name}.pem", folder / f"{name}.key"
        certificate.write_bytes(self.pem)
        key.write_bytes(self.key_pem)
        return str(certificate), str(key)


def usage(*allowed: str) -> x509.KeyUsage:
    names = (
        "digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
        "key_cert_sign", "crl_sign", "encipher_only", "decipher_only",
    )  # fmt: skip
    return x509.KeyUsage(**{name: name in allowed for name in names})


@dataclass
class Authority:
    """Someone who issues certificates; its own is signed by `above`, or by itself."""

    name: str = "Urząd kwalifikowany"
    above: "Authority | None" = None
    now: int = NOW
    place: str = "http://crl.example/list.crl"
    uses: tuple[str, ...] | None = ("key_cert_sign", "crl_sign")
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    certificate: Certificate = field(init=False)

    def __post_init__(self) -> None:
        signer = self.above or self
        builder = (
            _builder(self.subject, signer.subject, self.key, self.now - 900 * DAY, self.now + 900 * DAY)
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(self.key.public_key()), critical=False)
        )
        if self.uses is not None:
            builder = builder.add_extension(usage(*self.uses), critical=True)
        if self.above is not None:
            builder = builder.add_extension(_list_at(self.above.place), critical=False)
        self.certificate = builder.sign(signer.key, hashes.SHA256())

    @property
    def subject(self) -> x509.Name:
        return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, self.name)])

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.PEM)

    def issue(
        self,
        person: dict[str, str],
        *,
        more: Sequence[tuple[str, str]] = (),
        begins: int | None = None,
        ends: int | None = None,
        uses: tuple[str, ...] | None = ("digital_signature",),
        purposes: Sequence[ObjectIdentifier] | None = (ExtendedKeyUsageOID.CLIENT_AUTH,),
        statements: bytes | None = None,
        place: str | None = "",
        policies_critical: bool = True,
        extension: x509.ExtensionType | None = None,
        ca: bool | None = False,
        **changes: str,
    ) -> Issued:
        """A person's certificate; what is None is left out, and so are empty statements."""
        key = ec.generate_private_key(ec.SECP256R1())
        attributes = [*{"country": "PL", **person, **changes}.items(), *more]
        subject = x509.Name([x509.NameAttribute(_NAMES[name], value) for name, value in attributes])
        first, last = begins or self.now - DAY, ends or self.now + 300 * DAY
        policies = x509.CertificatePolicies([x509.PolicyInformation(ObjectIdentifier("0.4.0.194112.1.2"), None)])
        builder = (
            _builder(subject, self.subject, key, first, last)
            .add_extension(policies, critical=policies_critical)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key()), critical=False)
        )
        if ca is not None:
            builder = builder.add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
        if uses is not None:
            builder = builder.add_extension(usage(*uses), critical=True)
        if purposes is not None:
            builder = builder.add_extension(x509.ExtendedKeyUsage(list(purposes)), critical=False)
        if statements != b"":
            value = qualified() if statements is None else statements
            oid = ObjectIdentifier("1.3.6.1.5.5.7.1.3")
            builder = builder.add_extension(x509.UnrecognizedExtension(oid, value), critical=False)
        if place is not None:
            builder = builder.add_extension(_list_at(place or self.place), critical=False)
        if extension is not None:
            builder = builder.add_extension(extension, critical=True)
        return Issued(builder.sign(self.key, hashes.SHA256()), key)

    def list(
        self,
        revoked: Sequence[Issued] = (),
        *,
        issued: int | None = None,
        until: int | None = None,
        signer: "Authority | None" = None,
        extension: x509.ExtensionType | None = None,
        critical: bool = True,
    ) -> bytes:
        """The list of revoked certificates (DER), good for a day unless said otherwise."""
        builder = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(self.subject)
            .last_update(_moment(self.now - 3600 if issued is None else issued))
            .next_update(_moment(self.now + DAY if until is None else until))
        )
        for one in revoked:
            entry = x509.RevokedCertificateBuilder().serial_number(one.certificate.serial_number)
            builder = builder.add_revoked_certificate(entry.revocation_date(_moment(self.now - 7200)).build())
        if extension is not None:
            builder = builder.add_extension(extension, critical)
        return builder.sign((signer or self).key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, first: int, last: int
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(_moment(first))
        .not_valid_after(_moment(last))
    )


def _list_at(place: str) -> x509.CRLDistributionPoints:
    return x509.CRLDistributionPoints(
        [x509.DistributionPoint([x509.UniformResourceIdentifier(place)], None, None, None)]
    )


def _moment(seconds: int) -> datetime.datetime:
    return datetime.datetime.fromtimestamp(seconds, datetime.UTC)

"""The demonstration's own qualified authority: certificates for some of its people, and the list of revoked ones.

Made once, in the data folder, so that a certificate that was imported into a browser goes on working. The keys
of people are in PKCS #12 files that anyone may download: nothing here proves anything to anyone but this
demonstration. Expired and revoked certificates are made so from the start.
"""

import datetime
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, ObjectIdentifier

from poreka.demo.people import Invented
from poreka.demo.systems import DemoCertificate
from poreka.systems.portal.rules.qualified_statements import EXTENSION
from poreka.systems.portal.rules.revocation_list import places_of

HOLDERS = {"jan": "good", "lukasz": "good", "maria": "good", "zofia": "expired", "barbara": "revoked"}
"""Who has a certificate, and how it stands."""
PASSWORD = "certyfikat"
AUTHORITY, AUTHORITY_KEY = "qualified.pem", "qualified.key"
AUTHORITY_DAYS, GOOD_DAYS, EXPIRED_DAYS = 3650, 730, 400
LIST_SECONDS = 24 * 3600
# Qualified under the law of the Union, for electronic signatures (ETSI EN 319 412-5).
QUALIFIED = bytes.fromhex("301f300806060400 8e460101 3013060604008e460106 3009060704008e46010601")
_USES = (
    "digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
    "key_cert_sign", "crl_sign", "encipher_only", "decipher_only",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class DemoAuthority:
    """The authority and what it has issued."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey
    issued: tuple[DemoCertificate, ...]

    def revocation_list(self, now: int) -> bytes:
        """The list of what it has revoked, as of now, good for a day (RFC 5280 §5)."""
        moment = datetime.datetime.fromtimestamp(now, datetime.UTC)
        builder = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(self.certificate.subject)
            .last_update(moment)
            .next_update(moment + datetime.timedelta(seconds=LIST_SECONDS))
        )
        for one in self.issued:
            if one.state == "revoked":
                entry = x509.RevokedCertificateBuilder().serial_number(_held(one.file).serial_number)
                builder = builder.add_revoked_certificate(entry.revocation_date(moment).build())
        return builder.sign(self.key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)


def open_certificates(folder: Path, people: list[Invented], list_at: str) -> DemoAuthority:
    """The authority of a data folder; what is missing is made, and what names another address is made anew."""
    certificate, key = _authority(folder)
    issue = partial(_issue, certificate, key, list_at)
    issued = tuple(_issued(folder, people, list_at, issue))
    return DemoAuthority(certificate, key, issued)


def _authority(folder: Path) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
    if (folder / AUTHORITY_KEY).exists():
        found = serialization.load_pem_private_key((folder / AUTHORITY_KEY).read_bytes(), None)
        if isinstance(found, ec.EllipticCurvePrivateKey):
            return x509.load_pem_x509_certificate((folder / AUTHORITY).read_bytes()), found
    key = ec.generate_private_key(ec.SECP256R1())
    name = _name(("Poręka demonstration qualified authority", NameOID.COMMON_NAME), ("PL", NameOID.COUNTRY_NAME))
    certificate = (
        _builder(name, name, key, AUTHORITY_DAYS, AUTHORITY_DAYS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage("key_cert_sign", "crl_sign"), critical=True)
        .sign(key, hashes.SHA256())
    )
    form, nothing = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    _write(folder / AUTHORITY, certificate.public_bytes(serialization.Encoding.PEM))
    _write(folder / AUTHORITY_KEY, key.private_bytes(serialization.Encoding.PEM, form, nothing))
    return certificate, key


def _issued(
    folder: Path, people: list[Invented], list_at: str, issue: Callable[[Invented, str], bytes]
) -> Iterator[DemoCertificate]:
    for person in people:
        state = HOLDERS.get(person.key)
        if state is None:
            continue
        file = folder / f"certificate-{person.key}.p12"
        if not file.exists() or places_of(_held(file.read_bytes())) != (list_at,):
            _write(file, issue(person, state))
        yield DemoCertificate(person=person.key, state=state, file=file.read_bytes())


def _issue(
    authority: x509.Certificate,
    authority_key: ec.EllipticCurvePrivateKey,
    list_at: str,
    person: Invented,
    state: str,
) -> bytes:
    """A person's key and certificate as PKCS #12."""
    key, full_name = ec.generate_private_key(ec.SECP256R1()), f"{person.first_name} {person.surname}"
    subject = _name(
        ("PL", NameOID.COUNTRY_NAME),
        (f"PNOPL-{person.pesel}", NameOID.SERIAL_NUMBER),
        (person.first_name, NameOID.GIVEN_NAME),
        (person.surname, NameOID.SURNAME),
        (full_name, NameOID.COMMON_NAME),
    )
    ends = -1 if state == "expired" else GOOD_DAYS
    place = x509.DistributionPoint([x509.UniformResourceIdentifier(list_at)], None, None, None)
    certificate = (
        _builder(subject, authority.subject, key, EXPIRED_DAYS, ends)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage("digital_signature", "content_commitment"), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH]), critical=False)
        .add_extension(x509.UnrecognizedExtension(ObjectIdentifier(EXTENSION), QUALIFIED), critical=False)
        .add_extension(x509.CRLDistributionPoints([place]), critical=False)
        .sign(authority_key, hashes.SHA256())
    )
    locked = serialization.BestAvailableEncryption(PASSWORD.encode())
    return pkcs12.serialize_key_and_certificates(full_name.encode(), key, certificate, [authority], locked)


def _held(file: bytes) -> x509.Certificate:
    certificate = pkcs12.load_key_and_certificates(file, PASSWORD.encode())[1]
    if certificate is None:
        raise LookupError("a PKCS #12 file without its certificate")
    return certificate


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, days_ago: int, days: int
) -> x509.CertificateBuilder:
    now = datetime.datetime.now(datetime.UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=days_ago))
        .not_valid_after(now + datetime.timedelta(days=days))
    )


def _usage(*allowed: str) -> x509.KeyUsage:
    return x509.KeyUsage(**{use: use in allowed for use in _USES})


def _name(*attributes: tuple[str, ObjectIdentifier]) -> x509.Name:
    return x509.Name([x509.NameAttribute(kind, value) for value, kind in attributes])


def _write(file: Path, content: bytes) -> None:
    file.touch(mode=0o600)
    file.chmod(0o600)
    file.write_bytes(content)

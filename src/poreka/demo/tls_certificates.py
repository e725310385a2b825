"""`poreka demo --tls`: a certificate authority of this machine alone, and a certificate for `*.localhost`.

The authority stays in the data folder, so that a browser that was told to trust it once goes on doing so;
its certificate may only sign names under `localhost`. The server's certificate is made anew at each start.
It names each system: browsers take no wildcard right under a top-level name.
"""

import datetime
import os
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import ip_address, ip_network
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

AUTHORITY, AUTHORITY_KEY = "authority.pem", "authority.key"
CERTIFICATE, KEY = "server.pem", "server.key"
AUTHORITY_DAYS, CERTIFICATE_DAYS = 3650, 90


@dataclass(frozen=True, slots=True)
class Certified:
    """The files a TLS server needs, and the one a browser may be told to trust."""

    certificate: Path
    key: Path
    authority: Path


def certify(folder: Path, hosts: Sequence[str]) -> Certified:
    """Make a certificate for these hosts, and the authority that signs it unless the folder has one."""
    authority, authority_key = _authority(folder)
    key = ec.generate_private_key(ec.SECP256R1())
    names: list[x509.GeneralName] = [x509.DNSName(host) for host in hosts]
    names.append(x509.IPAddress(ip_address("127.0.0.1")))
    certificate = (
        _builder("Poręka (demonstration)", authority.subject, CERTIFICATE_DAYS)
        .public_key(key.public_key())
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(_issuer_of(authority), critical=False)
        .sign(authority_key, hashes.SHA256())
    )
    _write(folder / CERTIFICATE, certificate.public_bytes(serialization.Encoding.PEM))
    _write(folder / KEY, _pem(key))
    return Certified(folder / CERTIFICATE, folder / KEY, folder / AUTHORITY)


def trusting(folder: Path) -> ssl.SSLContext:
    """A client's TLS that trusts this folder's authority and no other."""
    return ssl.create_default_context(cafile=folder / AUTHORITY)


def _authority(folder: Path) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
    if (folder / AUTHORITY_KEY).exists():
        key = serialization.load_pem_private_key((folder / AUTHORITY_KEY).read_bytes(), None)
        if isinstance(key, ec.EllipticCurvePrivateKey):
            return x509.load_pem_x509_certificate((folder / AUTHORITY).read_bytes()), key
    made = ec.generate_private_key(ec.SECP256R1())
    name = "Poręka demonstration authority"
    inside = [x509.DNSName("localhost"), x509.IPAddress(ip_network("127.0.0.0/8"))]
    certificate = (
        _builder(name, _name(name), AUTHORITY_DAYS)
        .public_key(made.public_key())
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(x509.NameConstraints(permitted_subtrees=inside, excluded_subtrees=None), critical=True)
        .add_extension(_may_sign(), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(made.public_key()), critical=False)
        .sign(made, hashes.SHA256())
    )
    _write(folder / AUTHORITY, certificate.public_bytes(serialization.Encoding.PEM))
    _write(folder / AUTHORITY_KEY, _pem(made))
    return certificate, made


def _builder(subject: str, issuer: x509.Name, days: int) -> x509.CertificateBuilder:
    now = datetime.datetime.now(datetime.UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(_name(subject))
        .issuer_name(issuer)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(days=days))
    )


def _may_sign() -> x509.KeyUsage:
    allowed = {"key_cert_sign", "crl_sign"}
    uses = [
        "digital_signature",
        "content_commitment",
        "key_encipherment",
        "data_encipherment",
        "key_agreement",
        "key_cert_sign",
        "crl_sign",
        "encipher_only",
        "decipher_only",
    ]
    return x509.KeyUsage(**{use: use in allowed for use in uses})


def _issuer_of(authority: x509.Certificate) -> x509.AuthorityKeyIdentifier:
    found = authority.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    return x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(found)


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])


def _pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _write(file: Path, content: bytes) -> None:
    file.touch(mode=0o600)
    os.chmod(file, 0o600)
    file.write_bytes(content)

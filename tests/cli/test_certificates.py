import ssl
import stat
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.x509.oid import NameOID
from cryptography.x509.verification import PolicyBuilder, Store

from poreka.demo.tls_certificates import certify, trusting

HOSTS = ("localhost", "pue.localhost")


def test_the_certificate_is_good_for_its_hosts_only(tmp_path: Path) -> None:
    made = certify(tmp_path, HOSTS)
    authority = x509.load_pem_x509_certificate(made.authority.read_bytes())
    leaf = x509.load_pem_x509_certificate(made.certificate.read_bytes())
    policy = PolicyBuilder().store(Store([authority]))
    policy.build_server_verifier(x509.DNSName("pue.localhost")).verify(leaf, [])
    with pytest.raises(x509.verification.VerificationError):
        policy.build_server_verifier(x509.DNSName("bank.example")).verify(leaf, [])


def test_the_authority_may_sign_names_under_localhost_only(tmp_path: Path) -> None:
    authority = x509.load_pem_x509_certificate(certify(tmp_path, HOSTS).authority.read_bytes())
    inside = authority.extensions.get_extension_for_class(x509.NameConstraints)
    assert inside.critical
    assert x509.DNSName("localhost") in (inside.value.permitted_subtrees or [])
    assert authority.subject.get_attributes_for_oid(NameOID.COMMON_NAME)


def test_the_authority_stays_and_the_keys_are_the_owners_alone(tmp_path: Path) -> None:
    first = certify(tmp_path, HOSTS)
    authority, leaf = first.authority.read_bytes(), first.certificate.read_bytes()
    second = certify(tmp_path, HOSTS)
    assert second.authority.read_bytes() == authority
    assert second.certificate.read_bytes() != leaf
    for file in (tmp_path / "authority.key", second.key):
        assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_clients_trust_this_authority_and_no_other(tmp_path: Path) -> None:
    certify(tmp_path, HOSTS)
    context = trusting(tmp_path)
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname
    assert len(context.get_ca_certs()) == 1

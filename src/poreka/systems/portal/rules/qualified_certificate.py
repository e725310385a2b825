"""Whether a certificate was issued by an authority we trust, is good now, and is a qualified person's.

The trust anchors are the authorities of the trusted list, as the operator put them into a file; they may be
issuing authorities that another one signed (ETSI TS 119 612). Path validation (RFC 5280 §6) is
`cryptography`'s. Its extension policy is ours, because its own is the web's: it wants a host's name. Whether
the certificate was revoked is `revocation_list`; who it is about is `certificate_person`.
"""

import datetime
import enum
from collections.abc import Sequence
from typing import TypeVar

from cryptography import x509
from cryptography.x509 import Certificate
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, ObjectIdentifier
from cryptography.x509.verification import Criticality, ExtensionPolicy, PolicyBuilder, Store, VerificationError

from poreka.systems.portal.rules.qualified_statements import EXTENSION, is_qualified_for_signatures

MOST_AUTHORITIES_BETWEEN = 3
Kind = TypeVar("Kind", bound=x509.ExtensionType)
_ATTRIBUTES = {
    "serialNumber": NameOID.SERIAL_NUMBER,
    "givenName": NameOID.GIVEN_NAME,
    "surname": NameOID.SURNAME,
    "pseudonym": NameOID.PSEUDONYM,
}
_CLIENT = {ExtendedKeyUsageOID.CLIENT_AUTH, ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE}


class CertificateFault(enum.Enum):
    """Why a certificate is not one to sign in with."""

    NOT_YET_VALID = "not_yet_valid"
    EXPIRED = "expired"
    UNTRUSTED = "untrusted"
    PURPOSE = "purpose"
    NOT_QUALIFIED = "not_qualified"


def check_certificate(
    certificate: Certificate, between: Sequence[Certificate], authorities: Sequence[Certificate], now: int
) -> tuple[Certificate, ...] | CertificateFault:
    """The chain from the certificate to a trusted authority, both included, or what is wrong with it."""
    moment = datetime.datetime.fromtimestamp(now, datetime.UTC)
    try:
        if moment < certificate.not_valid_before_utc:
            return CertificateFault.NOT_YET_VALID
        if moment > certificate.not_valid_after_utc:
            return CertificateFault.EXPIRED
        chain = _chain(certificate, between, authorities, moment)
        if len(chain) < 2:  # an authority's own certificate
            return CertificateFault.UNTRUSTED
        if not _for_signing_in(certificate):
            return CertificateFault.PURPOSE
        return chain if _qualified(certificate) else CertificateFault.NOT_QUALIFIED
    except (ValueError, VerificationError):  # an extension that cannot be read; no chain
        return CertificateFault.UNTRUSTED


def subject_of(certificate: Certificate) -> dict[str, list[str]]:
    """The attributes that `certificate_person` reads."""
    subject = certificate.subject
    return {
        name: [str(found.value) for found in subject.get_attributes_for_oid(identifier)]
        for name, identifier in _ATTRIBUTES.items()
    }


def _chain(
    certificate: Certificate,
    between: Sequence[Certificate],
    authorities: Sequence[Certificate],
    moment: datetime.datetime,
) -> tuple[Certificate, ...]:
    anywhere = ExtensionPolicy.permit_all()
    for_authorities = anywhere.require_present(x509.BasicConstraints, Criticality.AGNOSTIC, None).require_present(
        x509.KeyUsage, Criticality.AGNOSTIC, None
    )
    # Qualified certificates state their policies, and some mark the statement critical (RFC 5280 §4.2.1.4).
    for_authorities = for_authorities.may_be_present(x509.CertificatePolicies, Criticality.AGNOSTIC, None)
    for_people = anywhere.may_be_present(x509.CertificatePolicies, Criticality.AGNOSTIC, None)
    verifier = (
        PolicyBuilder()
        .store(Store(list(authorities)))
        .time(moment)
        .max_chain_depth(MOST_AUTHORITIES_BETWEEN)
        .extension_policies(ca_policy=for_authorities, ee_policy=for_people)
        .build_client_verifier()
    )
    return tuple(verifier.verify(certificate, list(between)).chain)


def _for_signing_in(certificate: Certificate) -> bool:
    """A person's, not an authority's; for digital signatures; for TLS clients, where it says for what."""
    basic = _extension(certificate, x509.BasicConstraints)
    usage = _extension(certificate, x509.KeyUsage)
    purposes = _extension(certificate, x509.ExtendedKeyUsage)
    if basic is not None and basic.ca:
        return False
    if usage is None or not usage.digital_signature or usage.key_cert_sign:
        return False
    return purposes is None or not _CLIENT.isdisjoint(purposes)


def _qualified(certificate: Certificate) -> bool:
    try:
        found = certificate.extensions.get_extension_for_oid(ObjectIdentifier(EXTENSION)).value
    except x509.ExtensionNotFound:
        return False
    return isinstance(found, x509.UnrecognizedExtension) and is_qualified_for_signatures(found.value)


def _extension(certificate: Certificate, kind: type[Kind]) -> Kind | None:
    try:
        return certificate.extensions.get_extension_for_class(kind).value
    except x509.ExtensionNotFound:
        return None

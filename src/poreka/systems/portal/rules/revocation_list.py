"""Whether an authority has revoked a certificate, by the list it publishes (RFC 5280 §5, §6.3).

The list must be the issuer's own, signed with the key that signed the certificate, complete, and in force: it
names the time by which the next one comes, and that time is still ahead; both but for the minute by which clocks may
differ (`rules/clocks.py`). Everything that is rare is refused
rather than understood: indirect lists, lists of changes, lists of some reasons only. Where to fetch it from
the certificate says itself; fetching is `systems/portal/certificate/revocation_lists.py`.
"""

import datetime
import enum

from cryptography import x509
from cryptography.x509 import Certificate, CertificateRevocationList

from poreka.rules.clocks import CLOCKS_DIFFER_BY

MOST_PLACES = 4
TOLERANCE = datetime.timedelta(seconds=CLOCKS_DIFFER_BY)


class Revocation(enum.Enum):
    """What a list says of a certificate."""

    GOOD = "good"
    REVOKED = "revoked"
    NOT_KNOWN = "not_known"  # the list cannot be used for this certificate now


def places_of(certificate: Certificate) -> tuple[str, ...]:
    """Where its issuer publishes the list: http addresses, in the certificate's order (RFC 5280 §4.2.1.13)."""
    try:
        points = certificate.extensions.get_extension_for_class(x509.CRLDistributionPoints).value
    except (x509.ExtensionNotFound, ValueError):
        return ()
    names = (name for point in points if _ordinary(point) for name in point.full_name or ())
    addresses = (name.value for name in names if isinstance(name, x509.UniformResourceIdentifier))
    return tuple(one for one in addresses if one.lower().startswith(("http://", "https://")))[:MOST_PLACES]


def revocation_of(
    certificate: Certificate, issuer: Certificate, found: CertificateRevocationList, now: int
) -> Revocation:
    """What the list says of a certificate of this issuer at this moment."""
    try:
        if not _usable(certificate, issuer, found, datetime.datetime.fromtimestamp(now, datetime.UTC)):
            return Revocation.NOT_KNOWN
        listed = found.get_revoked_certificate_by_serial_number(certificate.serial_number)
    except (ValueError, TypeError):  # what cannot be read; a key that signs no lists
        return Revocation.NOT_KNOWN
    return Revocation.GOOD if listed is None else Revocation.REVOKED


def _usable(
    certificate: Certificate, issuer: Certificate, found: CertificateRevocationList, moment: datetime.datetime
) -> bool:
    until = found.next_update_utc
    if found.issuer != issuer.subject or found.issuer != certificate.issuer:
        return False
    if until is None or not found.last_update_utc - TOLERANCE <= moment < until + TOLERANCE:
        return False
    if not _covers(found, certificate) or not _may_sign_lists(issuer):
        return False
    return found.is_signature_valid(issuer.public_key())  # type: ignore[arg-type]  # other keys raise TypeError


def _covers(found: CertificateRevocationList, certificate: Certificate) -> bool:
    """Whether the list is about this certificate, for every reason; of several lists each is about its own part."""
    for extension in found.extensions:
        match extension.value:
            case x509.DeltaCRLIndicator():
                return False
            case x509.IssuingDistributionPoint() as part:
                if not _is_of_part(certificate, part):
                    return False
            case x509.UnrecognizedExtension() if extension.critical:
                return False
            case _:
                pass
    return True


def _is_of_part(certificate: Certificate, part: x509.IssuingDistributionPoint) -> bool:
    if part.indirect_crl or part.only_some_reasons or part.only_contains_attribute_certs or part.relative_name:
        return False
    if part.only_contains_user_certs if _is_authority(certificate) else part.only_contains_ca_certs:
        return False
    places = {name.value for name in part.full_name or () if isinstance(name, x509.UniformResourceIdentifier)}
    return not part.full_name or not places.isdisjoint(places_of(certificate))


def _is_authority(certificate: Certificate) -> bool:
    try:
        return certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except x509.ExtensionNotFound:
        return False


def _may_sign_lists(issuer: Certificate) -> bool:
    try:
        return issuer.extensions.get_extension_for_class(x509.KeyUsage).value.crl_sign
    except x509.ExtensionNotFound:
        return False


def _ordinary(point: x509.DistributionPoint) -> bool:
    return point.reasons is None and point.crl_issuer is None

"""What a certificate says of itself as a qualified one: the extension `qcStatements` (RFC 3739 §3.2.6).

A certificate counts when it states that it is qualified under the law of the Union and is for electronic
signatures, that is for a natural person (ETSI EN 319 412-5 §4.2.1, §4.2.3). `cryptography` decodes the DER, and
refuses what is none. It decodes a SEQUENCE OF only as a field, so `_statements` puts the extension's value into one.
"""

from cryptography.hazmat import asn1
from cryptography.x509 import ObjectIdentifier

EXTENSION = "1.3.6.1.5.5.7.1.3"
_COMPLIANCE = ObjectIdentifier("0.4.0.1862.1.1")  # id-etsi-qcs-QcCompliance
_TYPE = ObjectIdentifier("0.4.0.1862.1.6")  # id-etsi-qcs-QcType
_FOR_SIGNATURES = ObjectIdentifier("0.4.0.1862.1.6.1")  # id-etsi-qct-esign


@asn1.sequence
class _Value:
    """A SEQUENCE with any value in it."""

    value: asn1.TLV


@asn1.sequence
class _Statements:
    """The same SEQUENCE, where the value is `QCStatements`: of each its identifier, and its information if any."""

    each: list[list[asn1.TLV]]


@asn1.sequence
class _OneType:
    """`QcType` with one type in it."""

    only: ObjectIdentifier


def is_qualified_for_signatures(statements: bytes) -> bool:
    """Whether the extension's value says so; False for one that cannot be read, or that names several types."""
    try:
        said = _statements(statements)
        [types] = said[_TYPE]
        return _COMPLIANCE in said and types.parse(_OneType).only == _FOR_SIGNATURES
    except (ValueError, KeyError):
        return False


def _statements(der: bytes) -> dict[ObjectIdentifier, list[asn1.TLV]]:
    """The information of each statement by its identifier; raises `ValueError`."""
    value = asn1.encode_der(_Value(value=asn1.decode_der(asn1.TLV, der)))
    said: dict[ObjectIdentifier, list[asn1.TLV]] = {}
    for identifier, *information in asn1.decode_der(_Statements, value).each:
        said[identifier.parse(ObjectIdentifier)] = information
    return said

"""What a certificate says of itself as a qualified one: the extension `qcStatements` (RFC 3739 §3.2.6).

A certificate counts when it states that it is qualified under the law of the Union and is for electronic
signatures, that is for a natural person (ETSI EN 319 412-5 §4.2.1, §4.2.3). Only as much DER is read as this
takes: definite lengths, nothing left over; the rest of a statement is not looked into.
"""

from collections.abc import Iterator

EXTENSION = "1.3.6.1.5.5.7.1.3"
_SEQUENCE, _OBJECT = 0x30, 0x06
_COMPLIANCE = bytes.fromhex("04008e460101")  # id-etsi-qcs-QcCompliance, 0.4.0.1862.1.1
_TYPE = bytes.fromhex("04008e460106")  # id-etsi-qcs-QcType, 0.4.0.1862.1.6
_FOR_SIGNATURES = bytes.fromhex("04008e46010601")  # id-etsi-qct-esign, 0.4.0.1862.1.6.1


def is_qualified_for_signatures(statements: bytes) -> bool:
    """Whether the extension's value says so; False for one that cannot be read."""
    try:
        said = dict(_statements(statements))
        types = [value for tag, value in _items(_only(said[_TYPE], _SEQUENCE)) if tag == _OBJECT]
    except (ValueError, KeyError):
        return False
    return _COMPLIANCE in said and types == [_FOR_SIGNATURES]


def _statements(der: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The identifier of each statement, and the rest of it."""
    for tag, statement in _items(_only(der, _SEQUENCE)):
        kind, identifier, rest = _item(statement)
        if tag != _SEQUENCE or kind != _OBJECT:
            raise ValueError("not a statement")
        yield identifier, rest


def _only(der: bytes, wanted: int) -> bytes:
    tag, value, rest = _item(der)
    if tag != wanted or rest:
        raise ValueError("another value, or more than one")
    return value


def _items(der: bytes) -> Iterator[tuple[int, bytes]]:
    while der:
        tag, value, der = _item(der)
        yield tag, value


def _item(der: bytes) -> tuple[int, bytes, bytes]:
    """Tag, value, and what comes after (X.690 §8.1); lengths of one or two bytes are enough here."""
    if len(der) < 2:
        raise ValueError("too short")
    length, start = der[1], 2
    if length > 0x80:
        start += length - 0x80
        if start > 4 or len(der) < start:
            raise ValueError("a length that no certificate needs")
        length = int.from_bytes(der[2:start])
    if der[1] == 0x80 or len(der) < start + length:
        raise ValueError("not definite, or cut off")
    return der[0], der[start : start + length], der[start + length :]

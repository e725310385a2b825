"""A text as phones carry it: GSM 03.38 or UCS-2, and in parts when it does not fit into one SMS.

The default alphabet of GSM has no Polish letter: one ą turns 160 characters into 70. A long text is cut into parts
of 153 septets or 67 code units, each with a header that says which part it is (3GPP TS 23.040 §9.2.3.24.1),
and never in the middle of a character.
"""

from itertools import count
from typing import NamedTuple

from aiosmpplib import GSM7BitCodec

SEPTETS, SEPTETS_OF_PART = 160, 153
OCTETS, OCTETS_OF_PART = 140, 134
MOST_PARTS = 10
GSM, UCS2 = 0x00, 0x08  # data_coding (SMPP 3.4 §5.2.19)


class SmsText(NamedTuple):
    """The parts of a text, each as the octets of `short_message`; more than one begin with a user data header."""

    data_coding: int
    parts: tuple[bytes, ...]


class TooLong(Exception):
    """The text would need more parts than anyone should be sent."""


def sms_parts(text: str, reference: int) -> SmsText:
    """Encode a text; `reference` (0–255) tells its parts from those of another text. Raises `TooLong`."""
    codec = GSM7BitCodec()
    if is_gsm(text):
        coding, whole, part_length = GSM, SEPTETS, SEPTETS_OF_PART
        characters = [codec.encode(one)[0] for one in text]
    else:
        coding, whole, part_length = UCS2, OCTETS, OCTETS_OF_PART
        characters = [one.encode("utf-16-be") for one in text]
    if sum(map(len, characters)) <= whole:
        return SmsText(coding, (b"".join(characters),))
    bodies = _cut(characters, part_length)
    if len(bodies) > MOST_PARTS:
        raise TooLong
    numbered = zip(count(1), bodies, strict=False)
    return SmsText(coding, tuple(bytes((5, 0, 3, reference, len(bodies), number)) + body for number, body in numbered))


def is_gsm(text: str) -> bool:
    """Whether a text fits into the alphabet of GSM 03.38, its extension included."""
    fits: bool = GSM7BitCodec.is_gsm_text(text)
    return fits


def _cut(characters: list[bytes], length: int) -> list[bytes]:
    parts = [b""]
    for one in characters:
        if len(parts[-1]) + len(one) > length:
            parts.append(b"")
        parts[-1] += one
    return parts

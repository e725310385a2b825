"""The PESEL number: reading it strictly, and never showing it by accident (P8 e–f, X3).

Eleven digits: birth date (the month also carries the century, 1800–2299), a serial number whose last digit
tells the sex, and a check digit; Population Register Act of 24 September 2010, art. 15(2). A PESEL may be
corrected during life, so it is never anyone's primary key.

`read_pesel` is strict: nothing is trimmed, cut or repaired. Twelve digits are a fault even where the first
eleven would pass. Whether two people are the same person is `person.differing_facts`.
"""

import datetime
import enum
from typing import Any

import msgspec

WEIGHTS = (1, 3, 7, 9, 1, 3, 7, 9, 1, 3)
CENTURIES = (1900, 2000, 2100, 2200, 1800)  # index = tens of the month, halved: +0, +20, +40, +60, +80
MASK = "•" * 11


class PeselFault(enum.Enum):
    """What is wrong with a text that should have been a PESEL."""

    LENGTH = "length"
    CHARACTERS = "characters"
    DATE = "date"
    CHECKSUM = "checksum"


class Sex(enum.Enum):
    """The sex the register records in the tenth digit: odd for men, even for women."""

    MALE = "male"
    FEMALE = "female"


class Pesel(msgspec.Struct, frozen=True):
    """A valid PESEL. Printing it shows dots; only `.digits`, easy to search for, gives the number away."""

    digits: str

    def __repr__(self) -> str:
        return f"Pesel({MASK})"

    def __str__(self) -> str:
        return MASK

    def __rich_repr__(self) -> list[tuple[str, Any]]:
        return [("digits", MASK)]

    @property
    def birth_date(self) -> datetime.date:
        """The date of birth that the first six digits carry."""
        return _birth_date(self.digits)

    @property
    def sex(self) -> Sex:
        """The sex that the tenth digit carries."""
        return Sex.MALE if int(self.digits[9]) % 2 else Sex.FEMALE


def read_pesel(text: str) -> Pesel | PeselFault:
    """Read exactly eleven ASCII digits with a possible date and the right check digit."""
    if len(text) != 11:
        return PeselFault.LENGTH
    if not (text.isascii() and text.isdigit()):
        return PeselFault.CHARACTERS
    try:
        _birth_date(text)
    except ValueError:
        return PeselFault.DATE
    if int(text[10]) != _check_digit(text):
        return PeselFault.CHECKSUM
    return Pesel(text)


def _birth_date(digits: str) -> datetime.date:
    tens, month = divmod(int(digits[2:4]), 20)
    return datetime.date(CENTURIES[tens] + int(digits[:2]), month, int(digits[4:6]))


def _check_digit(digits: str) -> int:
    total = sum(weight * int(digit) for weight, digit in zip(WEIGHTS, digits, strict=False))
    return -total % 10

"""The customer number of a bank that uses one: eight digits at Millenet, where it is called MilleKod (P9).

Its form is public, so a wrong form may be told at once; whether a well-formed number exists never is.
"""

import enum
from typing import NewType

CustomerNumber = NewType("CustomerNumber", str)


class CustomerNumberFault(enum.Enum):
    """What cannot be a customer number."""

    EMPTY = "empty"
    CHARACTERS = "characters"
    LENGTH = "length"


def read_customer_number(text: str, length: int = 8) -> CustomerNumber | CustomerNumberFault:
    """Read a number as people type it; spaces between groups of digits do not matter."""
    digits = "".join(text.split())
    if not digits:
        return CustomerNumberFault.EMPTY
    if not (digits.isascii() and digits.isdigit()):
        return CustomerNumberFault.CHARACTERS
    if len(digits) != length:
        return CustomerNumberFault.LENGTH
    return CustomerNumber(digits)

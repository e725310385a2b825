"""The e-mail address of a profile; typed twice only where no code proves it (Z3). A phone number is `phone_number.py`.

The e-mail check is the one browsers make for `type=email` (HTML Living Standard), plus a dot in the domain,
so that page and server agree. It lets no line break or bracket through: an address ends up in message
headers. Whether the address is the person's own is found out by a code sent to it, not here.
"""

import enum
import re
from typing import NewType

Email = NewType("Email", str)
LONGEST_EMAIL = 254  # RFC 5321 4.5.3.1.3, without the angle brackets
LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
ADDRESS = re.compile(rf"[A-Za-z0-9.!#$%&'*+/=?^_`{{|}}~-]{{1,64}}@(?:{LABEL}\.)+{LABEL}")


class EmailFault(enum.Enum):
    """What is wrong with the e-mail address."""

    EMPTY = "empty"
    TOO_LONG = "too_long"
    FORM = "form"
    NOT_EQUAL = "not_equal"


def read_email(text: str) -> Email | EmailFault:
    """One address; its domain in lower case, its local part as typed (RFC 5321 2.4)."""
    address = text.strip()
    if not address:
        return EmailFault.EMPTY
    if len(address) > LONGEST_EMAIL:
        return EmailFault.TOO_LONG
    if not ADDRESS.fullmatch(address):
        return EmailFault.FORM
    local, _, domain = address.partition("@")
    return Email(f"{local}@{domain.lower()}")


def read_email_twice(first: str, second: str) -> Email | EmailFault:
    """The address that was typed twice; a fault of the first one is told before their difference."""
    email = read_email(first)
    if isinstance(email, EmailFault):
        return email
    return email if email == read_email(second) else EmailFault.NOT_EQUAL

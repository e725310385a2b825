"""The login a person chose, at a portal or at a bank that uses logins: how it is read and compared.

Case and Unicode form do not matter, so that two people can never hold logins that look alike only by those.
Letters outside ASCII are refused: many look like others. Whether a login exists is never told.
"""

import enum
import re
from typing import NewType

LoginName = NewType("LoginName", str)
SHORTEST, LONGEST = 3, 64
ALLOWED = re.compile(r"[a-z0-9][a-z0-9._@+-]*")


class LoginNameFault(enum.Enum):
    """What cannot be a login."""

    LENGTH = "length"
    CHARACTERS = "characters"
    NO_LETTER = "no_letter"
    EMAIL = "email"


def read_login_name(text: str) -> LoginName | LoginNameFault:
    """The form in which a login is kept and looked up."""
    name = text.strip().lower()
    if not SHORTEST <= len(name) <= LONGEST:
        return LoginNameFault.LENGTH
    if not ALLOWED.fullmatch(name):
        return LoginNameFault.CHARACTERS
    return LoginName(name)


def read_user_name(text: str) -> LoginName | LoginNameFault:
    """A login that somebody chooses where e-mail addresses are logins too: no address, and no number like a PESEL."""
    name = read_login_name(text)
    if isinstance(name, LoginNameFault):
        return name
    if "@" in name:
        return LoginNameFault.EMAIL
    return name if any(map(str.isalpha, name)) else LoginNameFault.NO_LETTER

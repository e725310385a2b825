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


def read_login_name(text: str) -> LoginName | LoginNameFault:
    """The form in which a login is kept and looked up."""
    name = text.strip().lower()
    if not SHORTEST <= len(name) <= LONGEST:
        return LoginNameFault.LENGTH
    if not ALLOWED.fullmatch(name):
        return LoginNameFault.CHARACTERS
    return LoginName(name)

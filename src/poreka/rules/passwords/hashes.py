"""Forms of stored password hashes that can be compared with: argon2 (PHC string format) and bcrypt.

`nobodys` makes a hash that no password has and that costs what a given one costs, so that an unknown
customer takes as long as a known one. Hashing itself is `hashing/passwords.py`.
"""

import re

ARGON2 = re.compile(
    r"(\$argon2(?:id|i|d)\$v=19\$m=[1-9]\d{0,5},t=[1-9]\d?,p=[1-9]\d?\$)"
    r"([A-Za-z0-9+/]{11,86})\$([A-Za-z0-9+/]{16,172})"
)
BCRYPT = re.compile(r"(\$2[aby]\$(?:0[4-9]|1[0-4])\$)[./A-Za-z0-9]{53}")


def is_known_hash(text: str) -> bool:
    """Whether a password can be compared with this; what would cost seconds is not known either."""
    return bool(ARGON2.fullmatch(text) or BCRYPT.fullmatch(text))


def is_bcrypt(text: str) -> bool:
    """Whether it is a hash of bcrypt."""
    return BCRYPT.fullmatch(text) is not None


def nobodys(like: str) -> str | None:
    """A hash that no password has, as dear as `like`; None where `like` is of no known form."""
    if found := ARGON2.fullmatch(like):
        return f"{found[1]}{'A' * len(found[2])}${'A' * len(found[3])}"
    if found := BCRYPT.fullmatch(like):
        return f"{found[1]}{'.' * 53}"
    return None

"""Which passwords a portal accepts for a profile that a person registers without a bank (Z5).

Long, not the person's own data, not well known. No demand for special characters or regular changes: they
make passwords worse (NIST SP 800-63B, 3.1.1.2). All faults come at once, so that nobody has to guess the
next one. Hashing is done where passwords are kept; counting wrong ones is `attempts`.
"""

import datetime
import enum
import unicodedata
from collections.abc import Iterator

import msgspec

from poreka.rules.names import normalise

SHORTEST, LONGEST = 12, 128  # characters
FEWEST_DIFFERENT = 5  # "aaaaaaaaaaaa", "121212121212" are known to everyone
SHORTEST_NAME_PART = 3  # "Li" stands in too many innocent words
SEPARATORS = str.maketrans("", "", " .-/_,")
WELL_KNOWN = frozenset(
    """
    123456789012 1234567890123 12345678901234 123456789abc 1q2w3e4r5t6y 1qaz2wsx3edc abcdefghijkl
    adminadmin12 administrator bezpieczenstwo haslohaslo12 haslo1234567 internet1234 iloveyou1234 kochamcie123
    mojehaslo123 niemamhasla1 passw0rd1234 password1234 password12345 polska123456 qwerty123456 qwertyuiop12
    qwertyuiopas trudnehaslo1 tajnehaslo123 welcome12345 zaq12wsxcde3 zaq1xsw2cde3
    """.split()  # noqa: SIM905  as a list literal it would fill a page
)


class PasswordFault(enum.Enum):
    """Why a password is not accepted."""

    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    HOLDS_FIRST_NAME = "holds_first_name"
    HOLDS_SURNAME = "holds_surname"
    HOLDS_BIRTH_DATE = "holds_birth_date"
    HOLDS_LOGIN = "holds_login"
    WELL_KNOWN = "well_known"


class OwnData(msgspec.Struct, frozen=True, kw_only=True):
    """What a stranger could know about the person, and must not find in the password."""

    first_name: str
    surname: str
    birth_date: datetime.date
    login: str


def normal_password(text: str) -> str:
    """The form to check, hash and compare: the same keys on two devices must give the same password."""
    return unicodedata.normalize("NFC", text)


def password_faults(text: str, own: OwnData) -> tuple[PasswordFault, ...]:
    """Everything that is wrong with a new password; empty when it is accepted."""
    return tuple(_faults(normal_password(text), own))


def _faults(password: str, own: OwnData) -> Iterator[PasswordFault]:
    if len(password) < SHORTEST:
        yield PasswordFault.TOO_SHORT
    if len(password) > LONGEST:
        yield PasswordFault.TOO_LONG
    plain = normalise(password)
    if _holds_name(plain, own.first_name):
        yield PasswordFault.HOLDS_FIRST_NAME
    if _holds_name(plain, own.surname):
        yield PasswordFault.HOLDS_SURNAME
    if _holds_date(plain, own.birth_date):
        yield PasswordFault.HOLDS_BIRTH_DATE
    if normalise(own.login) in plain:
        yield PasswordFault.HOLDS_LOGIN
    if plain in WELL_KNOWN or len(set(plain)) < FEWEST_DIFFERENT:
        yield PasswordFault.WELL_KNOWN


def _holds_name(plain: str, name: str) -> bool:
    parts = (part for part in normalise(name).split() if len(part) >= SHORTEST_NAME_PART)
    return any(part in plain for part in parts)


def _holds_date(plain: str, date: datetime.date) -> bool:
    digits = plain.translate(SEPARATORS)
    return any(date.strftime(form) in digits for form in ("%d%m%Y", "%Y%m%d", "%d%m%y", "%y%m%d"))

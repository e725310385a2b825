"""Which new passwords are accepted: at a portal without a bank (Z5), and at the trusted profile (T3).

Long, without the person's own data and the service's name, not a common one (`common_passwords.py`). No demand
for special characters or regular changes: they make passwords worse (NIST SP 800-63B, 3.1.1.2). All faults come at
once, so that nobody has to guess the next one. Hashing is done where passwords are kept; counting wrong ones is
`attempts`. Every form that takes a new password reads it by `codes/new_password.py`.
"""

import datetime
import enum
import re
import unicodedata
from collections.abc import Iterator

import msgspec

from poreka.rules.passwords.common_passwords import ADDED, as_letters, folded, is_common
from poreka.rules.people.names import normalise
from poreka.rules.people.pesel import Pesel

SHORTEST, LONGEST = 12, 128  # characters
FEWEST_DIFFERENT = 5  # "aaaaaaaaaaaa", "121212121212" are known to everyone
SHORTEST_NAME_PART = 3  # "Li" stands in too many innocent words
SHORTEST_SERVICE = 4  # a shorter name, "PUE", must not be all there is but for digits and signs
PESEL_PART = 5  # digits in a row


class PasswordFault(enum.Enum):
    """Why a password is not accepted."""

    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    HOLDS_FIRST_NAME = "holds_first_name"
    HOLDS_SURNAME = "holds_surname"
    HOLDS_BIRTH_DATE = "holds_birth_date"
    HOLDS_PESEL = "holds_pesel"
    HOLDS_LOGIN = "holds_login"
    HOLDS_SERVICE = "holds_service"
    WELL_KNOWN = "well_known"


class OwnData(msgspec.Struct, frozen=True, kw_only=True):
    """What a stranger could know about the person and the service, and must not find in the password."""

    first_name: str
    surname: str
    pesel: Pesel | None  # None while what was typed is none
    login: str
    services: tuple[str, ...]


def normal_password(text: str) -> str:
    """The form to check, hash and compare: the same keys on two devices must give the same password."""
    return unicodedata.normalize("NFC", text)


def password_faults(text: str, own: OwnData, common: frozenset[str]) -> tuple[PasswordFault, ...]:
    """Everything that is wrong with a new password; empty when it is accepted. `common` is `keys_of` a list."""
    return tuple(_faults(normal_password(text), own, common))


def _faults(password: str, own: OwnData, common: frozenset[str]) -> Iterator[PasswordFault]:
    if len(password) < SHORTEST:
        yield PasswordFault.TOO_SHORT
    if len(password) > LONGEST:
        yield PasswordFault.TOO_LONG
    plain = folded(password)
    if _holds_name(plain, own.first_name):
        yield PasswordFault.HOLDS_FIRST_NAME
    if _holds_name(plain, own.surname):
        yield PasswordFault.HOLDS_SURNAME
    if own.pesel and _holds_date(plain, own.pesel.birth_date):
        yield PasswordFault.HOLDS_BIRTH_DATE
    elif own.pesel and _holds_part(plain, own.pesel.digits):
        yield PasswordFault.HOLDS_PESEL
    if (login := folded(own.login)) and login in plain:
        yield PasswordFault.HOLDS_LOGIN
    if any(_holds_service(plain, folded(name)) for name in own.services):
        yield PasswordFault.HOLDS_SERVICE
    if is_common(password, common) or len(set(plain)) < FEWEST_DIFFERENT:
        yield PasswordFault.WELL_KNOWN


def _holds_name(plain: str, name: str) -> bool:
    parts = (folded(part) for part in normalise(name).split())
    return any(_holds(plain, part) for part in parts if len(part) >= SHORTEST_NAME_PART)


def _holds_service(plain: str, name: str) -> bool:
    if len(name) >= SHORTEST_SERVICE:
        return _holds(plain, name)
    return bool(name) and as_letters(plain.strip(ADDED)) == as_letters(name)


def _holds(plain: str, word: str) -> bool:
    return word in plain or (len(word) > SHORTEST_NAME_PART and as_letters(word) in as_letters(plain))


def _holds_date(plain: str, date: datetime.date) -> bool:
    return any(date.strftime(form) in plain for form in ("%d%m%Y", "%Y%m%d", "%d%m%y", "%y%m%d"))


def _holds_part(plain: str, pesel: str) -> bool:
    parts = {pesel[start : start + PESEL_PART] for start in range(len(pesel) - PESEL_PART + 1)}
    runs = re.findall(rf"\d{{{PESEL_PART},}}", plain)
    return any(part in run for run in runs for part in parts)

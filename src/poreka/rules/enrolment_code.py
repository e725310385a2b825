"""Enrolling a phone: the profile's page offers a code, one phone takes it up, its number is typed on the page (T4).

offered → claimed → keyed → confirmed, and from each of the first three → refused | cancelled | expired; nothing
leads out of the last four. The code may be used once, by one browser. It proves little: whoever photographs the
screen has it, too. So the phone that made a key shows a number that was never on the page, and its owner types it
there: with a photograph alone no number reaches the page, and the owner whose own phone was told "used already"
has none to type. A wrong number ends the enrolment: there is one try. docs/adr/0024.
"""

import enum
import hashlib
import hmac
import re

import msgspec

LIFE = 5 * 60
"""Seconds from the offer, for all of it."""
CODE_LENGTH = 12
ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""What codes are made of: nothing that looks like something else."""
NUMBERS = 9000  # from 1000 to 9999


class EnrolmentState(enum.Enum):
    """How far an enrolment has come, or how it ended."""

    OFFERED = "offered"
    CLAIMED = "claimed"
    KEYED = "keyed"
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


UNDER_WAY = frozenset({EnrolmentState.OFFERED, EnrolmentState.CLAIMED, EnrolmentState.KEYED})


class Enrolment(msgspec.Struct, frozen=True, kw_only=True):
    """One enrolment; `browser`: the hash of the phone's own name, once it used the code; `key`: its new key's id."""

    id: str
    expires_at: int
    state: EnrolmentState = EnrolmentState.OFFERED
    browser: bytes | None = None
    key: str | None = None


class NotNow(msgspec.Struct, frozen=True):
    """The enrolment does not stand where this could happen; `state` says where it stands."""

    state: EnrolmentState


def code_of(drawn: bytes) -> str:
    """A code of `CODE_LENGTH` characters from as many random bytes or more."""
    number = int.from_bytes(drawn)
    characters = []
    for _ in range(CODE_LENGTH):
        number, place = divmod(number, len(ALPHABET))
        characters.append(ALPHABET[place])
    return "".join(characters)


def shown_code(code: str) -> str:
    """The code in groups of four, as people read it."""
    return "-".join(code[place : place + 4] for place in range(0, len(code), 4))


def read_code(typed: str) -> str | None:
    """What somebody typed, as a code; None if it is none."""
    plain = re.sub(r"[\s-]", "", typed).upper()
    return plain if len(plain) == CODE_LENGTH and set(plain) <= set(ALPHABET) else None


def as_of(enrolment: Enrolment, now: int) -> Enrolment:
    """The enrolment as it stands now: expired, if its time has passed meanwhile."""
    if enrolment.state in UNDER_WAY and now >= enrolment.expires_at:
        return msgspec.structs.replace(enrolment, state=EnrolmentState.EXPIRED)
    return enrolment


def claim(enrolment: Enrolment, browser: bytes, now: int) -> Enrolment | NotNow:
    """A phone used the code: from now on it belongs to that phone's browser."""
    current = as_of(enrolment, now)
    if current.state is not EnrolmentState.OFFERED:
        return NotNow(current.state)
    return msgspec.structs.replace(current, state=EnrolmentState.CLAIMED, browser=browser)


def key_made(enrolment: Enrolment, browser: bytes, key: str, now: int) -> Enrolment | NotNow:
    """The phone made its key; no other browser may bring one, and none a second."""
    current = as_of(enrolment, now)
    if current.state is not EnrolmentState.CLAIMED or current.browser != browser:
        return NotNow(current.state)
    return msgspec.structs.replace(current, state=EnrolmentState.KEYED, key=key)


def confirm(enrolment: Enrolment, number: str, right: str, now: int) -> Enrolment | NotNow:
    """The number that the page's owner typed: the phone's, or the end."""
    current = as_of(enrolment, now)
    if current.state is not EnrolmentState.KEYED:
        return NotNow(current.state)
    same = hmac.compare_digest("".join(number.split()).encode(), right.encode())
    state = EnrolmentState.CONFIRMED if same else EnrolmentState.REFUSED
    return msgspec.structs.replace(current, state=state)


def cancel(enrolment: Enrolment, now: int) -> Enrolment | NotNow:
    """Either side gave up."""
    current = as_of(enrolment, now)
    if current.state not in UNDER_WAY:
        return NotNow(current.state)
    return msgspec.structs.replace(current, state=EnrolmentState.CANCELLED)


def phone_number(key: bytes, enrolment: Enrolment) -> str:
    """The four digits that only the phone shows, of this key in this enrolment: computed, so nothing stored tells."""
    about = b"enrolment-number\0" + enrolment.id.encode() + b"\0" + (enrolment.key or "").encode()
    drawn = hmac.digest(key, about, hashlib.sha256)
    return str(1000 + int.from_bytes(drawn[:16]) % NUMBERS)

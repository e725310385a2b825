"""Which two characters of which identifier a sign-in asks for (P9): for a customer, and for nobody.

Pure. A number that nobody has gets a kind of identifier and positions as plausible as anyone's: the kind
always the same, the positions changing now and then, as if somebody signed in with it. The rule itself is
`provider/rules/masked_characters.py`.
"""

import hmac
from dataclasses import dataclass

from poreka.provider.rules.masked_characters import PESEL_LENGTH, position_seed, positions

DOCUMENT_LENGTH = 9  # an identity card or a passport: two or three letters and the rest digits
ONE_DOCUMENT_IN = 6  # how many customers, roughly, chose a document rather than their PESEL
ONE_DAY_IN = 6  # on which a customer, roughly, signs in
LONGEST_AWAY = 60  # days
DAY = 24 * 3600


@dataclass(frozen=True, slots=True)
class Question:
    """Two places, counted from 1, of an identifier of this kind and length."""

    kind: str
    length: int
    places: tuple[int, ...]


def question_to(key: bytes, number: str, kind: str, length: int, right_answers: int) -> Question:
    """What a customer is asked."""
    return Question(kind, length, positions(length, position_seed(key, number, right_answers)))


def question_to_nobody(key: bytes, number: str, now: int) -> Question:
    """What is asked where no customer has this number. Positions that never change would tell so in time."""
    drawn = hmac.digest(key, b"identifier-of-nobody:" + number.encode(), "sha256")[0]
    kind, length = ("document", DOCUMENT_LENGTH) if drawn % ONE_DOCUMENT_IN == 0 else ("pesel", PESEL_LENGTH)
    return Question(kind, length, positions(length, position_seed(key, number, _last_signed_in(key, number, now))))


def _last_signed_in(key: bytes, number: str, now: int) -> int:
    """The last day on which nobody "signed in": drawn for each number and day, which begins when it is drawn to."""
    drawn = hmac.digest(key, b"day-of-nobody:" + number.encode(), "sha256")
    today = (now + int.from_bytes(drawn[:4]) % DAY) // DAY
    days = (today - ago for ago in range(LONGEST_AWAY))
    signed_in = (day for day in days if hmac.digest(drawn, b"%d" % day, "sha256")[0] % ONE_DAY_IN == 0)
    return next(signed_in, 0)

"""The PIN of a device that is bound to a patient account: four to eight digits that nobody tries first (K3).

Short, because it opens this one device only and five wrong ones end the binding (`contracts/binding.py`). So what must
not be is what a finder tries in five tries: equal digits, running digits, and the owner's date of birth, which stands
in the PESEL and in every chart. All faults come at once. Hashing is done where PINs are kept.
"""

import datetime
import enum
from collections.abc import Iterator
from itertools import pairwise

SHORTEST, LONGEST = 4, 8
_DATES = (
    "%d%m%Y",
    "%Y%m%d",
    "%m%d%Y",
    "%d%m%y",
    "%y%m%d",
    "%m%d%y",
    "%Y%m",
    "%m%Y",
    "%d%m",
    "%m%d",
    "%y%m",
    "%m%y",
    "%Y",
)
_CENTURY_MONTHS = {1800: 80, 1900: 0, 2000: 20, 2100: 40, 2200: 60}


class PinFault(enum.Enum):
    """Why a PIN is not accepted."""

    DIGITS = "digits"
    EQUAL = "equal"
    RUNNING = "running"
    BIRTH_DATE = "birth_date"


def is_pin(text: str) -> bool:
    """Whether it is written as a PIN: whatever else is no try at one."""
    return SHORTEST <= len(text) <= LONGEST and text.isascii() and text.isdigit()


def pin_faults(pin: str, born: datetime.date) -> tuple[PinFault, ...]:
    """Everything that is wrong with a new PIN of somebody born on this day; empty when it is accepted."""
    return tuple(_faults(pin, born)) if is_pin(pin) else (PinFault.DIGITS,)


def _faults(pin: str, born: datetime.date) -> Iterator[PinFault]:
    steps = {(int(after) - int(before)) % 10 for before, after in pairwise(pin)}
    if steps == {0}:
        yield PinFault.EQUAL
    elif steps in ({1}, {9}):
        yield PinFault.RUNNING
    if any(pin in date or date in pin for date in _written(born)):
        yield PinFault.BIRTH_DATE


def _written(born: datetime.date) -> Iterator[str]:
    """A date as people write it with digits only, and as the PESEL does."""
    yield from (born.strftime(form) for form in _DATES)
    yield f"{born:%y}{born.month + _CENTURY_MONTHS.get(born.year // 100 * 100, 0):02}{born:%d}"

"""Invented people for the rules' tests: PESELs computed here, so that none is copied from anyone.

`digits_of` repeats the check digit's arithmetic on purpose: a test must not ask the code it tests.
"""

import datetime

from hypothesis import strategies as st

from poreka.rules.people.person import PersonFacts
from poreka.rules.people.pesel import Pesel

MONTH_SHIFT = {18: 80, 19: 0, 20: 20, 21: 40, 22: 60}
births = st.dates(datetime.date(1800, 1, 1), datetime.date(2299, 12, 31))
serials = st.integers(0, 9999)


def digits_of(born: datetime.date, serial: int) -> str:
    month = born.month + MONTH_SHIFT[born.year // 100]
    first_ten = f"{born.year % 100:02d}{month:02d}{born.day:02d}{serial:04d}"
    total = sum(int(d) * w for d, w in zip(first_ten, (1, 3, 7, 9, 1, 3, 7, 9, 1, 3), strict=True))
    return first_ten + str((10 - total % 10) % 10)


valid_digits = st.builds(digits_of, births, serials)
JAN = PersonFacts(first_name="Jan", surname="Kowalski", pesel=Pesel(digits_of(datetime.date(1971, 3, 8), 4417)))
OTHER_PESEL = Pesel(digits_of(datetime.date(1971, 3, 8), 4419))

"""A guardian looks for a child until the day on which the child is of age."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poreka.rules.people.guardianship import may_be_looked_for, of_age_on
from poreka.rules.people.pesel import Pesel

DAY = datetime.timedelta(days=1)


def born_on(day: datetime.date) -> Pesel:
    """A PESEL of this birth date, as far as these rules look at it."""
    century = {19: 0, 20: 20, 21: 40}[day.year // 100]
    return Pesel(f"{day.year % 100:02}{day.month + century:02}{day.day:02}00000")


@pytest.mark.parametrize(
    ("born", "of_age"),
    [
        ((2008, 12, 1), (2026, 12, 1)),
        ((2008, 2, 29), (2026, 2, 28)),
        ((2008, 2, 28), (2026, 2, 28)),
        ((2017, 5, 14), (2035, 5, 14)),
    ],
)
def test_of_age_to_the_day(born: tuple[int, int, int], of_age: tuple[int, int, int]) -> None:
    pesel, day = born_on(datetime.date(*born)), datetime.date(*of_age)
    assert of_age_on(pesel) == day
    assert may_be_looked_for(pesel, day - DAY)
    assert not may_be_looked_for(pesel, day)


@given(st.dates(datetime.date(1900, 1, 1), datetime.date(2100, 1, 1)), st.integers(0, 40_000))
def test_who_is_of_age_stays_so(born: datetime.date, later: int) -> None:
    pesel = born_on(born)
    assert not may_be_looked_for(pesel, of_age_on(pesel) + later * DAY)
    assert 17.9 * 365.25 < (of_age_on(pesel) - born).days < 18.1 * 365.25

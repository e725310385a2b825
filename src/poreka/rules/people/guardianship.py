"""Until when a guardian may look for a child: to the day on which the child is of age (Civil Code, art. 10 and 112).

Somebody born on 29 February is of age on 28 February where that year has no 29th (art. 112, first sentence), and
everybody with the beginning of the day (second sentence). The day is Poland's (`warsaw_time.warsaw_day`).
"""

import datetime

from poreka.rules.people.pesel import Pesel

OF_AGE = 18


def of_age_on(pesel: Pesel) -> datetime.date:
    """The day from whose beginning somebody is of age."""
    born = pesel.birth_date
    try:
        return born.replace(year=born.year + OF_AGE)
    except ValueError:
        return datetime.date(born.year + OF_AGE, 2, 28)


def may_be_looked_for(pesel: Pesel, today: datetime.date) -> bool:
    """Whether a guardian may still look for this person."""
    return today < of_age_on(pesel)

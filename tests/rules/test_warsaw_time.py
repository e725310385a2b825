import datetime

from poreka.rules.warsaw_time import warsaw_day, warsaw_moment


def at(text: str) -> int:
    return int(datetime.datetime.fromisoformat(text).timestamp())


def test_the_day_changes_at_midnight_in_warsaw() -> None:
    assert warsaw_day(at("2015-08-14T21:59:59+00:00")) == datetime.date(2015, 8, 14)
    assert warsaw_day(at("2015-08-14T22:00:00+00:00")) == datetime.date(2015, 8, 15)


def test_winter_and_summer_time() -> None:
    assert warsaw_moment(at("2025-01-15T12:00:00+00:00")).hour == 13
    assert warsaw_moment(at("2025-07-15T12:00:00+00:00")).hour == 14

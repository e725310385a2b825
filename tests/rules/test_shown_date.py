"""Dates as people read them, in a sentence and in a table, and the SMS's own way of writing them."""

import datetime

import pytest

from poreka.rules.authorising.operation_message import sms_date, sms_moment
from poreka.rules.shown_date import shown_day, shown_moment
from poreka.rules.warsaw_time import WARSAW
from poreka.web.texts import load_texts

DAY = datetime.date(2026, 11, 30)
MOMENT = datetime.datetime(2026, 5, 1, 9, 5, 7, tzinfo=WARSAW)


@pytest.mark.parametrize(
    ("language", "short", "day", "moment"),
    [
        ("pl", False, "30 listopada 2026", "1 maja 2026, 09:05"),
        ("pl", True, "30.11.2026", "01.05.2026, 09:05"),
        ("en", False, "30 November 2026", "1 May 2026, 09:05"),
        ("en", True, "30 November 2026", "1 May 2026, 09:05"),
    ],
)
def test_one_way_of_writing_a_date_in_each_language(language: str, short: bool, day: str, moment: str) -> None:
    assert shown_day(DAY, language, short=short) == day
    assert shown_moment(MOMENT, language, short=short) == moment
    assert shown_moment(MOMENT, language, short=short, seconds=True) == moment + ":07"


def test_an_operation_s_date_is_written_as_its_sms_has_it() -> None:
    assert sms_date(DAY) == "30-11-2026"
    assert sms_moment(MOMENT) == "01-05-2026 09:05"


def test_a_date_put_into_a_text_is_said_in_words() -> None:
    polish, english = load_texts()["pl"], load_texts()["en"]
    assert polish("trusted.home.valid", until=DAY) == "Twój Profil Zaufany jest ważny do 30 listopada 2026."
    assert english("trusted.home.valid", until=DAY) == "Your trusted profile is valid until 30 November 2026."
    assert (polish.day(MOMENT), english.day(DAY)) == ("1 maja 2026, 09:05", "30 November 2026")

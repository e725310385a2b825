"""Dates as people read them: in words in a sentence, short in a table, in the language of the page.

"30 listopada 2026" and "30 November 2026"; "30.11.2026" in Polish tables, while English ones keep the words, because
an English reader cannot tell which of two numbers is the month. The date of an operation is another thing: it is
compared with the SMS, so it is written as the SMS has it (`operation_message.sms_date`).
"""

import datetime

from poreka.rules.warsaw_time import warsaw_moment

MONTHS = {
    "pl": ("stycznia", "lutego", "marca", "kwietnia", "maja", "czerwca",
           "lipca", "sierpnia", "września", "października", "listopada", "grudnia"),
    "en": ("January", "February", "March", "April", "May", "June",
           "July", "August", "September", "October", "November", "December"),
}  # fmt: skip


def shown_day(day: datetime.date, language: str, *, short: bool = False) -> str:
    """A day on the calendar; `short` for a table."""
    if short and language == "pl":
        return f"{day:%d.%m.%Y}"
    return f"{day.day} {MONTHS[language][day.month - 1]} {day.year}"


def shown_moment(moment: datetime.datetime, language: str, *, short: bool = False, seconds: bool = False) -> str:
    """A day and the time of day; with `seconds` where several things may happen within a minute."""
    return f"{shown_day(moment, language, short=short)}, {time_of_day(moment, seconds=seconds)}"


def time_of_day(at: int | datetime.datetime, *, seconds: bool = False) -> str:
    """The time of day of an instant in Poland, or of a moment; with `seconds` where a person watches it run out."""
    moment = warsaw_moment(at) if isinstance(at, int) else at
    return f"{moment:%H:%M:%S}" if seconds else f"{moment:%H:%M}"


def people_time(now: int, language: str) -> str:
    """An instant in Poland, short, as a table or a list has it."""
    return shown_moment(warsaw_moment(now), language, short=True)

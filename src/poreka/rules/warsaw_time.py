"""Instants as people in Poland see them: `now` (seconds since the epoch) on the calendar of Europe/Warsaw.

An operation belongs to a Polish calendar day, and its date stands in the SMS (P3); so the day changes at
midnight in Warsaw, not in Greenwich. Everything else counts in seconds.
"""

import datetime
import zoneinfo

WARSAW = zoneinfo.ZoneInfo("Europe/Warsaw")


def warsaw_moment(now: int) -> datetime.datetime:
    """Date and time of an instant in Poland."""
    return datetime.datetime.fromtimestamp(now, WARSAW)


def warsaw_day(now: int) -> datetime.date:
    """The calendar day of an instant in Poland."""
    return warsaw_moment(now).date()

"""Periods as ISO 8601 writes them, as far as their length is certain: weeks, days, hours, minutes, seconds.

Years and months are refused, because they have no length of their own. Pure text and arithmetic; how
far the clock may go is decided by `clock_page.py`.
"""

import re

DAY = 86_400
MOST_SECONDS = 3653 * DAY
"""Ten years, leap days included."""

_WEEKS = re.compile(r"P(\d{1,9})W", re.ASCII)
_PARTS = re.compile(r"P(?:(\d{1,9})D)?(?:T(?=\d)(?:(\d{1,9})H)?(?:(\d{1,9})M)?(?:(\d{1,9})S)?)?", re.ASCII)
_CALENDAR = re.compile(r"P(?:\d+Y(?:\d+M)?|\d+M)(?:\d+D)?(?:T.+)?", re.ASCII)


class DurationRefused(ValueError):
    """The text is no period we take; `kind`: `unreadable`, `calendar`, `zero`, `backward` or `too_long`."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


def read_duration(text: str) -> int:
    """`P14D`, `PT1H30M`, `P2W` → seconds, more than none and at most ten years; raises `DurationRefused`."""
    if text.startswith("-"):
        raise DurationRefused("backward")
    weeks, parts = _WEEKS.fullmatch(text), _PARTS.fullmatch(text)
    if weeks:
        seconds = int(weeks[1]) * 7 * DAY
    elif parts and text != "P":
        days, hours, minutes, rest = (int(part or 0) for part in parts.groups())
        seconds = days * DAY + hours * 3600 + minutes * 60 + rest
    else:
        raise DurationRefused("calendar" if _CALENDAR.fullmatch(text) else "unreadable")
    if seconds == 0:
        raise DurationRefused("zero")
    if seconds > MOST_SECONDS:
        raise DurationRefused("too_long")
    return seconds


def write_duration(seconds: int) -> str:
    """Seconds → `P14DT1H`; nothing at all is `PT0S`."""
    days, rest = divmod(seconds, DAY)
    hours, rest = divmod(rest, 3600)
    minutes, rest = divmod(rest, 60)
    time = "".join(f"{count}{unit}" for count, unit in ((hours, "H"), (minutes, "M"), (rest, "S")) if count)
    if not days and not time:
        return "PT0S"
    return f"P{f'{days}D' if days else ''}{f'T{time}' if time else ''}"

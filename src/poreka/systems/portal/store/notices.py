"""The portal's notices to everyone: a file that comes with the software, until there is an editor for them.

A notice counts from its day on (by the calendar of Poland), newest first. The panel counts them, the page
/notices and its RSS feed list them.
"""

import datetime
import tomllib
from functools import lru_cache
from importlib import resources

import msgspec

from poreka.rules.warsaw_time import warsaw_day


class NoticeText(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A notice in one language."""

    title: str
    text: str


class Notice(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One notice; `key` names it for good, in addresses and feeds."""

    key: str
    day: datetime.date
    pl: NoticeText
    en: NoticeText

    def of(self, language: str) -> NoticeText:
        """The notice in `language`."""
        return self.en if language == "en" else self.pl


def published(now: int) -> list[Notice]:
    """The notices whose day has come, newest first."""
    today = warsaw_day(now)
    return sorted((one for one in _all() if one.day <= today), key=lambda one: (one.day, one.key), reverse=True)


@lru_cache(maxsize=1)
def _all() -> tuple[Notice, ...]:
    text = resources.files("poreka.presets").joinpath("notices.toml").read_text("utf-8")
    return msgspec.convert(tomllib.loads(text)["notices"], tuple[Notice, ...])

"""The barriers that are known, from `barriers.toml`, and which of them a system has: what its statement says.

The tests of accessibility let through what stands in the same list, by its rules and pages, and nothing else.
"""

import datetime
import tomllib
from functools import cache
from importlib import resources

import msgspec

from poreka.web.settings.every_kind import CommonSettings


class Barrier(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One barrier; with `sign_in` or `tool` only a provider that signs in or authorises like this has it."""

    key: str
    rule: str
    criterion: str
    pages: tuple[str, ...]
    kinds: tuple[str, ...]
    since: datetime.date
    until: datetime.date
    sign_in: str = ""
    tool: str = ""


class Known(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The file: when it was last looked through, and what it holds."""

    reviewed: datetime.date
    barriers: tuple[Barrier, ...]


@cache
def known_barriers() -> Known:
    """What the file says."""
    text = resources.files("poreka.for_everyone").joinpath("barriers.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(text), Known)


def barriers_of(settings: CommonSettings) -> list[Barrier]:
    """Those that a system has."""
    return [barrier for barrier in known_barriers().barriers if _has(settings, barrier)]


def _has(settings: CommonSettings, barrier: Barrier) -> bool:
    if settings.system.kind not in barrier.kinds:
        return False
    if barrier.sign_in:
        return settings.sign_in == barrier.sign_in
    return not barrier.tool or barrier.tool in settings.tools

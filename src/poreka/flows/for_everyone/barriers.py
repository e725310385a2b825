"""The barriers that are known, from `barriers.toml`, and which of them a system has: what its statement says.

A test looks for each that the project's checks can see, so that the file stays true.
"""

import datetime
import tomllib
from functools import cache
from importlib import resources

import msgspec

from poreka.settings import Settings


class Barrier(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One barrier; with `sign_in` or `tool` only a provider that signs in or authorises like this has it."""

    key: str
    criterion: str
    kinds: tuple[str, ...]
    sign_in: str = ""
    tool: str = ""
    found_by: str = ""


class Known(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The file: when it was last looked through, and what it holds."""

    reviewed: datetime.date
    barriers: tuple[Barrier, ...]


@cache
def known_barriers() -> Known:
    """What the file says."""
    text = resources.files("poreka.flows.for_everyone").joinpath("barriers.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(text), Known)


def barriers_of(settings: Settings) -> list[Barrier]:
    """Those that a system has."""
    return [barrier for barrier in known_barriers().barriers if _has(settings, barrier)]


def _has(settings: Settings, barrier: Barrier) -> bool:
    if settings.system.kind not in barrier.kinds:
        return False
    bank = settings.bank
    if barrier.sign_in:
        return bank is not None and bank.sign_in == barrier.sign_in
    return not barrier.tool or (bank is not None and barrier.tool in bank.tools)

"""One system opened from its settings file, for a command that looks or changes something and ends.

No server and no worker runs beside it. Times are the machine's own.
"""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

from poreka.cli.faults import explained
from poreka.cli.single import build_for_command
from poreka.running.failed import Failed
from poreka.running.foundation import Foundation, lay
from poreka.running.real_clock import real_clock
from poreka.settings import read_settings
from poreka.web.settings.every_kind import CommonSettings
from poreka.web.system import System

S = TypeVar("S", bound=System)


def with_system(file: Path, work: Callable[[Foundation], Awaitable[None]], *kinds: str) -> None:
    """Read the settings, open the system, do `work`, close it; whatever fails is explained about `file`."""
    with explained(file):
        settings = of_kind(read_settings(file), *kinds)
        asyncio.run(_within(settings, file.parent, work))


def of_kind(settings: CommonSettings, *kinds: str) -> CommonSettings:
    """The settings, if they are of one of these kinds; raises `Failed`."""
    if kinds and settings.system.kind not in kinds:
        raise Failed(f"system.kind: this command is for a {' or a '.join(kinds)}, not for a {settings.system.kind}")
    return settings


def with_running(file: Path, made: type[S], work: Callable[[S], Awaitable[None]], *kinds: str) -> None:
    """The same with the whole system, as it is served, for what ends with more than a row; `made` is what systems of
    these kinds are."""
    with explained(file):
        settings = of_kind(read_settings(file), *kinds)
        asyncio.run(_with_all(settings, file.parent, made, work))


async def _with_all(
    settings: CommonSettings, folder: Path, made: type[S], work: Callable[[S], Awaitable[None]]
) -> None:
    running = await build_for_command(settings, folder)
    try:
        if not isinstance(running.system, made):
            raise LookupError(f"{settings.system.key} is no {made.__name__}")
        await work(running.system)
    finally:
        await running.stop()


async def _within(settings: CommonSettings, folder: Path, work: Callable[[Foundation], Awaitable[None]]) -> None:
    base = await lay(settings, folder, real_clock)
    try:
        await work(base)
    finally:
        await base.database.close()

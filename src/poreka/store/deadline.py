"""How long whatever is done for a request may still take: one deadline, shared down the call.

The application sets it when a request is let in; everything that waits for it (a connection, a lane of the audit log,
the turn to write, a place to hash a password, another system) waits no longer than what is left. Work that is done
for nobody in particular (sweeping, delivery) has no deadline, only the bounds of each wait.
"""

import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar, Token
from dataclasses import dataclass

Gone = Callable[[], Awaitable[bool]]


class TooBusy(Exception):
    """There is more to do than can be done; nothing was begun. Come back in `retry_seconds`."""

    def __init__(self, told: str, retry_seconds: int) -> None:
        super().__init__(told)
        self.retry_seconds = retry_seconds


@dataclass(frozen=True, slots=True)
class _Bounds:
    """When a request's time is over, on the clock that only runs forward, and whether who asked has left."""

    ends_at: float
    gone: Gone | None


_BOUNDS: ContextVar[_Bounds | None] = ContextVar("bounds", default=None)


def begin(seconds: float, gone: Gone | None = None) -> Token[_Bounds | None]:
    """Whatever is done from here on ends within `seconds`, until `end`; `gone` tells whether who asked has left."""
    return _BOUNDS.set(_Bounds(time.monotonic() + seconds_left(seconds), gone))


def end(token: Token[_Bounds | None]) -> None:
    """The request was answered."""
    _BOUNDS.reset(token)


@contextmanager
def deadline(seconds: float, gone: Gone | None = None) -> Iterator[None]:
    """Whatever is done inside ends within `seconds`, or sooner where a deadline around it is sooner."""
    token = begin(seconds, gone)
    try:
        yield
    finally:
        end(token)


def seconds_left(most: float) -> float:
    """How long a wait may take that would by itself take `most` seconds; 0 when the time is over."""
    bounds = _BOUNDS.get()
    return most if bounds is None else max(0.0, min(most, bounds.ends_at - time.monotonic()))


def patience(most: float) -> float | None:
    """How long a request waits at most, or None outside of one: what is made at a start waits as long as it takes."""
    return None if _BOUNDS.get() is None else seconds_left(most)


async def nobody_waits() -> bool:
    """Whether who asked has left, so that work not yet begun need not be done."""
    bounds = _BOUNDS.get()
    return bounds is not None and bounds.gone is not None and await bounds.gone()

"""How long whatever is done for a request may still take: one deadline, shared down the call.

The application sets it when a request is let in; everything that waits for it (a connection, a lane of the audit log,
the turn to write, a place to hash a password, another system) waits no longer than what is left. Work that is done
for nobody in particular (sweeping, delivery) has no deadline, only the bounds of each wait.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_ENDS_AT: ContextVar[float | None] = ContextVar("ends_at", default=None)


@contextmanager
def deadline(seconds: float) -> Iterator[None]:
    """Whatever is done inside ends within `seconds`, or sooner where a deadline around it is sooner."""
    token = _ENDS_AT.set(time.monotonic() + seconds_left(seconds))
    try:
        yield
    finally:
        _ENDS_AT.reset(token)


def seconds_left(most: float) -> float:
    """How long a wait may take that would by itself take `most` seconds; 0 when the time is over."""
    ends_at = _ENDS_AT.get()
    return most if ends_at is None else max(0.0, min(most, ends_at - time.monotonic()))

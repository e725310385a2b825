"""Waiting for what comes when it comes: a condition is looked at again and again, and a busy machine has a minute.

    for _ in looks():                  # or: async for _ in looks_again():
        if it_is_there():
            return

Whoever leaves the loop has seen it; after the last look the test says what did not come. Nothing sleeps for a time
that was guessed, so a quick machine waits for nothing and a slow one fails nothing.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator

PATIENCE = 60.0
BETWEEN = 0.02


def looks() -> Iterator[None]:
    """One look after the other, until patience ends."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        yield
        time.sleep(BETWEEN)


async def looks_again() -> AsyncIterator[None]:
    """The same, while everything else on the event loop goes on."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        yield
        await asyncio.sleep(BETWEEN)

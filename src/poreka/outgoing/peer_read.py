"""Asking another system a question that changes nothing there: within a time, and once more where that may help.

Who is slow, cannot be reached, or answers 502, 503 or 504 is asked a second time after a short, uneven pause, so
that many who wait do not come back at the same moment. What changes something is sent once: `within`.
"""

import asyncio
import secrets as randomness
from collections.abc import Awaitable, Callable

from poreka.oidc.relying_party.exchange import Answer, Outgoing
from poreka.outgoing.back_channel import BackChannel, PeerUnreachable
from poreka.store.deadline import seconds_left

WORTH_ANOTHER_TRY = frozenset({502, 503, 504})
SHORTEST_PAUSE_MS, LONGEST_PAUSE_MS = 50, 200

Pause = Callable[[], Awaitable[None]]


async def within(channel: BackChannel, request: Outgoing, seconds: float) -> Answer:
    """The answer to a request that is sent once; raises `PeerFault`."""
    try:
        async with asyncio.timeout(seconds_left(seconds)):
            return await channel.send(request)
    except TimeoutError:
        raise PeerUnreachable("time") from None


async def read(channel: BackChannel, request: Outgoing, seconds: float, pause: Pause) -> Answer:
    """The answer to a question, tried once more where that may help; raises `PeerFault`."""
    try:
        answer = await within(channel, request, seconds)
        if answer.status not in WORTH_ANOTHER_TRY:
            return answer
    except PeerUnreachable:
        pass
    await pause()
    return await within(channel, request, seconds)


async def uneven_pause() -> None:
    """The pause between two tries."""
    pause = SHORTEST_PAUSE_MS + randomness.randbelow(LONGEST_PAUSE_MS - SHORTEST_PAUSE_MS)
    await asyncio.sleep(pause / 1000)

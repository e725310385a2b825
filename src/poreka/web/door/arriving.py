"""A body is waited for outside the door: whoever sends one slowly holds no place that somebody else needs.

What came is kept and handed on as it came, so whoever reads the form sees no difference. More than the largest form is
not waited for: it is refused, or read on by the one handler that takes files.
"""

import asyncio
from collections import deque

from starlette.types import Message, Receive

from poreka.web.forms import BODY_LIMIT, BODY_SECONDS, BadForm


class Arriving:
    """What a client sends after the head of a request; it stands in the place of the server's own `receive`."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._came: deque[Message] = deque()

    async def __call__(self) -> Message:
        """The next part."""
        return self._came.popleft() if self._came else await self._receive()

    async def whole(self) -> None:
        """Wait until it is there, or too much, or the client has left; raises `BadForm`."""
        size = 0
        try:
            async with asyncio.timeout(BODY_SECONDS):
                while size <= BODY_LIMIT:
                    message = await self._receive()
                    self._came.append(message)
                    size += len(message.get("body", b""))
                    if not message.get("more_body", False):
                        return
        except TimeoutError:
            raise BadForm("too_slow", 408) from None

"""An application as the server runs it: built when a process starts to serve, stopped when it ends (ASGI lifespan).

What is built, whoever starts the server says: `cli/worker.py`.
"""

import asyncio
import gc
from collections.abc import Awaitable, Callable
from typing import Protocol

from starlette.types import ASGIApp, Receive, Scope, Send


class Stoppable(Protocol):
    """What a start gives: an application and its end."""

    @property
    def application(self) -> ASGIApp: ...

    def close_door(self) -> None: ...

    async def stop(self) -> None: ...


class Served:
    """An ASGI application that is built by `build` in the worker's own event loop."""

    def __init__(self, build: Callable[[], Awaitable[Stoppable]], notice_seconds: float = 0) -> None:
        self._build, self._notice_seconds = build, notice_seconds
        self._running: Stoppable | None = None
        self._starting = asyncio.Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
            return
        running = self._running or await self._start()
        await running.application(scope, receive, send)

    async def drain(self) -> None:
        """The process is about to end: say so in every answer, and go on taking work for as long as was asked for."""
        if self._running is not None:
            self._running.close_door()
            await asyncio.sleep(self._notice_seconds)

    async def _start(self) -> Stoppable:
        async with self._starting:
            if self._running is None:
                self._running = await self._build()
                _settle_memory()
            return self._running

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                try:
                    await self._start()
                except Exception as error:  # the reason is told by whoever started the server
                    await send({"type": "lifespan.startup.failed", "message": str(error)})
                    raise
                await send({"type": "lifespan.startup.complete"})
            elif message["type"] == "lifespan.shutdown":
                if self._running is not None:
                    await self._running.stop()
                await send({"type": "lifespan.shutdown.complete"})
                return


def _settle_memory() -> None:
    """What was built stays: the garbage collector need not look at it again, and looks less often at the rest.

    Four per cent of the CPU time of a sign-in (docs/adr/0010). Requests leave few cycles behind, so little waits.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)

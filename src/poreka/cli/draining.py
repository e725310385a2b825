"""How a serving process ends: it gives notice, takes no more work, and finishes what is under way.

uvicorn closes what listens and waits; before it does, the application learns that the end has come: `/health/ready`
says no, every answer says that its connection closes, and what is still under way when time is up is answered with 503.
"""

import socket
from typing import Protocol, runtime_checkable

import uvicorn


@runtime_checkable
class Drains(Protocol):
    """An application that can be told that the process ends."""

    async def drain(self) -> None:
        """Say so in every answer; returns when no more work need be taken."""
        ...


class DrainingServer(uvicorn.Server):
    """uvicorn's server for an application that drains."""

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Give notice first."""
        application = self.config.loaded_app
        if isinstance(application, Drains):
            await application.drain()
        await super().shutdown(sockets)

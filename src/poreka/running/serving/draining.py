"""How a serving process ends: it gives notice, takes no more work, and finishes what is under way.

uvicorn closes what listens and waits; before it does, the application learns that the end has come: `/health/ready`
says no, every answer says that its connection closes, and what is still under way when time is up is answered with 503.
A connection that the kernel has made and nobody has accepted yet would be reset when the last listening socket closes,
with the form that a proxy has already sent through it. Those are accepted to the last one.
"""

import asyncio
import os
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
        await self._stop_listening(sockets or [])
        await super().shutdown(sockets)

    async def _stop_listening(self, given: list[socket.socket]) -> None:
        """Close what listens, and take who had come by then."""
        fileno = [one.fileno() for server in self.servers for one in server.sockets]
        kept = [socket.socket(fileno=os.dup(number)) for number in fileno]  # keep the queue of what closes now
        for server in self.servers:
            server.close()
        for one in given:
            one.close()
        await asyncio.sleep(0)  # uvloop closes the descriptors in its next round
        waiting = [connection for one in kept for connection in _accepted_to_the_last(one)]
        await asyncio.gather(*map(self._take, waiting), return_exceptions=True)

    async def _take(self, connection: socket.socket) -> None:
        loop, config = asyncio.get_running_loop(), self.config

        def protocol() -> asyncio.Protocol:
            made: asyncio.Protocol = config.http_protocol_class(  # type: ignore[call-arg]  # as uvicorn calls it
                config=config, server_state=self.server_state, app_state=self.lifespan.state, _loop=loop
            )
            return made

        await loop.connect_accepted_socket(protocol, connection, ssl=config.ssl)


def _accepted_to_the_last(listening: socket.socket) -> list[socket.socket]:
    """Accept until nobody waits, and close at once."""
    taken: list[socket.socket] = []
    with listening:
        listening.setblocking(False)
        while True:
            try:
                taken.append(listening.accept()[0])
            except OSError:  # nobody waits any more, or no descriptor is left
                return taken

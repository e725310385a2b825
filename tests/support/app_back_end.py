"""The back end of a bank's own app, small and real: it takes what docs/app-requests.openapi.yaml says, over HTTP.

Starlette under uvicorn in a thread of its own. `trouble` makes it refuse or fall silent; what it took is in `taken`,
once for each idempotency key, and every key that came is in `keys`.
"""

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Literal

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

TOKEN = "token-of-the-bank"
Trouble = Literal["", "503", "500", "404", "silent"]


@dataclass
class AppBackEnd:
    """The back end and what a test does to it."""

    trouble: Trouble = ""
    url: str = ""
    taken: dict[str, Any] = field(default_factory=dict)
    keys: list[str] = field(default_factory=list)
    _silence: asyncio.Event = field(default_factory=asyncio.Event)

    async def take(self, request: Request) -> Response:
        if request.headers.get("authorization") != f"Bearer {TOKEN}":
            return Response(status_code=401)
        key, document = request.headers["idempotency-key"], await request.json()
        self.keys.append(key)
        match self.trouble:
            case "503" | "404":
                return Response(status_code=int(self.trouble))
            case "500" | "silent":  # it took the request, and the answer did not come through
                self.taken[key] = document
                if self.trouble == "silent":
                    await self._silence.wait()
                return Response(status_code=500)
            case _:
                known = key in self.taken
                self.taken[key] = document
                return Response(status_code=409 if known else 202)


@contextmanager
def running(back_end: AppBackEnd) -> Iterator[AppBackEnd]:
    """Serve it on a free port of this machine until the end."""
    listening = socket.create_server(("127.0.0.1", 0))
    back_end.url = f"http://127.0.0.1:{listening.getsockname()[1]}/requests"
    application = Starlette(routes=[Route("/requests", back_end.take, methods=["POST"])])
    config = uvicorn.Config(application, log_config=None, access_log=False, lifespan="off", timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    try:
        yield back_end
    finally:
        server.should_exit = server.force_exit = True
        thread.join()
        listening.close()

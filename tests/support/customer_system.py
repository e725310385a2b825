"""A bank's own customer system, small and real: it answers docs/customer-directory.openapi.yaml over HTTP.

Starlette under uvicorn in a thread of its own. `trouble` makes it slow, huge, wrong or a liar; what it was asked
is in `asked`. The people are invented. Nothing of Poręka is in it but the contract.
"""

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol, TypeVar

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

TOKEN = "token-of-the-directory"
Trouble = Literal["", "slow", "huge", "liar", "garbage", "redirect", "502", "503", "500", "429", "text", "once"]


@dataclass
class Known:
    """One customer: what is told, and what is compared."""

    customer: dict[str, Any]
    password: str
    identifier: str
    kind: str = "pesel"


@dataclass
class CustomerSystem:
    """The system and what a test does to it."""

    people: list[Known]
    trouble: Trouble = ""
    trouble_at: str = "/v1/"  # what the paths in trouble begin with
    origin: str = ""
    asked: list[tuple[str, str, Any]] = field(default_factory=list)
    _waiting: asyncio.Event = field(default_factory=asyncio.Event)

    def application(self) -> Starlette:
        routes = [
            Route("/v1/customers/{id}", self.customer),
            Route("/v1/identifiers", self.identifier),
            Route("/v1/authentications", self.authentication, methods=["POST"]),
        ]
        return Starlette(routes=routes)

    async def customer(self, request: Request) -> Response:
        self.asked.append(("GET", request.url.path, None))
        found = [one for one in self.people if one.customer["id"] == request.path_params["id"]]
        return await self._troubled(request, found[0].customer if found else None)

    async def identifier(self, request: Request) -> Response:
        number = request.query_params["number"]
        self.asked.append(("GET", request.url.path, number))
        found = [one for one in self.people if one.customer["number"] == number]
        told = [{"customer_id": one.customer["id"], "kind": one.kind, "length": len(one.identifier)} for one in found]
        return await self._troubled(request, told[0] if told else None)

    async def authentication(self, request: Request) -> Response:
        sent = await request.json()
        self.asked.append(("POST", request.url.path, sent))
        one = next((one for one in self.people if one.customer["number"] == sent["number"]), None)
        if one is None:
            return await self._troubled(request, {"authenticated": False})
        right = one.password == sent["password"] and all(
            one.identifier[asked["place"] - 1].casefold() == asked["character"].casefold()
            for asked in sent["characters"]
        )
        told = {"customer": one.customer} if right else {"customer_id": one.customer["id"]}
        return await self._troubled(request, {"authenticated": right, **told})

    async def _troubled(self, request: Request, document: dict[str, Any] | None) -> Response:
        if request.headers.get("authorization") != f"Bearer {TOKEN}":
            return PlainTextResponse("who are you", 401)
        match self.trouble if request.url.path.startswith(self.trouble_at) else "":
            case "slow":
                await self._waiting.wait()
            case "huge":
                return JSONResponse({**(document or {}), "more": "x" * 200_000})
            case "garbage":
                return Response(b"\xff{not json", media_type="application/json")
            case "text":
                return PlainTextResponse("{}")
            case "redirect":
                return RedirectResponse("/v1/customers/anna")
            case "once":
                self.trouble = ""
                return PlainTextResponse("", 503)
            case "502" | "503" | "500" | "429":
                return PlainTextResponse("", int(self.trouble))
            case "liar":
                other = self.people[-1].customer
                return JSONResponse({"authenticated": True, "customer": other, **other})
            case _:
                pass
        return JSONResponse(document) if document else PlainTextResponse("", 404)


class Served(Protocol):
    """Something that answers over HTTP, and is told where."""

    origin: str

    def application(self) -> Starlette: ...


S = TypeVar("S", bound=Served)


@contextmanager
def running(system: S) -> Iterator[S]:
    """Serve it on a free port of this machine until the end."""
    listening = socket.create_server(("127.0.0.1", 0))
    system.origin = f"http://127.0.0.1:{listening.getsockname()[1]}"
    config = uvicorn.Config(
        system.application(), log_config=None, access_log=False, lifespan="off", timeout_graceful_shutdown=1
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    try:
        yield system
    finally:
        server.should_exit = server.force_exit = True
        thread.join()
        listening.close()

"""A telephone operator, small and real: a token endpoint, and the CAMARA API SIM Swap 2.1 over HTTP.

Starlette, served by `customer_system.running` in a thread of its own. `trouble` makes it slow, huge, wrong or
forgetful; what it was asked is in `asked`. Nothing of Poręka is in it. The phones are invented.
"""

import asyncio
import base64
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, unquote_plus

from joserfc import jwt
from joserfc.jwk import ECKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

CLIENT, SECRET = "bank at the operator", "secret+of/the bank"
SCOPE = "dpv:FraudPreventionAndDetection sim-swap"
ERRORS = {
    "400": "INVALID_ARGUMENT", "range": "OUT_OF_RANGE", "401": "UNAUTHENTICATED", "403": "PERMISSION_DENIED",
    "404": "IDENTIFIER_NOT_FOUND", "422": "SERVICE_NOT_APPLICABLE", "429": "TOO_MANY_REQUESTS", "500": "INTERNAL",
    "503": "UNAVAILABLE",
}  # fmt: skip
NO_TOKENS = {
    "huge": JSONResponse({"access_token": "x" * 20_000, "token_type": "Bearer"}),
    "text": PlainTextResponse("access_token=1"),
    "dpop": JSONResponse({"access_token": "t", "token_type": "DPoP"}),
    "header": JSONResponse({"access_token": "t\r\nx-more: 1", "token_type": "Bearer"}),
}
NO_ANSWERS = {
    "garbage": Response(b"\xff{not json", media_type="application/json"),
    "text": PlainTextResponse('{"swapped": false}'),
    "words": JSONResponse({"swapped": "false", "latestSimChange": "yesterday"}),
    "numbers": JSONResponse({"swapped": 0, "latestSimChange": 0}),
    "nothing": JSONResponse({}),
    "list": JSONResponse([{"swapped": False, "latestSimChange": None}]),
    "no_zone": JSONResponse({"latestSimChange": "2026-01-01T00:00:00", "swapped": None}),
}


@dataclass
class OperatorSystem:
    """The operator and what a test does to it; `changed` holds when SIM cards were changed, None: beyond memory."""

    changed: dict[str, datetime | None] = field(default_factory=dict)
    monitored: int | None = None
    trouble: str = ""
    token_trouble: str = ""
    key: ECKey | None = None  # of the client, where it proves itself by an assertion
    lifetime: object = 3600
    origin: str = ""
    now: datetime = field(default_factory=lambda: datetime.now(UTC))
    asked: list[tuple[str, Any, str]] = field(default_factory=list)
    tokens: list[str] = field(default_factory=list)
    _waiting: asyncio.Event = field(default_factory=asyncio.Event)

    def application(self) -> Starlette:
        routes = [
            Route("/token", self.token, methods=["POST"]),
            Route("/sim-swap/v2/check", self.check, methods=["POST"]),
            Route("/sim-swap/v2/retrieve-date", self.retrieve_date, methods=["POST"]),
        ]
        return Starlette(routes=routes)

    async def token(self, request: Request) -> Response:
        form = dict(parse_qsl((await request.body()).decode()))
        assert form["grant_type"] == "client_credentials"
        assert form["scope"] == SCOPE
        proven = self._asserted(form) if self.key else self._by_secret(request)
        if self.token_trouble == "slow":
            await self._waiting.wait()
        if self.token_trouble == "redirect":
            return RedirectResponse("/token", 307)
        if self.token_trouble in NO_TOKENS:
            return NO_TOKENS[self.token_trouble]
        if not proven or self.token_trouble == "refused":
            return JSONResponse({"error": "invalid_client"}, 401)
        self.tokens.append(f"token-{len(self.tokens)}")
        return JSONResponse({"access_token": self.tokens[-1], "token_type": "bearer", "expires_in": self.lifetime})

    def _by_secret(self, request: Request) -> bool:
        _, _, pair = request.headers["authorization"].partition(" ")
        client, _, secret = base64.b64decode(pair).decode().partition(":")
        return (unquote_plus(client), unquote_plus(secret)) == (CLIENT, SECRET)

    def _asserted(self, form: dict[str, str]) -> bool:
        assert self.key is not None
        claims: dict[str, str] = jwt.decode(form["client_assertion"], self.key, algorithms=["ES256"]).claims
        return claims["iss"] == claims["sub"] == CLIENT and claims["aud"] == f"{self.origin}/token"

    async def check(self, request: Request) -> Response:
        sent = await self._noted(request)
        changed = self.changed.get(sent["phoneNumber"])
        hours = (self.now - changed).total_seconds() / 3600 if changed else None
        return await self._troubled(request, {"swapped": hours is not None and hours < sent["maxAge"]})

    async def retrieve_date(self, request: Request) -> Response:
        sent = await self._noted(request)
        assert set(sent) == {"phoneNumber"}
        changed = self.changed.get(sent["phoneNumber"])
        more = {} if self.monitored is None else {"monitoredPeriod": self.monitored}
        return await self._troubled(request, {"latestSimChange": changed.isoformat() if changed else None, **more})

    async def _noted(self, request: Request) -> dict[str, Any]:
        sent: dict[str, Any] = await request.json()
        assert re.fullmatch(r"\+[1-9][0-9]{4,14}", sent["phoneNumber"])
        self.asked.append((request.url.path.rpartition("/")[2], sent, request.headers["x-correlator"]))
        return sent

    async def _troubled(self, request: Request, document: dict[str, Any]) -> Response:
        if request.headers["authorization"] != f"Bearer {self.tokens[-1]}" or self.trouble == "401":
            return self._error(401, "UNAUTHENTICATED")
        if self.trouble in ERRORS:
            return self._error(400 if self.trouble == "range" else int(self.trouble), ERRORS[self.trouble])
        if self.trouble == "slow":
            await self._waiting.wait()
        if self.trouble == "huge":
            return JSONResponse({**document, "more": "x" * 200_000})
        if self.trouble == "redirect":
            return RedirectResponse(request.url.path, 307)
        if self.trouble in NO_ANSWERS:
            return NO_ANSWERS[self.trouble]
        return self._only_once() or JSONResponse(document)

    def _only_once(self) -> Response | None:
        """Trouble that passes by itself."""
        trouble, self.trouble = self.trouble, ""
        if trouble == "forgets":
            self.tokens.append("another")
            return self._error(401, "UNAUTHENTICATED")
        return PlainTextResponse("", 503) if trouble == "once" else None

    def _error(self, status: int, code: str) -> Response:
        return JSONResponse({"status": status, "code": code, "message": f"{code} happened"}, status)

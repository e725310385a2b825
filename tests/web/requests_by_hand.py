"""Starlette requests made by hand, for what takes a request and not a whole application."""

from collections.abc import Iterable

from starlette.requests import Request
from starlette.types import Message


def request(
    method: str = "GET",
    path: str = "/",
    query: bytes = b"",
    headers: Iterable[tuple[str, str]] = (),
    parts: Iterable[bytes] = (),
) -> Request:
    """A request as a server hands it over."""
    waiting = list(parts) or [b""]

    async def receive() -> Message:
        part = waiting.pop(0) if waiting else b""
        return {"type": "http.request", "body": part, "more_body": bool(waiting)}

    raw = [(name.encode(), value.encode("latin-1")) for name, value in headers]
    return Request({"type": "http", "method": method, "path": path, "query_string": query, "headers": raw}, receive)

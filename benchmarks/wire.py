"""A keep-alive HTTP/1.1 connection that costs the driver as little as possible.

One request at a time, whole bodies, no redirects, no cookies (see `browser.py`). It understands
`Content-Length` and chunked answers, which is all that the measured servers send.
"""

import asyncio
from dataclasses import dataclass
from typing import cast


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole response. Header names are lower-case; repeated headers keep every value."""

    status: int
    headers: dict[str, list[str]]
    body: bytes

    def header(self, name: str) -> str:
        """The first value, or an empty string."""
        return self.headers.get(name, [""])[0]


class Wire(asyncio.Protocol):
    """One connection to one server; opens itself when first used and again after the server closed it."""

    def __init__(self, address: tuple[str, int]) -> None:
        self._address = address
        self._transport: asyncio.Transport | None = None
        self._received = bytearray()
        self._waiting: asyncio.Future[Answer] | None = None

    async def send(self, request: bytes) -> Answer:
        """Send one request and wait for its answer."""
        loop = asyncio.get_running_loop()
        if self._transport is None or self._transport.is_closing():
            await loop.create_connection(lambda: self, *self._address)
        assert self._transport is not None
        self._waiting = loop.create_future()
        self._transport.write(request)
        return await self._waiting

    def close(self) -> None:
        """Hang up."""
        if self._transport is not None:
            self._transport.close()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's is one in all but its ancestry
        self._received.clear()

    def connection_lost(self, exc: Exception | None) -> None:
        self._transport = None
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_exception(exc or ConnectionError("the server hung up"))

    def data_received(self, data: bytes) -> None:
        self._received += data
        answer = parse_answer(self._received)
        if answer is not None and self._waiting is not None and not self._waiting.done():
            self._received.clear()
            if answer.header("connection").lower() == "close":
                self.close()
            self._waiting.set_result(answer)


def parse_answer(received: bytearray) -> Answer | None:
    """The answer that has been received, or None while a part of it is still under way."""
    end = received.find(b"\r\n\r\n")
    if end < 0:
        return None
    status_line, *lines = received[:end].decode("latin-1").split("\r\n")
    headers: dict[str, list[str]] = {}
    for line in lines:
        name, _, value = line.partition(":")
        headers.setdefault(name.lower(), []).append(value.strip())
    body = _body(headers, received, end + 4)
    return None if body is None else Answer(int(status_line.split(" ", 2)[1]), headers, body)


def _body(headers: dict[str, list[str]], received: bytearray, start: int) -> bytes | None:
    if "chunked" in headers.get("transfer-encoding", [""])[0]:
        return _joined_chunks(received, start)
    length = int(headers.get("content-length", ["0"])[0])
    return bytes(received[start : start + length]) if len(received) >= start + length else None


def _joined_chunks(received: bytearray, at: int) -> bytes | None:
    body = bytearray()
    while (line_end := received.find(b"\r\n", at)) >= 0:
        size = int(bytes(received[at:line_end]).split(b";")[0], 16)
        at = line_end + 2 + size + 2
        if len(received) < at:
            return None
        if size == 0:
            return bytes(body)
        body += received[line_end + 2 : at - 2]
    return None

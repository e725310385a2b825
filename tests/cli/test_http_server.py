"""What the HTTP server takes from strangers: short heads that come soon, and little besides a body."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
import pytest_asyncio
from uvicorn.server import ServerState

from poreka.running.serving import http_server
from poreka.running.serving.http_server import HEAD_BYTES, CarefulProtocol, server_config

Opened = tuple[asyncio.StreamReader, asyncio.StreamWriter]
Open = Callable[[], Awaitable[Opened]]
CHUNKED = b"POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n"


async def answer_length(scope: Any, receive: Any, send: Any) -> None:
    """An application that reads the body and tells how long it was."""
    length, more = 0, True
    while more:
        message = await receive()
        length, more = length + len(message.get("body", b"")), message.get("more_body", False)
    body = str(length).encode()
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"%d" % len(body))]})
    await send({"type": "http.response.body", "body": body})


@pytest_asyncio.fixture
async def opened() -> AsyncIterator[Open]:
    """Opens connections to a server of ours."""
    config = server_config(answer_length, "127.0.0.1", 0)
    config.load()
    state = ServerState()
    made: list[asyncio.StreamWriter] = []
    server = await asyncio.get_running_loop().create_server(lambda: CarefulProtocol(config, state, {}), "127.0.0.1", 0)

    async def connect() -> Opened:
        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        made.append(writer)
        return reader, writer

    yield connect
    for writer in made:
        writer.close()
    server.close()
    await server.wait_closed()


async def sent(opened: Open, *parts: bytes) -> bytes:
    """What comes back until the connection is closed, or until an answer of 200 is whole."""
    reader, writer = await opened()
    try:
        for part in parts:
            writer.write(part)
            await writer.drain()
    except ConnectionError:
        pass  # closed while we were still sending
    read = b""
    try:
        while not (read.startswith(b"HTTP/1.1 200") and read.partition(b"\r\n\r\n")[2]):
            part = await reader.read(1000)
            if not part:
                break
            read += part
    except ConnectionError:
        pass
    return read


async def test_an_ordinary_request_is_answered_and_tells_nobody_what_we_are(opened: Open) -> None:
    read = await sent(opened, b"GET / HTTP/1.1\r\nhost: a\r\n\r\n")
    assert read.startswith(b"HTTP/1.1 200")
    assert b"server:" not in read.lower()


async def test_a_chunked_body_is_read_whole(opened: Open) -> None:
    read = await sent(opened, CHUNKED, *[b"400\r\n" + b"x" * 1024 + b"\r\n"] * 64, b"0\r\n\r\n")
    assert read.endswith(b"\r\n\r\n65536")


@pytest.mark.parametrize("flood", [b"a: b\r\n" * 1000, b"a" * 6000, b"a: " + b"b" * 6000])
async def test_a_head_that_is_too_long_is_refused(opened: Open, flood: bytes) -> None:
    read = await sent(opened, b"GET / HTTP/1.1\r\n", *[flood] * 50)
    assert not read.startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize(
    "flood", [b"a: b\r\n" * 1000, b"a" * 6000, b"a: " + b"b" * 6000], ids=["many", "name", "value"]
)
async def test_trailers_count_like_a_head(opened: Open, flood: bytes) -> None:
    """After the last chunk: no body limit sees them, and the server would keep every one."""
    read = await sent(opened, CHUNKED, b"1\r\nx\r\n0\r\n", *[flood] * 50, b"\r\n\r\n")
    assert not read.startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize("flood", [b"1\r\nx\r\n", b"1;" + b"e" * 900 + b"\r\nx\r\n"], ids=["tiny", "extensions"])
async def test_chunks_that_are_mostly_not_body_are_refused(opened: Open, flood: bytes) -> None:
    read = await sent(opened, CHUNKED, *[flood] * (10 * HEAD_BYTES // len(flood)), b"0\r\n\r\n")
    assert not read.startswith(b"HTTP/1.1 200")


async def test_a_head_that_does_not_come_ends_the_connection(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_server, "HEAD_SECONDS", 0.01)
    assert await sent(opened, b"GET / HTTP/1.1\r\nhost: a\r\n") == b""

"""A process that ends: who had come by then is answered, accepted or not, with a request that was read or not."""

import asyncio
import re
import socket
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
import pytest_asyncio

from poreka.running.serving import http_server
from poreka.running.serving.draining import DrainingServer
from poreka.running.serving.http_server import server_config
from poreka.web.settings.server import Server
from tests.cli.documented_nginx import block

REQUEST = b"POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 0\r\n\r\n"
Connect = Callable[[], socket.socket]


async def application(scope: Any, receive: Any, send: Any) -> None:
    if scope["type"] == "lifespan":
        for kind in ("startup", "shutdown"):
            await receive()
            await send({"type": f"lifespan.{kind}.complete"})
        return
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"0")]})
    await send({"type": "http.response.body"})


@pytest_asyncio.fixture
async def server() -> AsyncIterator[DrainingServer]:
    config = server_config(application, "127.0.0.1", 0)
    config.load()
    started = DrainingServer(config)
    started.lifespan = config.lifespan_class(config)
    await started.startup()
    yield started


@pytest.fixture
def connect(server: DrainingServer) -> Connect:
    """Connects without giving the server a moment to notice."""
    address = server.servers[0].sockets[0].getsockname()
    return lambda: socket.create_connection(address)


async def answer_of(connection: socket.socket) -> bytes:
    reader, writer = await asyncio.open_connection(sock=connection)
    try:
        return (await reader.read()).partition(b"\r\n")[0]
    finally:
        writer.close()


async def test_who_waits_in_the_kernels_queue_when_listening_ends_is_answered(
    server: DrainingServer, connect: Connect
) -> None:
    waiting = [connect() for _ in range(3)]
    for connection in waiting:
        connection.sendall(REQUEST)
    ending = asyncio.create_task(server.shutdown())
    assert [await answer_of(connection) for connection in waiting] == [b"HTTP/1.1 200 OK"] * 3
    await ending
    with pytest.raises(ConnectionRefusedError):
        connect()


async def test_a_request_that_comes_just_after_the_end_was_told_is_answered_and_its_connection_closes(
    server: DrainingServer, connect: Connect
) -> None:
    connection = connect()
    async with asyncio.timeout(20):
        while not server.server_state.connections:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    ending = asyncio.create_task(server.shutdown())
    await asyncio.sleep(0)
    connection.sendall(REQUEST)
    assert await answer_of(connection) == b"HTTP/1.1 200 OK"
    await ending


async def test_one_from_whom_no_request_comes_is_not_waited_for(
    server: DrainingServer, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http_server, "LATE_SECONDS", 0.01)
    silent = connect()
    ending = asyncio.create_task(server.shutdown())
    assert await answer_of(silent) == b""
    await ending


def test_the_documented_service_waits_longer_than_a_process_drains_and_raises_the_descriptors() -> None:
    unit = dict(re.findall(r"^(\w+)=(.*)$", block("ini", "[Service]"), re.MULTILINE))
    assert int(unit["TimeoutStopSec"]) > Server().notice_seconds + Server().drain_seconds
    assert int(unit["LimitNOFILE"]) > 1024

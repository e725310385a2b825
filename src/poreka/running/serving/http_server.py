"""The HTTP server: uvicorn with httptools and uvloop (docs/adr/0010).

What it lacks is added: a limit on the head of a request, in bytes and in seconds, and on everything else that
is not body (trailers, the sizes and extensions of chunks); a limit on connections (`connection_limit.py`); and a
request that is already on its way when the process ends is waited for. It trusts no proxy header, writes no access log
and tells nobody what it is.
"""

import asyncio
import errno
import socket
import time
from pathlib import Path
from typing import Any, cast

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from poreka.running.failed import Failed
from poreka.running.serving.connection_limit import TURNED_AWAY, ConnectionLimit
from poreka.running.serving.workers import Workers

HEAD_BYTES = 32 * 1024
HEAD_SECONDS = 10.0
KEEP_ALIVE_SECONDS = 75
ADDRESS_SECONDS = 2.0
DRAIN_SECONDS = 5
LATE_SECONDS = 1.0  # in which a request comes that was on its way when the process was told to end


class ServerConfig(uvicorn.Config):
    """uvicorn's settings, and the limit it lacks."""

    connections: ConnectionLimit


class CarefulProtocol(HttpToolsProtocol):
    """HTTP/1.1 whose request heads must come soon, and whose requests hold little besides a body."""

    config: ServerConfig
    quiet_since = 0.0
    _besides_body = 0
    _reading_head = False
    _ending = False
    _deadline: asyncio.TimerHandle | None = None

    @property
    def under_way(self) -> bool:
        """A request is being answered, or its answer is still being sent."""
        request = self._request()
        answering = request is not None and not request.response_complete
        return answering or self.transport.get_write_buffer_size() > 0

    @property
    def kept(self) -> bool:
        """The connection stays open after a request, and the next one has not begun."""
        return self._request() is not None and not self._reading_head

    def _request(self) -> RequestResponseCycle | None:
        """The last one; before the first there is none, which uvicorn's type does not say."""
        return cast("RequestResponseCycle | None", self.cycle)

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Somebody is there, for whom there is room or is made some: the first head has ten seconds, too."""
        super().connection_made(transport)
        self.quiet_since = self.loop.time()
        limit: ConnectionLimit = self.config.connections
        others = cast("set[CarefulProtocol]", self.connections) - {self} if len(self.connections) > limit.most else None
        if others is not None and not limit.make_room(others, self.quiet_since):
            transport.write(TURNED_AWAY)
            transport.close()
            return
        self._reading_head = True
        self._deadline = self.loop.call_later(HEAD_SECONDS, self._too_slow)

    def data_received(self, data: bytes) -> None:
        """Count what is not body: the server keeps every header, before the body and after it."""
        self._besides_body += len(data)
        super().data_received(data)
        if self._besides_body > HEAD_BYTES and not self.transport.is_closing():
            self.send_400_response("The head of the request is too long.")

    def on_body(self, body: bytes) -> None:
        """Body, which has a limit of its own (`web/forms.py`)."""
        self._besides_body = max(0, self._besides_body - len(body))
        super().on_body(body)

    def on_message_complete(self) -> None:
        """The next request is counted from nothing."""
        self._besides_body = 0
        super().on_message_complete()

    def on_message_begin(self) -> None:
        """A request begins: its head has ten seconds."""
        self._head_is_over()
        self._reading_head = True
        self.quiet_since = self.loop.time()
        self._deadline = self.loop.call_later(HEAD_SECONDS, self._too_slow)
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """The head is there."""
        self._head_is_over()
        super().on_headers_complete()
        if self._ending and (request := self._request()) is not None:
            request.keep_alive = False

    def on_response_complete(self) -> None:
        """The connection is idle from now on, if it is kept."""
        self.quiet_since = self.loop.time()
        super().on_response_complete()

    def shutdown(self) -> None:
        """The server ends. A request whose head has not been read yet may be on its way, and is waited for shortly.

        A client that keeps an idle TLS connection need not answer a farewell, and is not waited for: nothing of an
        answer is under way.
        """
        self._ending = True
        if self._reading_head:
            self.loop.call_later(LATE_SECONDS, self._too_slow)
            return
        super().shutdown()
        idle = self.transport.is_closing() and not self.transport.get_write_buffer_size()
        if idle and self.transport.get_extra_info("ssl_object") is not None:
            self.transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        """The other side left."""
        self._head_is_over()
        super().connection_lost(exc)

    def _head_is_over(self) -> None:
        self._reading_head = False
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _too_slow(self) -> None:
        if self._reading_head:
            self.transport.close()


def server_config(
    app: Any,
    host: str,
    port: int,
    *,
    workers: int = 1,
    certificate: Path | None = None,
    key: Path | None = None,
    drain_seconds: int = DRAIN_SECONDS,
) -> ServerConfig:
    """How we run uvicorn; `app` is an application, or for several workers the name of a factory."""
    config = ServerConfig(
        app,
        host=host,
        port=port,
        workers=workers,
        factory=isinstance(app, str),
        loop="uvloop",
        http=CarefulProtocol,
        ws="none",
        lifespan="on",
        log_config=None,
        log_level="warning",
        access_log=False,
        proxy_headers=False,
        server_header=False,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=drain_seconds,
        ssl_certfile=certificate,
        ssl_keyfile=key,
        ssl_ciphers=TLS12_SUITES,
    )
    config.connections = ConnectionLimit()
    return config


TLS12_SUITES = "ECDHE+AESGCM"  # of TLS 1.2 what RFC 9325 §4.2 recommends; TLS 1.3 has its own


def check_free(host: str, port: int) -> None:
    """Raise `Failed` when the address cannot be had: somebody else listens there, or it is not ours.

    Workers whose parent was killed give it back within a moment, which is waited for.
    """
    until = time.monotonic() + ADDRESS_SECONDS
    while (fault := _fault_of(host, port)) is not None:
        if fault.errno != errno.EADDRINUSE or time.monotonic() > until:
            raise Failed(f"cannot listen at {host}:{port} ({fault.strerror}); choose another port")
        time.sleep(0.05)


def _fault_of(host: str, port: int) -> OSError | None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as attempt:
        attempt.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            attempt.bind((host, port))
        except OSError as fault:
            return fault
    return None


def run_workers(config: uvicorn.Config) -> None:
    """Serve in worker processes until told to end; a worker that dies or cannot start is tried again."""
    Workers(config, config.bind_socket()).run()

"""An HTTP proxy by which software that asks the machine's resolver finds `*.localhost` on this machine.

RFC 6761 says that these names are the loopback address; Python, Go and Java ask the resolver, which may not know.
Whoever connects them to the demonstration writes lines into the hosts file; tests give them this proxy instead.
"""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit

_LARGEST_HEAD = 64 * 1024


@contextmanager
def forward_proxy() -> Iterator[int]:
    """The port of a running proxy; each connection carries one request."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        threading.Thread(target=_accept, args=(listening,), daemon=True).start()
        yield listening.getsockname()[1]


def _accept(listening: socket.socket) -> None:
    with suppress(OSError):  # closed: the test is over
        while True:
            connection, _ = listening.accept()
            threading.Thread(target=_serve, args=(connection,), daemon=True).start()


def _serve(connection: socket.socket) -> None:
    with connection, suppress(OSError, ValueError):
        head, body = _read_head(connection)
        method, url, version = head[0].split(" ")
        parts = urlsplit(url)
        path = parts._replace(scheme="", netloc="").geturl() or "/"
        kept = [line for line in head[1:] if not line.lower().startswith(("connection:", "proxy-connection:"))]
        sent = "\r\n".join([f"{method} {path} {version}", *kept, "connection: close", "", ""])
        with socket.create_connection(("127.0.0.1", parts.port or 80)) as behind:
            behind.sendall(sent.encode("latin-1") + body)
            sending = threading.Thread(target=_copy, args=(connection, behind), daemon=True)
            sending.start()
            _copy(behind, connection)


def _read_head(connection: socket.socket) -> tuple[list[str], bytes]:
    read = b""
    while b"\r\n\r\n" not in read:
        more = connection.recv(_LARGEST_HEAD)
        if not more or len(read) > _LARGEST_HEAD:
            raise ValueError("no request")
        read += more
    head, _, body = read.partition(b"\r\n\r\n")
    return head.decode("latin-1").split("\r\n"), body


def _copy(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(64 * 1024):
            target.sendall(data)

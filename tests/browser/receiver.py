"""Where a relying party of somebody else's takes its answers: a tiny site on a loopback port, nothing of Poręka.

It shows a page with one word and remembers the answers that were sent to it.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlencode, urlsplit

# Without an icon of its own, a browser asks for one: perhaps at the moment in which the receiver ends.
PAGE = (
    b'<!doctype html><html lang="en"><head><title>Received</title><link rel="icon" href="data:,"></head>'
    b"<body><h1>Received</h1></body></html>"
)
# The example of RFC 7636: this receiver never goes on to redeem a code.
CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"


@dataclass
class Receiver:
    """The demonstration's client `sandbox`, at an address of this machine."""

    port: int
    received: list[dict[str, str]] = field(default_factory=list)

    def request(self, **more: str) -> str:
        """The path of a request for a sign-in, to be opened at the bank."""
        asked = {
            "response_type": "code",
            "client_id": "sandbox",
            "redirect_uri": f"http://127.0.0.1:{self.port}/callback",
            "scope": "openid profile",
            "state": "a-state-of-our-own",
            "nonce": "a-nonce-of-our-own",
            "code_challenge": CHALLENGE,
            "code_challenge_method": "S256",
        }
        return f"/authorize?{urlencode({**asked, **more})}"


class _Site(BaseHTTPRequestHandler):
    receiver: Receiver

    def do_GET(self) -> None:
        self._answer(urlsplit(self.path).query)

    def do_POST(self) -> None:
        self._answer(self.rfile.read(int(self.headers["content-length"])).decode())

    def _answer(self, sent: str) -> None:
        if urlsplit(self.path).path == "/callback":
            self.receiver.received.append(dict(parse_qsl(sent)))
        self.send_response(200)
        self.send_header("content-type", "text/html; charset=utf-8")
        self.send_header("content-length", str(len(PAGE)))
        self.end_headers()
        self.wfile.write(PAGE)

    def log_message(self, *_: object) -> None:
        """Say nothing: what is received holds codes."""


@contextmanager
def receiving() -> Iterator[Receiver]:
    """A receiver on a free port."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Site)
    server.daemon_threads = True
    running = Receiver(server.server_port)
    server.RequestHandlerClass = type("Site", (_Site,), {"receiver": running})
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield running
    finally:
        server.shutdown()
        server.server_close()

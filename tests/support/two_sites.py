"""Two tiny sites, a.localhost and b.localhost, that send a browser to and fro.

Something to try the test tools on.

Not Poręka, and nothing of Poręka is in it.
"""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

import pytest

POLICY = "default-src 'none'; img-src 'self'; frame-ancestors 'none'; form-action 'self' http://*.localhost:*"
PAGE = """<!doctype html><html lang="pl"><head><title>Próba</title>
<meta name="viewport" content="width=device-width, initial-scale=1"></head>
<body><main><h1>{host}</h1>{body}<p id="cookie">{cookie}</p></main></body></html>"""
FORM = """<form method="post" action="/name"><input type="hidden" name="ticket" value="t-1">
<label for="name">Imię</label> <input id="name" name="name">
<button name="step" value="next">Dalej</button></form>"""
FAULTY = '<img src="/x.png"><h1>drugi</h1><input name="bare"><p style="color:red" id="cookie">dwa razy</p>'


class TwoSites(BaseHTTPRequestHandler):
    """GET /start shows a form; sending it goes through b.localhost/pass back to a.localhost/end.

    GET /faulty is wrong on purpose.
    """

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        if path == "/start":
            self.answer(FORM, cookie="a=strict; Path=/; HttpOnly; Secure; SameSite=Strict")
        elif path == "/pass":
            self.redirect("a", "/end?" + self.path.partition("?")[2], cookie="b=lax; Path=/; HttpOnly; SameSite=Lax")
        elif path == "/faulty":
            self.answer(FAULTY, cookie=None)
        else:
            self.answer(f'<p><a href="http://b.{self.home}/else">Inna strona</a></p>', cookie=None)

    def do_POST(self) -> None:
        sent = parse_qs(self.rfile.read(int(self.headers["content-length"])).decode())
        assert sent["ticket"] == ["t-1"]
        assert sent["step"] == ["next"]
        self.redirect("b", f"/pass?letters={len(sent['name'][0])}", cookie=None)

    @property
    def home(self) -> str:
        assert isinstance(self.server, ThreadingHTTPServer)
        return f"localhost:{self.server.server_port}"

    def redirect(self, site: str, path: str, cookie: str | None) -> None:
        self.head(303, cookie, 0, ("Location", f"http://{site}.{self.home}{path}"))

    def answer(self, body: str, cookie: str | None) -> None:
        host = self.headers["host"].partition(":")[0]
        page = PAGE.format(host=host, body=body, cookie=self.headers.get("cookie", "")).encode()
        self.head(200, cookie, len(page), ("Content-Type", "text/html; charset=utf-8"))
        self.wfile.write(page)

    def head(self, status: int, cookie: str | None, length: int, more: tuple[str, str]) -> None:
        self.send_response(status)
        self.send_header("Content-Security-Policy", POLICY)
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Referrer-Policy", "same-origin")
        self.send_header("Cache-Control", "no-store")
        self.send_header("Content-Length", str(length))
        self.send_header(*more)
        if cookie:
            self.send_header("Set-Cookie", cookie)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the name is the standard library's)
        """Say nothing."""


@pytest.fixture(scope="session")
def two_sites() -> Iterator[int]:
    """The port on which both sites answer."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), TwoSites)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield server.server_port
    server.shutdown()
    server.server_close()
    thread.join()

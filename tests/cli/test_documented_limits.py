"""What the documented nginx lets through, tells and keeps: addresses, bursts, sizes, and a log without secrets."""

import ipaddress
import ssl
import threading
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count, repeat
from pathlib import Path

import httpx2
import pytest

from poreka.demo.tls_certificates import certify
from poreka.rules.client_address import client_of
from tests.cli.documented_nginx import ADDRESS, PORTAL, nginx
from tests.support.server import free_port

TRUSTED = (ipaddress.ip_network("127.0.0.1"),)
BURST, SENT_BURST, OPEN = 150, 40, 60
RATE, SENT_RATE = 30, 5


@dataclass
class Behind:
    """A server behind the proxy that keeps the headers of the last request, and holds back what is sent to /hold."""

    headers: dict[str, list[str]] = field(default_factory=dict)
    held: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    let_go: threading.Event = field(default_factory=threading.Event)

    def handler(self) -> type[BaseHTTPRequestHandler]:
        behind = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                behind.headers = {name.lower(): self.headers.get_all(name) or [] for name in self.headers}
                self.rfile.read(int(self.headers.get("content-length", "0")))
                if self.path == "/hold":
                    behind.held.release()
                    behind.let_go.wait()
                self.send_response(200)
                self.send_header("content-length", "0")
                self.end_headers()

            do_POST = do_GET  # noqa: N815 - the name that http.server wants

            def log_message(self, *arguments: object) -> None:
                pass

        return Handler


@dataclass
class Proxy:
    """The documented proxy, what is behind it, and somebody in front."""

    behind: Behind
    client: httpx2.Client
    folder: Path

    def ask(
        self, method: str = "GET", path: str = "/", at: str = "192.0.2.1", body: bytes = b"", **headers: str
    ) -> httpx2.Response:
        """A request from an address."""
        sent = {"host": PORTAL, ADDRESS: at, **{name.replace("_", "-"): value for name, value in headers.items()}}
        return self.client.request(method, path, headers=sent, content=body, extensions={"sni_hostname": PORTAL})

    def until_refused(self, method: str = "GET", path: str = "/", addresses: Iterable[str] = ()) -> tuple[int, float]:
        """How many requests are answered before one is told to wait, and the seconds that took."""
        began, passed, places = time.monotonic(), 0, iter(addresses or repeat("192.0.2.1"))
        while (answer := self.ask(method, path, next(places))).status_code == 200:
            passed += 1
            assert time.monotonic() - began < 60, "nothing is limited, or this machine is slower than the limit"
        assert answer.status_code == 429
        return passed, time.monotonic() - began


@pytest.fixture
def proxy(tmp_path: Path) -> Iterator[Proxy]:
    public_port, behind = free_port(), Behind()
    certify(tmp_path, (PORTAL,))
    server = ThreadingHTTPServer(("127.0.0.1", 0), behind.handler())
    server.request_queue_size = 2 * OPEN
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    base, context = f"https://127.0.0.1:{public_port}", ssl.create_default_context(cafile=tmp_path / "authority.pem")
    limits = httpx2.Limits(max_connections=2 * OPEN)
    try:
        with (
            nginx(tmp_path, server.server_port, public_port, certificates=False),
            httpx2.Client(base_url=base, trust_env=False, timeout=60, verify=context, limits=limits) as client,
        ):
            yield Proxy(behind, client, tmp_path)
    finally:
        behind.let_go.set()
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.mark.parametrize("at", ["192.0.2.1", "2001:db8::17"])
def test_what_a_client_says_of_its_address_is_overwritten(proxy: Proxy, at: str) -> None:
    lies = {"forwarded": 'for=203.0.113.9, for="', "x_forwarded_for": "203.0.113.9", "x_real_ip": "203.0.113.9"}
    lies |= {"x_forwarded_host": "evil.example", "x_forwarded_proto": "http", "client_cert": ":AA==:"}
    lies |= {"client_cert_chain": ":AA==:", "poreka_proxy_secret": "guessed"}
    assert proxy.ask(at=at, **lies).status_code == 200
    told = proxy.behind.headers
    assert client_of("127.0.0.1", told["forwarded"], TRUSTED) == at
    assert len(told["forwarded"]) == 1
    dropped = {name.replace("_", "-") for name in lies} - {"forwarded"}
    assert not dropped & told.keys()
    assert told["host"] == [PORTAL]


def test_a_burst_is_told_to_wait_and_others_are_served(proxy: Proxy) -> None:
    passed, seconds = proxy.until_refused()
    assert BURST <= passed <= BURST + 2 + RATE * seconds
    while (refused := proxy.ask()).status_code != 429:
        pass
    assert refused.headers["retry-after"] == "10"
    assert refused.headers["cache-control"] == "no-store"
    assert "Poczekaj 10 sekund" in refused.text
    assert proxy.ask(at="192.0.2.2").status_code == 200
    peer = {proxy.ask(at="198.51.100.20").status_code for _ in range(3 * BURST)}
    assert peer == {200}, "a system that we work with is not limited"


def test_forms_have_a_limit_of_their_own(proxy: Proxy) -> None:
    passed, seconds = proxy.until_refused("POST")
    assert SENT_BURST <= passed <= SENT_BURST + 2 + SENT_RATE * seconds
    assert proxy.ask().status_code == 200, "whoever sent too many forms may still read"


def test_of_ipv6_half_an_address_is_limited(proxy: Proxy) -> None:
    passed, seconds = proxy.until_refused("POST", addresses=(f"2001:db8::{number:x}" for number in count(1)))
    assert SENT_BURST <= passed <= SENT_BURST + 2 + SENT_RATE * seconds
    assert proxy.ask("POST", at="2001:db8:0:1::1").status_code == 200


def test_only_so_many_requests_of_one_network_are_under_way_at_once(proxy: Proxy) -> None:
    with ThreadPoolExecutor(OPEN) as people:
        waiting = [people.submit(proxy.ask, "GET", "/hold") for _ in range(OPEN)]
        try:
            for _ in range(OPEN):
                assert proxy.behind.held.acquire(timeout=60), "a request did not arrive"
            assert proxy.ask().status_code == 429
            assert proxy.ask(at="192.0.2.2").status_code == 200
        finally:
            proxy.behind.let_go.set()
        assert {one.result().status_code for one in waiting} == {200}


def test_what_is_too_large_is_refused_before_it_reaches_us(proxy: Proxy) -> None:
    proxy.behind.headers = {}
    assert proxy.ask("POST", body=b"x" * (64 * 1024 + 1)).status_code == 413
    assert proxy.ask(x_filler="y" * 16 * 1024).status_code == 400
    assert proxy.ask(path="/?" + "q" * 17 * 1024).status_code == 414
    assert proxy.behind.headers == {}
    assert proxy.ask("POST", body=b"x" * 64 * 1024).status_code == 200


def test_no_log_of_the_proxy_has_what_stands_in_a_query(proxy: Proxy) -> None:
    secret = "canary-of-a-code"
    proxy.until_refused(path=f"/callback/bank?code={secret}")
    logs = {name: (proxy.folder / name).read_text() for name in ("poreka.log", "poreka.error.log")}
    assert "/callback/bank 200" in logs["poreka.log"]
    assert all(secret not in text for text in logs.values())

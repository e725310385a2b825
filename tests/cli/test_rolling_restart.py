"""Two processes behind the documented nginx, restarted one after the other while people sign in: nobody notices."""

import os
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest
from argon2 import PasswordHasher

from poreka.demo.presets import Address, settings_text
from poreka.demo.proxy import find_nginx
from tests.cli.conftest import Run
from tests.cli.documented_nginx import ADDRESS, block, running
from tests.cli.test_customers import JAN, table
from tests.cli.test_workers import until
from tests.support.nursery import fork_demo
from tests.support.server import free_port
from tests.support.visit import Visitor

PASSWORD, PEOPLE, ROUNDS = "a password of some length", 2, 3


class Restarted:
    """One of the processes, started anew again and again."""

    def __init__(self, settings: Path, port: int, public_port: int) -> None:
        self._settings, self._port, self._public_port = settings, port, public_port
        self.start()

    def start(self) -> None:
        listen = f"127.0.0.1:{self._port}"
        self._process = fork_demo(
            ["serve", str(self._settings), "--listen", listen], self._settings.with_suffix(".log")
        )
        until(self._is_ready)

    def _is_ready(self) -> bool:
        assert self._process.poll() is None, self._settings.with_suffix(".log").read_text("utf-8")
        host = {"Host": f"ipko.localhost:{self._public_port}"}
        try:
            url = f"http://127.0.0.1:{self._port}/health/ready"
            return httpx2.get(url, headers=host, trust_env=False, timeout=10).status_code == 200
        except httpx2.TransportError:
            return False

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(60)


class Crowd:
    """People who sign in all the time, each in a new browser; what went wrong is kept."""

    def __init__(self, origin: str) -> None:
        self._origin = origin
        self._over = threading.Event()
        self.signed_in = [0] * PEOPLE
        self.faults: list[str] = []
        self._threads = [threading.Thread(target=self._go_on, args=(number,)) for number in range(PEOPLE)]

    def __enter__(self) -> "Crowd":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join()

    def _go_on(self, number: int) -> None:
        while not self._over.is_set():
            try:
                at = {ADDRESS: f"10.{number}.{self.signed_in[number]}.1"}  # the documented limits are a network's
                with httpx2.Client(trust_env=False, timeout=60, headers=at) as client:
                    self._sign_in(Visitor(client), f"person{number}")
            except (httpx2.HTTPError, AssertionError) as fault:
                self.faults.append(repr(fault))
                return
            self.signed_in[number] += 1

    def _sign_in(self, visitor: Visitor, login: str) -> None:
        page = visitor.open(f"{self._origin}/").submit("Zaloguj", number=login, password=PASSWORD)
        said = [answer.status_code for answer in visitor.trail]
        assert set(said) <= {200, 303}, said
        assert page.has('form[action="/sign-out"]'), page.text


@contextmanager
def nginx(folder: Path, public_port: int, ports: tuple[int, int]) -> Iterator[None]:
    """Debian's nginx with the documented server in front of the documented processes; TLS is left out."""
    found = find_nginx()
    assert found is not None, "nginx is missing: ./run setup tests"

    def documented(containing: str) -> str:
        text = block("nginx", containing).replace("/etc/poreka", str(folder)).replace("/var/log/nginx", str(folder))
        return re.sub(r"^ *ssl_.*\n", "", text, flags=re.MULTILINE)

    processes = documented("upstream poreka")
    for one, port in zip(("127.0.0.1:8000", "127.0.0.1:8001"), ports, strict=True):
        processes = processes.replace(one, f"127.0.0.1:{port}")
    server = documented("# the portal").replace("http://127.0.0.1:8000", "http://poreka")
    server = server.replace("listen 443 ssl", f"listen 127.0.0.1:{public_port}")
    (folder / "proxy_limits.conf").write_text(documented("@too_many {"))
    (folder / "proxy_headers.conf").write_text(documented("# nothing of what the client sent"))
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    frame = "".join(f"{kind}_temp_path {folder}/{kind}; " for kind in kinds)
    frame += f"set_real_ip_from 127.0.0.1; real_ip_header {ADDRESS};"
    user = "user root;" if os.geteuid() == 0 else ""
    head = f"{user} daemon off; pid {folder}/nginx.pid; error_log stderr crit; events {{}}"
    (folder / "nginx.conf").write_text(f"{head} http {{ access_log off; {frame}\n{processes}\n{server} }}\n")
    with running([found.program, "-p", str(folder), "-c", "nginx.conf", "-e", "stderr"], public_port):
        yield


@pytest.fixture
def settings(run: Run, tmp_path: Path) -> tuple[Path, int]:
    """A bank whose customers sign in with a password, and its public port."""
    public_port, file = free_port(), tmp_path / "ipko.toml"
    wide_open = "\n[door]\nloop_wait_ms = 60000  # a machine that does other things is slow without being overloaded\n"
    file.write_text(settings_text("ipko", Address(public_port)) + wide_open, encoding="utf-8")
    digest = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1).hash(PASSWORD)
    rows = [[f"person{number}", digest, *JAN[2:]] for number in range(PEOPLE)]
    table(tmp_path / "people.csv", *rows)
    assert run("customers", "import", file, tmp_path / "people.csv").code == 0
    return file, public_port


@pytest.mark.timeout(300)
def test_processes_restarted_one_after_the_other_fail_no_request(settings: tuple[Path, int], tmp_path: Path) -> None:
    file, public_port = settings
    ports = free_port(), free_port()
    processes = [Restarted(file, port, public_port) for port in ports]
    try:
        with nginx(tmp_path, public_port, ports), Crowd(f"http://ipko.localhost:{public_port}") as crowd:
            for _ in range(ROUNDS):
                for one in processes:
                    before = sum(crowd.signed_in)
                    until(lambda before=before: bool(crowd.faults) or sum(crowd.signed_in) > before)
                    one.stop()
                    one.start()
        assert crowd.faults == []
    finally:
        for one in processes:
            one.stop()

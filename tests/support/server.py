"""The demo, running: `poreka demo --port N --data DIR --fresh` as a subprocess, one for each test worker.

It is driven only by what demo.md promises to everyone outside: origins under *.localhost, `people.json`,
`messages.json`, the clock. When the run ends, what the server wrote to its log must not hold a PESEL or a
code from any message it sent.
"""

import atexit
import os
import re
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.support.nursery import Forked, fork_demo

READY_WITHIN = 60.0  # seconds; a cold start is promised in 3, on a machine that does nothing else
WEIGHTS = (1, 3, 7, 9, 1, 3, 7, 9, 1, 3)


@dataclass(frozen=True)
class Demo:
    """A running demo.

    Addresses are given for people and browsers; `get` and `post` are the back door of the contract.
    """

    port: int
    log: Path
    process: subprocess.Popen[bytes] | Forked
    authority: Path | None = None  # over https: whom its clients must trust

    @property
    def scheme(self) -> str:
        return "https" if self.authority else "http"

    def origin(self, system: str) -> str:
        return f"{self.scheme}://{system}.localhost:{self.port}"

    def url(self, system: str, path: str = "/") -> str:
        return self.origin(system) + path

    def get(self, system: str, path: str) -> Any:
        """The JSON that a system answers with."""
        return self._ask("GET", system, path).json()

    def post(self, system: str, path: str, body: dict[str, Any]) -> Any:
        return self._ask("POST", system, path, json=body).json()

    def person(self, key: str) -> dict[str, Any]:
        """One of the demo's people, with accounts and passwords."""
        people: list[dict[str, Any]] = self.get("start", "/people.json")["people"]
        return next(person for person in people if person["key"] == key)

    def messages(self, key: str) -> list[dict[str, Any]]:
        """What was sent to this person, newest first."""
        found: list[dict[str, Any]] = self.get("phone", f"/messages.json?person={key}")
        return found

    def advance(self, period: str) -> None:
        """Move the demo's clock forward, e.g. by "P14D".

        Every test of this worker lives in that time from then on.
        """
        self.post("start", "/clock", {"advance": period})

    def _ask(self, method: str, system: str, path: str, **more: Any) -> httpx2.Response:
        host = f"{system}.localhost:{self.port}"
        trusted = self.authority and ssl.create_default_context(cafile=self.authority)
        with httpx2.Client(trust_env=False, timeout=10, verify=trusted or True) as client:
            url = f"{self.scheme}://127.0.0.1:{self.port}{path}"
            return client.request(method, url, headers={"Host": host}, **more).raise_for_status()


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def start(folder: Path, *options: str) -> Demo:
    """Start a demo where nothing has happened yet, on a free port; returns once it answers.

    Hashing everyone's passwords again for each would take longer than many a test, and so would importing the
    command: the data are a copy of those of a demo that was started and stopped, and the process a fork
    (`nursery.py`). What `options` add comes to them as it would for anybody who restarts with other options.
    """
    shutil.copytree(_untouched(), folder / "data")
    port, log = free_port(), folder / "server.log"
    process = fork_demo(["demo", "--port", str(port), "--data", str(folder / "data"), *options], log)
    demo = Demo(port, log, process, folder / "data" / "authority.pem" if "--tls" in options else None)
    wait_until_ready(demo)
    return demo


@cache
def _untouched() -> Path:
    """The data of a demo that nobody ever visited, made once a process."""
    folder = Path(tempfile.mkdtemp(prefix="poreka-untouched-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    stop(_start_fresh(folder))
    return folder / "data"


def _start_fresh(folder: Path) -> Demo:
    """`poreka demo --fresh` as a process of its own."""
    port, log = free_port(), folder / "server.log"
    command = [str(Path(sys.executable).with_name("poreka")), "demo", "--port", str(port)]
    with log.open("wb") as output:
        process = subprocess.Popen(
            [*command, "--data", str(folder / "data"), "--fresh"],
            stdout=output,
            stderr=subprocess.STDOUT,
            env={**os.environ, "NO_COLOR": "1", "PYTHONWARNINGS": "default"},
        )
    demo = Demo(port, log, process)
    wait_until_ready(demo)
    return demo


def wait_until_ready(demo: Demo, system: str = "start", path: str = "/people.json") -> None:
    until = time.monotonic() + READY_WITHIN
    while demo.process.poll() is None and time.monotonic() < until:
        try:
            demo.get(system, path)
        except (httpx2.HTTPError, ValueError, OSError):
            time.sleep(0.05)
        else:
            return
    state = "ended" if demo.process.poll() is not None else f"was silent for {READY_WITHIN:.0f} s"
    demo.process.kill()
    demo.process.wait()  # or its end is told by a warning in whichever test comes next
    raise RuntimeError(f"The demo {state}. Its log:\n{demo.log.read_text(errors='replace')[-4000:]}")


def stop(demo: Demo) -> None:
    """Ask the server to end, as an operator would, and insist after five seconds."""
    demo.process.terminate()
    try:
        demo.process.wait(5)
    except subprocess.TimeoutExpired:
        demo.process.kill()
        demo.process.wait()


def is_pesel(digits: str) -> bool:
    """Whether eleven digits carry a PESEL's check digit.

    Written again on purpose: tests do not trust the code they test.
    """
    return sum(w * int(d) for w, d in zip((*WEIGHTS, 1), digits, strict=True)) % 10 == 0


def pesels_in(text: str) -> list[str]:
    return [digits for digits in re.findall(r"(?<!\d)\d{11}(?!\d)", text) if is_pesel(digits)]


def codes_sent(demo: Demo) -> set[str]:
    """Every six-digit code in every message that the demo sent."""
    people = demo.get("start", "/people.json")["people"]
    texts = [message["text"] for person in people for message in demo.messages(person["key"])]
    return {code for text in texts for code in re.findall(r"(?<!\d)\d{6}(?!\d)", text)}


def assert_log_is_discreet(demo: Demo, codes: set[str]) -> None:
    """No PESEL, no authorisation code, no traceback in what an operator reads."""
    log = demo.log.read_text(errors="replace")
    assert not pesels_in(log), f"the server's log holds {len(pesels_in(log))} PESEL(s): {demo.log}"
    leaked = {code for code in codes if re.search(rf"(?<![\d.]){code}(?![\d])", log)}
    assert not leaked, f"the server's log holds {len(leaked)} code(s) that were sent by SMS: {demo.log}"
    assert "Traceback (most recent call last)" not in log, f"the server met a bug: {log[-4000:]}"


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """The demo of this test worker.

    Tests share it: let each one use a person whom no other test changes, or a fresh demo.
    """
    running = start(tmp_path_factory.mktemp("demo"))
    try:
        yield running
        codes = codes_sent(running)
    finally:
        stop(running)
    assert_log_is_discreet(running, codes)

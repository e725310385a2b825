"""More connections than file descriptors: idle ones make room, and nobody who comes is reset."""

import asyncio
import json
import resource
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from poreka.demo.presets import Address, settings_text
from poreka.running.serving.connection_limit import SILENT_SECONDS, ConnectionLimit, most_connections, to_close
from tests.cli.test_workers import until
from tests.support.server import free_port

DESCRIPTORS, IDLE = 128, 300


@dataclass
class Transport:
    closing: bool = False

    def is_closing(self) -> bool:
        return self.closing

    def abort(self) -> None:
        self.closing = True


@dataclass
class One:
    """A connection; kept and idle unless told otherwise."""

    quiet_since: float = 0.0
    under_way: bool = False
    kept: bool = True
    transport: Any = field(default_factory=Transport)


def test_the_longest_idle_goes_first_and_a_silent_one_after_all_that_are_kept() -> None:
    old, newer, silent = One(1.0), One(2.0), One(0.0, kept=False)
    assert to_close([silent, newer, old], 16, 10.0) == [old]
    assert to_close([silent, newer, old], 48, 10.0) == [old, newer, silent]


def test_neither_a_request_under_way_nor_one_that_may_be_about_to_come_is_cut_off() -> None:
    now = 10.0
    others = [One(under_way=True), One(now - SILENT_SECONDS / 2, kept=False), One(transport=Transport(closing=True))]
    assert to_close(others, 160, now) == []


def test_when_nothing_is_idle_the_newcomer_is_turned_away_and_both_are_told_once_a_minute() -> None:
    limit = ConnectionLimit(most=16)
    with capture_logs() as said:
        assert limit.make_room([One()], 100.0)
        for second in range(5):
            assert not limit.make_room([One(under_way=True)], 101.0 + second)
        assert limit.make_room([One(), One()], 161.0)
    told = [(one["log_level"], one["limit"], one["idle_closed"], one["turned_away"]) for one in said]
    assert told == [("warning", 16, 1, 0), ("warning", 16, 1, 5)]


@pytest.mark.parametrize(
    ("descriptors", "most"), [(1024, 768), (128, 64), (40, 16), (1_000_000, 50_000), (resource.RLIM_INFINITY, 50_000)]
)
def test_the_limit_leaves_descriptors_for_everything_else(
    monkeypatch: pytest.MonkeyPatch, descriptors: int, most: int
) -> None:
    monkeypatch.setattr(resource, "getrlimit", lambda _: (descriptors, descriptors))
    assert most_connections() == most


@pytest.fixture
def serving(tmp_path: Path) -> Iterator[tuple[int, Path, int]]:
    """A bank with few descriptors: its port, its log and its process."""
    file, log, port = tmp_path / "millenet.toml", tmp_path / "serve.log", free_port()
    file.write_text(settings_text("millenet", Address(port)), encoding="utf-8")
    poreka = str(Path(sys.executable).with_name("poreka"))
    few = f'ulimit -n {DESCRIPTORS} && exec "$0" "$@"'
    command = ["sh", "-c", few, poreka, "serve", str(file), "--listen", f"127.0.0.1:{port}"]
    with log.open("wb") as stderr, subprocess.Popen(command, stderr=stderr) as process:
        until(lambda: process.poll() is not None or _listens(port))
        yield port, log, process.pid
        process.terminate()


def _question(port: int) -> bytes:
    return b"GET /health/live HTTP/1.1\r\nhost: millenet.localhost:%d\r\n\r\n" % port


def _listens(port: int) -> bool:
    with socket.socket() as attempt:
        return attempt.connect_ex(("127.0.0.1", port)) == 0


def test_idle_connections_beyond_the_descriptors_keep_nobody_out(serving: tuple[int, Path, int]) -> None:
    port, log, process = serving
    with ExitStack() as kept:
        answers = []
        for _ in range(IDLE):
            connection = kept.enter_context(socket.create_connection(("127.0.0.1", port), timeout=30))
            connection.sendall(_question(port))
            answers.append(connection.recv(4096).partition(b"\r\n")[0])
        assert answers == [b"HTTP/1.1 200 OK"] * IDLE
        assert len(list(Path(f"/proc/{process}/fd").iterdir())) < DESCRIPTORS
    until(lambda: b"connections are at their limit" in log.read_bytes())
    warning = next(line for line in log.read_text("utf-8").splitlines() if "at their limit" in line)
    assert (json.loads(warning)["level"], json.loads(warning)["limit"]) == ("warning", DESCRIPTORS - 64)


async def test_of_many_who_come_at_once_none_is_reset(serving: tuple[int, Path, int]) -> None:
    """Who finds no room, because nobody is idle, is told to come again."""
    port, _, _ = serving

    async def ask() -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        try:
            writer.write(_question(port))
            return (await reader.readline()).strip()
        finally:
            writer.close()

    answers = await asyncio.gather(*(ask() for _ in range(IDLE)))
    assert set(answers) <= {b"HTTP/1.1 200 OK", b"HTTP/1.1 503 Service Unavailable"}
    assert b"HTTP/1.1 200 OK" in answers
    assert await ask() == b"HTTP/1.1 200 OK"

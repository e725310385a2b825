"""Log lines that cannot be written: a full disk or a closed pipe under stderr fails no request."""

import errno
import io
import json
import logging
import os
import signal
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, BinaryIO

import pytest
import structlog

from poreka.demo.presets import Address, settings_text
from poreka.running.serving.log_lines import LineLogger
from poreka.running.serving.logs import log_json
from tests.cli.test_workers import until
from tests.support.server import free_port

PESEL = "83041741039"


class FullAtTimes(io.StringIO):
    """A stream whose disk is full, or which is closed, while `fault` says so."""

    fault: Exception | None = None

    def write(self, text: str) -> int:
        if self.fault is not None:
            raise self.fault
        return super().write(text)


class FullWhenFlushed(FullAtTimes):
    def write(self, text: str) -> int:
        return io.StringIO.write(self, text)

    def flush(self) -> None:
        if self.fault is not None:
            raise self.fault


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    before = logging.getLogger().handlers[:]
    yield
    logging.getLogger().handlers[:] = before
    structlog.reset_defaults()


def lost(lines: int) -> str:
    return f"{lines} lost"


@pytest.mark.parametrize("stream", [FullAtTimes(), FullWhenFlushed()])
@pytest.mark.parametrize("fault", [OSError(errno.ENOSPC, "full"), BrokenPipeError(), ValueError("closed")])
def test_a_line_that_cannot_be_written_raises_nothing(stream: FullAtTimes, fault: Exception) -> None:
    stream.fault = fault
    LineLogger(stream, lost).msg("a line")


def test_the_lines_lost_are_counted_and_told_once_when_lines_get_through_again() -> None:
    stream = FullAtTimes()
    logger = LineLogger(stream, lost)
    stream.fault = OSError(errno.ENOSPC, "full")
    for number in range(3):
        logger.msg(f"line {number}")
    stream.fault = None
    logger.msg("again")
    logger.msg("and again")
    assert stream.getvalue().splitlines() == ["again", "3 lost", "and again"]


def test_a_line_that_a_full_pipe_tears_is_lost_and_the_next_one_begins_a_line() -> None:
    reading, writing = os.pipe()
    os.set_blocking(reading, False)
    os.set_blocking(writing, False)
    with os.fdopen(writing, "w") as stream, os.fdopen(reading, "rb", buffering=0) as reader:
        logger = LineLogger(stream, lost)
        logger.msg("x" * 1_000_000)  # more than a pipe holds
        while reader.read(1_000_000):
            pass
        logger.msg("it works again")
        said = reader.read(1000)
    assert said == b"\nit works again\n1 lost\n"


def test_a_process_without_stderr_logs_nothing_and_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", None)
    log_json()
    structlog.get_logger().error("nobody hears this")
    assert structlog.get_config()["logger_factory"]()._lost == 1


def test_what_others_log_is_a_masked_line_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = io.StringIO()
    monkeypatch.setattr(sys, "stderr", lines)
    log_json()
    log_json()
    logging.getLogger("uvicorn.error").warning("a request of %s failed", PESEL)
    line = json.loads(lines.getvalue())
    assert (line["event"], line["level"], line["logger"]) == (
        "a request of [number] failed", "warning", "uvicorn.error",
    )  # fmt: skip


def test_a_full_disk_keeps_others_lines_from_failing_them(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = FullAtTimes()
    monkeypatch.setattr(sys, "stderr", stream)
    log_json()
    stream.fault = OSError(errno.ENOSPC, "full")
    logging.getLogger("uvicorn.error").error("lost", exc_info=ValueError("a bug"))
    stream.fault = None
    logging.getLogger("uvicorn.error").error("told")
    told: list[dict[str, Any]] = [json.loads(line) for line in stream.getvalue().splitlines()]
    assert [(one["event"], one.get("lines")) for one in told] == [
        ("told", None), ("log lines were lost: they could not be written", 1),
    ]  # fmt: skip


@pytest.mark.parametrize("stderr", ["full disk", "closed pipe"])
@pytest.mark.parametrize("workers", [1, 2])
def test_requests_are_answered_whatever_stands_under_stderr(tmp_path: Path, stderr: str, workers: int) -> None:
    """Two requests of which the server logs something: one that is no HTTP, and one that fails inside."""
    file, port = tmp_path / "millenet.toml", free_port()
    file.write_text(settings_text("millenet", Address(port)), encoding="utf-8")
    poreka = str(Path(sys.executable).with_name("poreka"))
    command = [poreka, "serve", str(file), "--listen", f"127.0.0.1:{port}", "--workers", str(workers)]
    with _broken(stderr) as under:
        process = subprocess.Popen(command, stderr=under, start_new_session=True)
    try:
        until(lambda: _answer(port, b"GET /health/ready HTTP/1.1").startswith(b"HTTP/1.1 200 "))
        for _ in range(3):
            assert _answer(port, b"no HTTP").startswith(b"HTTP/1.1 400 ")
        with closing(sqlite3.connect(tmp_path / "millenet.db")) as database:
            database.execute("ALTER TABLE sessions RENAME TO sessions_elsewhere")
        for _ in range(3):
            failed = _answer(port, b"GET / HTTP/1.1\r\nCookie: session=" + b"a" * 43)
            assert failed.startswith(b"HTTP/1.1 500 ")
            assert b"<html" in failed  # the page that tells a reference, not the server's bare words
        assert process.poll() is None
    finally:
        process.terminate()
        ended = process.wait(60)
    assert ended in (0, -signal.SIGTERM)  # one process ends by the signal, a parent of workers by itself


def _broken(stderr: str) -> BinaryIO:
    if stderr == "full disk":
        return Path("/dev/full").open("wb")
    reading, writing = os.pipe()
    os.close(reading)
    return os.fdopen(writing, "wb")


def _answer(port: int, head: bytes) -> bytes:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=10) as line:
            host = f"millenet.localhost:{port}".encode()
            line.sendall(head + b"\r\nHost: " + host + b"\r\nConnection: close\r\n\r\n")
            return b"".join(iter(lambda: line.recv(65536), b""))
    except OSError:
        return b""

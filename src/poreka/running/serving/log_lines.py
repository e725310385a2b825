"""Where log lines go: to stderr, and a line that cannot be written is counted instead of failing what logged it.

A full disk or a pipe that nobody reads is no reason to refuse a request. The lines go past Python's buffers: what
could not be written would stay in them, and fail again later, for somebody else or when the process ends. The first
line that gets through again is followed by one that says how many were lost. Lines of the standard library's
`logging` (uvicorn, asyncio) take the same way, so that they are masked like ours.
"""

import io
import logging
import threading
from collections.abc import Callable
from typing import Any, TextIO

import structlog


class LineLogger:
    """Writes whole lines and never raises; `tell_lost` makes the line that tells how many were lost."""

    def __init__(self, stream: TextIO | None, tell_lost: Callable[[int], str]) -> None:
        self._stream, self._tell_lost = stream, tell_lost
        self._raw = _unbuffered(stream)
        self._lock = threading.Lock()
        self._lost = 0
        self._torn = False  # the last line stopped in the middle

    def msg(self, line: str) -> None:
        """Write a line, or count it."""
        with self._lock:
            if not self._write(line):
                self._lost += 1
            elif self._lost and self._write(self._tell_lost(self._lost)):
                self._lost = 0

    debug = info = warn = warning = error = critical = exception = fatal = log = msg

    def _write(self, line: str) -> bool:
        try:
            if self._raw is not None:
                return self._write_raw(self._raw, line.encode(errors="backslashreplace") + b"\n")
            if self._stream is None:
                return False
            self._stream.write(f"{line}\n")
            self._stream.flush()
        except (OSError, ValueError):  # ValueError: the stream is closed
            return False
        return True

    def _write_raw(self, file: io.FileIO, line: bytes) -> bool:
        rest = memoryview(b"\n" + line if self._torn else line)
        while rest:
            written = file.write(rest)
            if not written:  # None: a pipe that does not block is full
                return False
            rest = rest[written:]
            self._torn = bool(rest)
        return True


class StandardLines(logging.Handler):
    """What others log with the standard library, as lines of ours."""

    def emit(self, record: logging.LogRecord) -> None:
        """Hand it on; a record that cannot be told is the standard library's to note."""
        try:
            log: Any = structlog.get_logger()
            log.log(record.levelno, record.getMessage(), logger=record.name, exc_info=record.exc_info)
        except Exception:  # whatever is wrong with it, who logged goes on
            self.handleError(record)


def _unbuffered(stream: TextIO | None) -> io.FileIO | None:
    """The file under a stream; None where there is none, as in a test."""
    if stream is None:
        return None
    try:
        return io.FileIO(stream.fileno(), "wb", closefd=False)
    except (OSError, ValueError):
        return None

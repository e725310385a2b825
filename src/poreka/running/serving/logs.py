"""What the process writes to stderr: JSON lines for operators, short lines in the demonstration.

Everything that is logged passes through `redacted` first: whatever looks like a PESEL, a code or a token is
masked, in messages and in tracebacks. It is the last net; nothing of that kind is logged on purpose. The time
is put on afterwards, so that it is never taken for a code. A line that cannot be written fails nothing
(`log_lines.py`).
"""

import logging
import re
import sys
from collections.abc import Mapping
from typing import Any

import structlog
from structlog.dev import plain_traceback
from structlog.typing import EventDict, Processor, WrappedLogger

from poreka.running.serving.log_lines import LineLogger, StandardLines

HIDDEN_NAMES = frozenset(
    [
        "access_token",
        "assertion",
        "authorization",
        "client_assertion",
        "client_secret",
        "code",
        "code_verifier",
        "cookie",
        "csrf_token",
        "dpop",
        "id_token",
        "identifier",
        "logout_token",
        "nonce",
        "password",
        "pesel",
        "phone",
        "request_uri",
        "secret",
        "state",
        "text",
        "token",
    ]
)
_HIDING = "|".join(sorted(HIDDEN_NAMES - {"text", "phone"}, key=len, reverse=True))
SHORTEST_PRIVATE = 10**10
MASKS = (
    (re.compile(r"\beyJ[\w-]{8,}\.[\w-]+\.[\w-]*"), "[jwt]"),
    (re.compile(rf"(?i)\b({_HIDING})=[^&\s'\"]+"), r"\1=[hidden]"),
    (re.compile(r"(?<![\w-])(?=[\w-]*\d)(?=[\w-]*[A-Za-z])[\w-]{40,}(?![\w-])"), "[secret]"),
    (re.compile(r"(?<!\d)\d{10,}(?!\d)"), "[number]"),
    (re.compile(r"(?<![\d.])\d{6}(?!\d)"), "[code]"),
)


def redacted(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """The event with everything masked that may be private."""
    return {name: masked(value, name) for name, value in event.items()}


def masked(value: Any, name: str = "") -> Any:
    """A value without what may be private, however deep it stands; numbers, names and structures stay."""
    if name.lower() in HIDDEN_NAMES:
        return "[hidden]"
    if value is None or isinstance(value, (bool, float)):
        return value
    if isinstance(value, int):
        return value if abs(value) < SHORTEST_PRIVATE else "[number]"
    if isinstance(value, Mapping):
        return {key: masked(one, str(key)) for key, one in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [masked(one) for one in value]
    text = value if isinstance(value, str) else repr(value)
    for pattern, mask in MASKS:
        text = pattern.sub(mask, text)
    return text


def log_json() -> None:
    """One JSON object a line, from `info` up: for `poreka serve`."""
    _configure(logging.INFO, structlog.processors.TimeStamper(fmt="iso"), structlog.processors.JSONRenderer())


def log_short() -> None:
    """Short lines, from `warning` up: for the demonstration."""
    colors = sys.stderr is not None and sys.stderr.isatty()
    console = structlog.dev.ConsoleRenderer(colors=colors, exception_formatter=plain_traceback)
    _configure(logging.WARNING, structlog.processors.TimeStamper(fmt="%H:%M:%S"), console)


def _configure(level: int, *rest: Processor) -> None:
    def lost(lines: int) -> str:
        event: Any = {"event": "log lines were lost: they could not be written", "lines": lines, "level": "error"}
        for processor in rest:
            event = processor(None, "error", event)
        return str(event)

    lines = LineLogger(sys.stderr, lost)
    processors: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.format_exc_info,
        redacted,
        *rest,
    ]
    structlog.configure(
        processors=processors,
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=lambda *_: lines,
        cache_logger_on_first_use=False,
    )
    logging.getLogger().addHandler(_STANDARD)


_STANDARD = StandardLines()  # one, however often the process says how it logs

"""Where demos of tests are born: a process that has imported the command already, and forks one for each demo.

Importing takes longer than all that a demo does before it answers, and the suite starts many. What is forked is the
command `poreka demo` with its arguments, output and environment, as if it had been called.

    python -m tests.support.nursery     one line of JSON each way: {"arguments": […], "log": "…"} → {"pid": …}
"""

import atexit
import json
import os
import select
import signal
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NoReturn, TextIO


@dataclass(frozen=True)
class Forked:
    """A process that is another's child: as much of `subprocess.Popen` as a demo needs."""

    pid: int
    handle: int  # tells when the process has ended, and is never another's

    def poll(self) -> int | None:
        """None while it runs; how it ended is between it and its parent."""
        return 0 if select.select([self.handle], [], [], 0)[0] else None

    def wait(self, timeout: float | None = None) -> int:
        if not select.select([self.handle], [], [], timeout)[0]:
            raise subprocess.TimeoutExpired("poreka demo", timeout or 0)
        return 0

    def terminate(self) -> None:
        self._send(signal.SIGTERM)

    def kill(self) -> None:
        self._send(signal.SIGKILL)

    def _send(self, number: signal.Signals) -> None:
        if self.poll() is None:
            signal.pidfd_send_signal(self.handle, number)


def fork_demo(arguments: list[str], log: Path) -> Forked:
    """`poreka ARGUMENTS`, its output in `log`."""
    nursery = _nursery()
    assert nursery.stdin is not None
    assert nursery.stdout is not None
    nursery.stdin.write(json.dumps({"arguments": arguments, "log": str(log)}) + "\n")
    nursery.stdin.flush()
    pid = json.loads(nursery.stdout.readline())["pid"]
    return Forked(pid, os.pidfd_open(pid))


@cache
def _nursery() -> "subprocess.Popen[str]":
    """This process's own; it ends with it, when its input does."""
    command = [sys.executable, "-m", "tests.support.nursery"]
    running = subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
        env={**os.environ, "NO_COLOR": "1", "PYTHONWARNINGS": "default"},
    )
    atexit.register(_end, running)
    return running


def _end(running: "subprocess.Popen[str]") -> None:
    assert running.stdin is not None
    running.stdin.close()
    running.wait()


def _serve(questions: TextIO) -> None:
    """Fork for each line. What has ended is collected when all is over: until then its pid is nobody else's."""
    for line in questions:
        asked = json.loads(line)
        pid = os.fork()
        if pid == 0:
            _become(asked["arguments"], asked["log"])
        sys.stdout.write(json.dumps({"pid": pid}) + "\n")
        sys.stdout.flush()


def _become(arguments: list[str], log: str) -> NoReturn:
    from poreka.cli.main import main

    output = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for wanted, here in ((nothing, 0), (output, 1), (output, 2)):
        os.dup2(wanted, here)
    sys.argv = ["poreka", *arguments]
    code = 0
    try:
        main(arguments)
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else 1
    except BaseException:
        sys.excepthook(*sys.exc_info())
        code = 1
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    import poreka.cli.demo  # noqa: F401 - what every demo needs
    from poreka.cli import worker as serving
    from poreka.running.running import shared_texts

    vars(serving)["hash_elsewhere"] = lambda: None  # threads: processes would wait for whatever else the machine does
    shared_texts()
    _serve(sys.stdin)

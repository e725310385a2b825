"""Worker processes that die, cannot start, or lose their parent: the others serve, and all comes back."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx2
import pytest

from poreka.demo.presets import Address, settings_text
from tests.support.server import free_port

PATIENCE = 120.0  # seconds, on a machine that does other things, too


class Serving:
    """`poreka serve --workers 2`."""

    def __init__(self, settings: Path, port: int) -> None:
        self.port, self.log = port, settings.with_name("serve.log")
        poreka = str(Path(sys.executable).with_name("poreka"))
        command = [poreka, "serve", str(settings), "--listen", f"127.0.0.1:{port}", "--workers", "2"]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(command, stderr=log, start_new_session=True)

    @property
    def workers(self) -> list[int]:
        """The processes that serve; the parent's helper that looks after shared memory is none of them."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text("ascii").split()
        return [int(pid) for pid in children if "spawn_main" in _command(int(pid))]

    def serve(self) -> bool:
        """Whether both are there and the parent has noted that they serve."""
        workers, said = self.workers, self.log.read_text("utf-8")
        noted = [f'"pid": {pid}, "event": "worker serves"' in said for pid in workers]
        return len(workers) == 2 and all(noted)

    def answers(self) -> bool:
        try:
            said = httpx2.get(
                f"http://127.0.0.1:{self.port}/safety",
                headers={"Host": f"millenet.localhost:{self.port}"},
                trust_env=False,
                timeout=10,
            )
        except httpx2.TransportError:
            return False
        return said.status_code == 200


def _command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except OSError:
        return ""


def _serves(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def until(condition: Callable[[], bool]) -> None:
    latest = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < latest, "it did not come to that"
        time.sleep(0.05)


def _bank(folder: Path) -> tuple[Path, int]:
    file, port = folder / "millenet.toml", free_port()
    file.write_text(settings_text("millenet", Address(port)), encoding="utf-8")
    return file, port


@pytest.fixture(scope="module")
def bank(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, int]:
    return _bank(tmp_path_factory.mktemp("workers"))


@pytest.fixture(scope="module")
def serving(bank: tuple[Path, int]) -> Iterator[Serving]:
    started = Serving(*bank)
    until(started.serve)
    yield started
    started.process.terminate()
    started.process.wait()


def test_a_worker_that_was_killed_is_replaced(serving: Serving) -> None:
    killed, other = serving.workers
    os.kill(killed, signal.SIGKILL)
    until(lambda: serving.serve() and killed not in serving.workers)
    assert other in serving.workers
    assert serving.answers()


def test_a_worker_that_cannot_start_is_tried_again_while_the_others_serve(
    serving: Serving, bank: tuple[Path, int]
) -> None:
    secrets = bank[0].with_name("millenet.secrets")
    kept = secrets.read_bytes()
    secrets.write_bytes(b"this is no secret\n")
    killed, other = serving.workers
    os.kill(killed, signal.SIGKILL)
    until(lambda: serving.log.read_bytes().count(b"worker could not start") >= 2)
    assert serving.process.poll() is None
    assert other in serving.workers
    assert serving.answers()
    secrets.write_bytes(kept)
    until(serving.serve)


def test_workers_end_with_a_parent_that_was_killed_and_the_address_is_free_again(tmp_path: Path) -> None:
    file, port = _bank(tmp_path)
    first = Serving(file, port)
    until(first.serve)
    orphans = first.workers
    first.process.kill()
    first.process.wait()
    again = Serving(file, port)
    until(lambda: not any(_serves(pid) for pid in orphans))
    until(again.answers)
    workers = again.workers
    _assert_nobody_is_left_waiting_while_it_ends(again)
    assert again.process.wait(PATIENCE) == 0
    assert not any(_serves(pid) for pid in workers)
    with socket.socket() as attempt:
        attempt.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        attempt.bind(("127.0.0.1", port))


def _assert_nobody_is_left_waiting_while_it_ends(serving: Serving) -> None:
    """What is under way is finished; meanwhile a connection is refused, so that a proxy asks another process."""
    host = f"millenet.localhost:{serving.port}"
    head = f"POST /token HTTP/1.1\r\nhost: {host}\r\ncontent-length: 1\r\nexpect: 100-continue\r\n\r\n"
    with socket.create_connection(("127.0.0.1", serving.port), timeout=PATIENCE) as under_way:
        under_way.sendall(head.encode())
        assert under_way.recv(1000).startswith(b"HTTP/1.1 100")
        serving.process.terminate()
        until(lambda: not _listens(serving.port))
        assert serving.process.poll() is None
        under_way.sendall(b"x")
        assert under_way.recv(1000).startswith(b"HTTP/1.1 4")


def _listens(port: int) -> bool:
    with socket.socket() as attempt:
        return attempt.connect_ex(("127.0.0.1", port)) == 0


def test_told_to_renew_every_worker_is_replaced_and_none_is_missing_meanwhile(serving: Serving) -> None:
    before = set(serving.workers)
    serving.process.send_signal(signal.SIGHUP)
    until(lambda: serving.serve() and not before & set(serving.workers))
    assert serving.answers()

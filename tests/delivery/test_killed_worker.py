"""Killing the worker at any moment loses no message and sends no code twice: a real process, SIGKILL, many times.

Each life begins with new codes in the outbox, and ends at a point inside the worker or, from outside, when its
gateway has got so many messages. Another process goes on when the lease has run out. The gateways are real servers
that remember everything they were sent.
"""

import asyncio
import http.server
import json
import os
import queue
import random
import signal
import subprocess
import sys
import threading
from asyncio.subprocess import Process
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from itertools import count, islice
from pathlib import Path
from typing import Any

import pytest

from poreka.rules.authorising.operation import OperationLimits, issue
from poreka.running.foundation import Foundation, lay
from poreka.settings import read_settings
from poreka.store.operations import Operations, OwnedOperation
from poreka.store.outbox import Message, Outbox
from tests.delivery.mortal_worker import POINTS
from tests.support.sms_centre import PASSWORD, SYSTEM_ID, running_sms_centre

ROOT = Path(__file__).parents[2]
NOW = 1_800_000_000
LIVES, CODES_A_LIFE = 50, 8
OUTSIDE = "outside"
BETWEEN_LIVES = 16  # seconds
BANK = """
[system]
kind = "bank"
key = "bank"
name = "Bank"
operator = {{ pl = "Bank", en = "Bank" }}
origin = "http://bank.localhost:8000"
database = "sqlite:bank.db"
secrets = "bank.secrets"
demo = true
[sms]
sender = "gateways"
name = "BANK"
[[sms.gateways]]
{gateway}
[bank]
sign_in = "password"
number_name = {{ pl = "Numer", en = "Number" }}
eligibility = []
"""


class Recognising:
    """An HTTP gateway that sends each id once, and remembers how often it was asked to."""

    def __init__(self) -> None:
        self.asked: Counter[str] = Counter()
        self.phones: dict[str, str] = {}
        self._arrived: queue.Queue[str] = queue.Queue()

    def take(self, document: dict[str, str]) -> None:
        self.asked[document["id"]] += 1
        self.phones.setdefault(document["id"], document["text"])
        self._arrived.put(document["id"])

    def forget_arrivals(self) -> None:
        while not self._arrived.empty():
            self._arrived.get()

    def wait_for_arrival(self) -> None:
        self._arrived.get(timeout=30)


@contextmanager
def recognising_gateway() -> Iterator[tuple[Recognising, int]]:
    gateway = Recognising()

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle(self) -> None:
            with suppress(OSError):  # the other side was killed
                super().handle()

        def do_POST(self) -> None:
            length = int(self.headers["content-length"])
            body = self.rfile.read(length)
            if len(body) == length:
                gateway.take(json.loads(body))
                self.send_response(202)
                self.send_header("content-length", "0")
                self.end_headers()

        def log_message(self, *_: Any) -> None: ...

    class Server(http.server.ThreadingHTTPServer):
        request_queue_size = 128

    server = Server(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield gateway, server.server_address[1]
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class Lives:
    """A bank whose worker lives and dies; `forget` and `arrival` are the gateway's."""

    def __init__(
        self, base: Foundation, cradle: Process, forget: Callable[[], Any], arrival: Callable[[], Any]
    ) -> None:
        self._base, self._cradle, self._forget, self._arrival = base, cradle, forget, arrival
        self._codes, self._now = count(), NOW

    async def many(self) -> None:
        """Die at every point, several times each, in some order; then live on until nothing waits."""
        chosen = random.Random(5)
        deaths = [point for point in (*POINTS, OUTSIDE) for _ in range(LIVES // 5)]
        chosen.shuffle(deaths)
        for life, point in enumerate(deaths, start=1):
            await self._new_codes()
            ended = await self._live(point, chosen.randint(1, CODES_A_LIFE))
            assert ended == -signal.SIGKILL or (ended, point) == (0, OUTSIDE)  # it was quicker than its killer
            if life % 5 == 0:  # before the oldest codes have lived their five minutes
                assert await self._live("never", 1) == 0

    async def _new_codes(self) -> None:
        """Operations whose codes wait to be sent, each to another number."""
        base, now = self._base, self._now
        outbox, operations = Outbox(base.database, base.seal, base.fresh), Operations(base.database)
        for number in islice(self._codes, CODES_A_LIFE):
            operation = issue(
                operation_id=f"o{number}", last_today=None, purpose="Logowanie", code_hash=b"h", now=now,
                limits=OperationLimits(),
            )  # fmt: skip
            message = Message(
                id=f"m{number}", channel="sms", recipient=f"600201{number:03}", body=f"kod dla m{number}",
                about=f"operation:o{number}:0", created_at=now, due_at=now, expires_at=operation.expires_at,
            )  # fmt: skip
            owned = OwnedOperation(person_id=f"p{number}", journey_id=f"j{number}", operation=operation)
            await base.database.insert(operations.adding(owned), outbox.adding(message))

    async def _live(self, point: str, nth: int) -> int:
        """One life; how it ended."""
        self._forget()
        process = await self._told(f"{self._now} {point} {nth}")
        self._now += BETWEEN_LIVES
        if point == OUTSIDE:
            for _ in range(nth):
                await asyncio.to_thread(self._arrival)
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        return await self._told()

    async def _told(self, line: str = "") -> int:
        assert self._cradle.stdin is not None
        assert self._cradle.stdout is not None
        self._cradle.stdin.write(line.encode() + b"\n" if line else b"")
        return int(await self._cradle.stdout.readline())


@asynccontextmanager
async def lives(
    folder: Path, base: Foundation, forget: Callable[[], Any], arrival: Callable[[], Any]
) -> AsyncIterator[Lives]:
    command = [sys.executable, "-m", "tests.delivery.mortal_worker", str(folder)]
    cradle = await asyncio.create_subprocess_exec(
        *command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    try:
        yield Lives(base, cradle, forget, arrival)
    finally:
        cradle.kill()
        await cradle.wait()


async def bank_with(folder: Path, gateway: str) -> Foundation:
    (folder / "bank.toml").write_text(BANK.format(gateway=gateway), encoding="utf-8")
    return await lay(read_settings(folder / "bank.toml"), folder, lambda: NOW)


async def rows_of(base: Foundation) -> dict[str, dict[str, Any]]:
    rows = await base.database.all(
        "SELECT m.id, m.dispatched_at, m.failed_at, m.unsure, m.handed_at, o.dispatched_at AS lives_from, o.expires_at"
        " FROM outbox m JOIN operations o ON m.about = 'operation:' || o.id || ':0'"
    )
    return {row["id"]: dict(row) for row in rows}


@pytest.mark.timeout(300)
async def test_a_gateway_that_recognises_sends_every_code_once(tmp_path: Path) -> None:
    with recognising_gateway() as (gateway, port):
        base = await bank_with(
            tmp_path, f'kind = "http"\nname = "one"\nurl = "http://localhost:{port}/"\nrecognises = true'
        )
        async with lives(tmp_path, base, gateway.forget_arrivals, gateway.wait_for_arrival) as all_of_them:
            await all_of_them.many()
    rows = await rows_of(base)
    await base.database.close()
    assert not [row for row in rows.values() if row["failed_at"] or row["unsure"] or not row["dispatched_at"]]
    assert len(rows) == LIVES * CODES_A_LIFE
    assert gateway.phones.keys() == rows.keys()  # every code is on its phone, once
    assert max(gateway.asked.values()) > 1  # though the gateway was asked again
    assert all(row["expires_at"] == row["lives_from"] + 300 for row in rows.values())


@pytest.mark.timeout(300)
async def test_a_centre_that_recognises_nothing_gets_every_code_at_most_once(tmp_path: Path) -> None:
    (tmp_path / "centre.password").write_text(PASSWORD)
    (tmp_path / "centre.password").chmod(0o600)
    with running_sms_centre() as centre:
        base = await bank_with(
            tmp_path,
            f'kind = "smpp"\nname = "one"\nhost = "localhost"\nport = {centre.port}\nsecurity = "none"\n'
            f'system_id = "{SYSTEM_ID}"\npassword_file = "centre.password"',
        )
        async with lives(tmp_path, base, centre.submitted, lambda: centre.wait_for("submit")) as all_of_them:
            await all_of_them.many()
        texts = Counter(one["text"] for one in centre.submitted())
    rows = await rows_of(base)
    await base.database.close()
    in_doubt = {name for name, row in rows.items() if row["unsure"]}
    assert max(texts.values()) == 1  # no code twice
    assert not [row for row in rows.values() if row["failed_at"] or not row["dispatched_at"]]
    arrived = {text.removeprefix("kod dla ") for text in texts}
    assert rows.keys() - in_doubt <= arrived  # none is lost that is said to have left
    assert in_doubt  # and where nobody can say, that is what is said
    assert all(row["expires_at"] == row["lives_from"] + 300 for row in rows.values())

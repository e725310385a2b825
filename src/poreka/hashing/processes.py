"""Password hashing in processes of their own, which give way to the process that answers.

A thread of low priority would not do: it returns to Python with the interpreter's lock in hand, and everyone whom this
process serves waits until that thread is given the core again. A hashing process (`python -m poreka.hashing.hashing`)
knows nothing but its questions, one a line on its standard input, and ends when that does: when the process that asks
ends, however it ends.
"""

import asyncio
import json
import sys
from asyncio.subprocess import PIPE, Process
from contextlib import suppress

import structlog

from poreka.store.deadline import TooBusy

log = structlog.get_logger()

PROGRAM = (sys.executable, "-m", "poreka.hashing.hashing")
LINE_LIMIT = 64 * 1024  # bytes of a question or an answer; both are far shorter
RETRY_SECONDS = 5
ANSWER_SECONDS = 30.0  # after which a process hangs, or the machine has no time for it at all: another one is started
TRIES = 2  # a process that was killed is started again once for a question


class InProcesses:
    """Up to `most` hashing processes, each started when it is first needed."""

    def __init__(self, most: int) -> None:
        self._idle: list[Process | None] = [None] * most
        self._free = asyncio.Semaphore(most)

    async def hashed(self, password: str) -> str:
        """A new hash; raises `TooBusy` where no process says it in time."""
        return str(await self._ask([password]))

    async def verified(self, stored: str, password: str) -> bool:
        """True where `password` is the one that was hashed; raises `TooBusy` where no process answers in time."""
        return await self._ask([stored, password]) is True

    def close(self) -> None:
        """Let those that wait for a question end."""
        for process in self._idle:
            if process is not None and process.stdin is not None:
                process.stdin.close()
        self._idle = [None] * len(self._idle)

    async def _ask(self, question: list[str]) -> object:
        line = json.dumps(question).encode() + b"\n"
        async with self._free:
            process = self._idle.pop()
            try:
                for _ in range(TRIES):
                    process = process or await _start()
                    async with asyncio.timeout(ANSWER_SECONDS):
                        answer = await _answer(process, line)
                    if answer:
                        return json.loads(answer)
                    process = None
                log.error("hashing processes end before they answer")
                raise TooBusy("no hashing process lives", RETRY_SECONDS)
            except (asyncio.CancelledError, TimeoutError) as error:
                _end(process)  # its answer would be taken for the next one's
                process = None
                if isinstance(error, TimeoutError):
                    log.error("a hashing process did not answer", seconds=ANSWER_SECONDS)
                    raise TooBusy("a hashing process hangs", RETRY_SECONDS) from error
                raise
            finally:
                self._idle.append(process)


async def _start() -> Process:
    return await asyncio.create_subprocess_exec(*PROGRAM, stdin=PIPE, stdout=PIPE, limit=LINE_LIMIT)


async def _answer(process: Process, line: bytes) -> bytes:
    """What it said; nothing where it has ended."""
    if process.stdin is None or process.stdout is None:
        raise AssertionError("a process without its pipes")
    try:
        process.stdin.write(line)
        await process.stdin.drain()
        return await process.stdout.readline()
    except ConnectionError:
        return b""


def _end(process: Process | None) -> None:
    if process is not None:
        with suppress(ProcessLookupError):
            process.kill()

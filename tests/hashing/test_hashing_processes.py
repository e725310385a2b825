"""Hashing processes: the same answers as threads give, a life as long as that of who asks, and no answer mistaken."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from poreka.hashing import processes as hashing_processes
from poreka.hashing.passwords import Passwords
from poreka.hashing.processes import InProcesses
from poreka.store.deadline import TooBusy, deadline


def processes() -> list[int]:
    """The hashing processes of this one."""
    children = Path(f"/proc/self/task/{os.getpid()}/children").read_text("ascii").split()
    return [int(pid) for pid in children if b"poreka.hashing.hashing" in Path(f"/proc/{pid}/cmdline").read_bytes()]


def ended(pid: int) -> None:
    latest = time.monotonic() + 60
    while Path(f"/proc/{pid}/stat").exists() and b" Z " not in Path(f"/proc/{pid}/stat").read_bytes():
        assert time.monotonic() < latest, "it goes on"
        time.sleep(0.01)


@pytest.fixture
async def hashing() -> AsyncIterator[InProcesses]:
    made = InProcesses(1)
    yield made
    there = processes()
    made.close()
    for pid in there:
        await asyncio.to_thread(ended, pid)


@pytest.fixture
def passwords(hashing: InProcesses) -> Passwords:
    made = Passwords()
    made.compute_in(hashing, 1)
    return made


async def test_they_answer_as_threads_do(passwords: Passwords) -> None:
    stored = await passwords.hash("letni-ogród-anna-11\n")
    assert await Passwords().matches(stored, "letni-ogród-anna-11\n") is True
    assert await passwords.matches(stored, "letni-ogród-anna-11\n") is True
    for wrong in ("letni-ogród-anna-11", "", "\udcff", '"]'):
        assert await passwords.matches(stored, wrong) is False
    assert await passwords.matches(None, "the password of no one") is False
    assert await passwords.matches("not a hash", "x") is False
    assert len(processes()) == 1
    assert os.sched_getscheduler(processes()[0]) == os.SCHED_IDLE


async def test_many_at_once_have_each_their_own_answer(passwords: Passwords) -> None:
    stored = await passwords.hash("a")
    answers = await asyncio.gather(*(passwords.matches(stored, "ab"[place % 2]) for place in range(8)))
    assert answers == [True, False] * 4


async def test_one_that_was_killed_is_started_again_and_nobody_is_told(passwords: Passwords) -> None:
    stored = await passwords.hash("a")
    for _ in range(2):
        (killed,) = processes()
        os.kill(killed, signal.SIGKILL)
        await asyncio.to_thread(ended, killed)
        assert await passwords.matches(stored, "a") is True
        assert killed not in processes()


async def test_where_none_lives_who_asks_is_told_to_come_back(
    passwords: Passwords, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(hashing_processes, "PROGRAM", (sys.executable, "-c", "pass"))
        with pytest.raises(TooBusy):
            await passwords.matches(None, "a password")
    assert await passwords.matches(None, "a password") is False


async def test_one_that_hangs_keeps_nobody_and_gives_its_place_to_another(
    passwords: Passwords, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored = await passwords.hash("a")
    (hangs,) = processes()
    os.kill(hangs, signal.SIGSTOP)
    with monkeypatch.context() as short:
        short.setattr(hashing_processes, "ANSWER_SECONDS", 0.2)
        with pytest.raises(TooBusy, match="hangs"):
            await passwords.matches(stored, "a")
    await asyncio.to_thread(ended, hangs)
    assert await passwords.matches(stored, "a") is True


async def test_a_request_waits_for_an_answer_no_longer_than_it_lasts(passwords: Passwords) -> None:
    stored = await passwords.hash("a")
    (hangs,) = processes()
    os.kill(hangs, signal.SIGSTOP)
    with deadline(0.2), pytest.raises(TooBusy, match="in time"):
        await passwords.matches(stored, "a")
    os.kill(hangs, signal.SIGCONT)
    assert await passwords.matches(stored, "a") is True


async def test_who_no_longer_waits_takes_no_one_elses_answer(hashing: InProcesses) -> None:
    stored = await hashing.hashed("a")
    gone = asyncio.create_task(hashing.verified(stored, "a"))
    await asyncio.sleep(0)
    gone.cancel()
    assert await hashing.verified(stored, "b") is False


def test_they_end_with_who_asks_however_that_ends() -> None:
    asking = (
        "import asyncio, os; from poreka.hashing.processes import InProcesses\n"
        "async def ask():\n"
        "    hashing, me = InProcesses(1), os.getpid()\n"
        "    await hashing.hashed('a')\n"
        "    print(open(f'/proc/self/task/{me}/children').read(), flush=True)\n"
        "    os.kill(me, 9)\n"
        "asyncio.run(ask())"
    )
    said = subprocess.run([sys.executable, "-c", asking], capture_output=True, text=True, check=False, timeout=60)
    assert said.returncode == -signal.SIGKILL
    ended(int(said.stdout))

"""Processes that send a system's messages with the real worker, and kill themselves with SIGKILL where told to.

    python -m tests.delivery.mortal_worker FOLDER

FOLDER holds `bank.toml`. For each line `NOW POINT NTH` on stdin a process is born: its number is told, and how it
ended. NOW is what its clock shows first. POINT is one of `POINTS`, or `never`: then it ends by itself as soon as
nothing waits. Only one lives at a time, so leases are short here.
"""

import asyncio
import os
import signal
import sys
import time
import traceback
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from poreka.delivery import leases, worker
from poreka.delivery.hand_over import HandOver
from poreka.delivery.sender import Sender
from poreka.delivery.worker import DeliveryWorker
from poreka.outgoing.back_channel import Reach
from poreka.running.foundation import lay
from poreka.running.running import delivery_worker
from poreka.running.senders import build_outgoing
from poreka.settings import read_settings
from poreka.store.outbox import Message, Outbox

POINTS = ("claimed", "marked", "handed", "recorded")


class Death:
    """Ends the process when a point is reached for the nth time."""

    def __init__(self, point: str, nth: int) -> None:
        self._point, self._left = point, nth

    def at(self, point: str) -> None:
        """This point is reached now."""
        if point == self._point:
            self._left -= 1
            if self._left == 0:
                os.kill(os.getpid(), signal.SIGKILL)


class MortalOutbox(Outbox):
    """The outbox, with deaths in between."""

    death: Death

    async def claim_due(self, *args: Any, **more: Any) -> list[Message]:
        claimed = await super().claim_due(*args, **more)
        for _ in claimed:
            self.death.at("claimed")
        return claimed

    async def handing_over(self, *args: Any, **more: Any) -> bool:
        marked = await super().handing_over(*args, **more)
        self.death.at("marked")
        return marked


class MortalSender:
    """A sender, with a death after it."""

    def __init__(self, sender: Sender, death: Death) -> None:
        self._sender, self._death = sender, death
        self.name, self.recognises = sender.name, sender.recognises

    async def send(self, message: Message) -> str | None:
        reference = await self._sender.send(message)
        self._death.at("handed")
        return reference


def with_death_after(done: Callable[[Message], Awaitable[int]], death: Death) -> Callable[[Message], Awaitable[int]]:
    async def hand_over(message: Message) -> int:
        taken = await done(message)
        death.at("recorded")
        return taken

    return hand_over


async def live(folder: Path, now: int, death: Death) -> None:
    born = time.monotonic()
    base = await lay(read_settings(folder / "bank.toml"), folder, lambda: now + int(time.monotonic() - born))
    ways = await build_outgoing(base, Reach(allow_http=True, localhost_names=True))
    outbox = MortalOutbox(base.database, base.seal, base.fresh)
    object.__setattr__(outbox, "death", death)
    senders = {channel: tuple(MortalSender(one, death) for one in senders) for channel, senders in ways.senders.items()}
    hand_over: HandOver = replace(delivery_worker(base, senders)._hand_over, outbox=outbox)
    working = DeliveryWorker(hand_over)
    working._hand_over = with_death_after(hand_over, death)  # type: ignore[assignment]
    working.start()
    working.wake()
    open_ones = "SELECT count(*) AS open FROM outbox WHERE dispatched_at IS NULL AND failed_at IS NULL"
    while (row := await base.database.one(open_ones)) and row["open"]:  # noqa: ASYNC110
        await asyncio.sleep(0.01)
    await working.stop()
    for close in ways.closing:
        await close()
    await base.database.close()


def bear(folder: Path) -> None:
    """One life for each line; they are born of a process that has loaded everything and runs nothing."""
    for line in sys.stdin:
        now, point, nth = line.split()
        process = os.fork()
        if process == 0:
            try:
                asyncio.run(live(folder, int(now), Death(point, int(nth))))
            except BaseException:
                traceback.print_exc()
                os._exit(1)
            os._exit(0)
        _tell(process)
        _tell(os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]))


def _tell(number: int) -> None:
    sys.stdout.write(f"{number}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    worker.LOOK_EVERY_SECONDS = 0.05
    leases.LEASE_SECONDS = 0.3  # type: ignore[assignment]
    bear(Path(sys.argv[1]))

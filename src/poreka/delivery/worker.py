"""The outbox worker: one task a process, woken by a new message or by the clock.

It claims messages that are due under a lease, hands each one over in a task of its own (`hand_over.py`), and renews the
lease meanwhile. It gives a message back when nothing of it was sent, and takes over those of workers that died
(`leases.py`). Messages to people and messages to relying parties have `AT_A_TIME` places each, so that relying parties
that do not answer keep nobody's code waiting. When it stops, it waits a moment for the messages under way: one that is
cut off in the middle may have left, and nobody could say.
"""

import asyncio
import time
from collections.abc import Callable

import structlog

from poreka.delivery.hand_over import HandOver, NothingLeft
from poreka.delivery.leases import RENEW_SECONDS, LeasesSeen
from poreka.store.database import DatabaseUnavailable
from poreka.store.outbox import Lease, Message

log = structlog.get_logger()

LOOK_EVERY_SECONDS = 1.0
SECONDS_TO_ARRIVE = 3.0
AT_A_TIME = 32


class DeliveryWorker:
    """Sends what one system has to send."""

    def __init__(self, hand_over: HandOver, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._hand_over, self._outbox, self._clock = hand_over, hand_over.outbox, hand_over.clock
        self._monotonic, self._seen = monotonic, LeasesSeen(monotonic)
        self._look_at = monotonic()
        self._run_out: list[Lease] = []  # leases of workers that have died
        self._mine: set[str] = set()  # the messages under way here
        self._news = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._under_way: dict[bool, set[asyncio.Task[int]]] = {True: set(), False: set()}  # to people or not

    def wake(self) -> None:
        """Look for due messages at once, because one was just written."""
        self._news.set()

    def start(self) -> None:
        """Begin working in this event loop."""
        self._task = asyncio.create_task(self._work())

    async def stop(self) -> None:
        """Begin nothing new, give what is under way a moment to arrive, and cut off the rest."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        under_way = self._under_way[True] | self._under_way[False]
        if not under_way:
            return
        _, late = await asyncio.wait(under_way, timeout=SECONDS_TO_ARRIVE)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)

    async def _work(self) -> None:
        while True:
            try:
                # Not wait_for: on Python 3.11 it loses a cancellation that comes together with the news.
                async with asyncio.timeout(LOOK_EVERY_SECONDS):
                    await self._news.wait()
            except TimeoutError:
                pass
            self._news.clear()
            try:
                await self.begin_due()
            except DatabaseUnavailable:
                log.warning("outbox waits for the database")
            except Exception as error:  # a bug must not stop the sending of everything else
                log.error("outbox failed", exc_info=error)

    async def send_due(self) -> int:
        """Send everything that is due now, and wait for it; returns how many messages a gateway took."""
        begun = await self.begin_due()
        return sum(await asyncio.gather(*begun))

    async def begin_due(self) -> list[asyncio.Task[int]]:
        """Begin to send what is due now, as far as there is room.

        The tasks raise nothing; each returns 1 when a gateway took its message, else 0.
        """
        await self._see_leases()
        return [*await self._begin(to_people=True), *await self._begin(to_people=False)]

    async def _see_leases(self) -> None:
        """Note which messages have lost their worker; every `LOOK_EVERY_SECONDS`, however often `wake` is called."""
        if self._monotonic() < self._look_at:
            return
        run_out = self._seen.run_out(await self._outbox.leases())
        self._run_out = [lease for lease in run_out if lease.message_id not in self._mine]
        self._look_at = self._monotonic() + LOOK_EVERY_SECONDS

    async def _begin(self, *, to_people: bool) -> list[asyncio.Task[int]]:
        """Begin to send until nothing is due or no place is free; then the next free place calls `_there_is_room`."""
        begun: list[asyncio.Task[int]] = []
        under_way = self._under_way[to_people]
        while room := AT_A_TIME - len(under_way):
            messages = await self._take(room, to_people=to_people)
            if not messages:
                break
            for message in messages:
                self._mine.add(message.id)
                task = asyncio.create_task(self._send(message))
                under_way.add(task)
                task.add_done_callback(under_way.discard)
                begun.append(task)
        else:  # no room was left, and more may be due
            for task in under_way:
                task.add_done_callback(self._there_is_room)
        return begun

    async def _take(self, room: int, *, to_people: bool) -> list[Message]:
        """Messages to send next: those of dead workers first, because they have waited longer, else what is due."""
        of_the_dead = [lease for lease in self._run_out if lease.to_people == to_people][:room]
        self._run_out = [lease for lease in self._run_out if lease not in of_the_dead]
        taken_over = await self._outbox.take_over(of_the_dead, self._clock()) if of_the_dead else []
        return taken_over or await self._outbox.claim_due(self._clock(), limit=room, to_people=to_people)

    def _there_is_room(self, _: asyncio.Task[int]) -> None:
        self._news.set()

    async def _send(self, message: Message) -> int:
        renewing = asyncio.create_task(self._renew(message))
        try:
            return await self._hand_over(message)
        except NothingLeft as failed:
            _log_failure(message, failed.__cause__)
            await self._give_back(message)
        except Exception as error:  # the message may have left: its lease runs out, and another worker decides
            _log_failure(message, error)
        finally:
            renewing.cancel()
            self._mine.discard(message.id)
        return 0

    async def _renew(self, message: Message) -> None:
        """Keep the lease as long as the message is under way."""
        while True:
            await asyncio.sleep(RENEW_SECONDS)
            try:
                if not await self._outbox.renew(self._outbox.database, message):
                    return
            except DatabaseUnavailable:
                continue  # `_send` logs it, when the message itself needs the database

    async def _give_back(self, message: Message) -> None:
        """Give the message back, trying until the database takes it.

        Until then its row still names the gateway of this attempt, as if the message might have left.
        """
        while True:
            try:
                await self._hand_over.give_back(message)
            except DatabaseUnavailable:
                await asyncio.sleep(LOOK_EVERY_SECONDS)
            except Exception as error:  # a bug: the lease runs out, and another worker takes the message over
                _log_failure(message, error)
                return
            else:
                return


def _log_failure(message: Message, error: BaseException | None) -> None:
    if isinstance(error, DatabaseUnavailable):
        log.warning("outbox waits for the database", message=message.id)
    else:
        log.error("sending failed", message=message.id, channel=message.channel, exc_info=error)

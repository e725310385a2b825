"""The outbox worker: one task a process, woken by a new message or by the clock.

It claims what is due under a lease, renews the lease while a message is under way, and gives a message back in whose
attempt surely nothing left. It takes over what other workers had when they died (`leases.py`). It begins to hand each
message over (`hand_over.py`), and keeps room: messages travel side by side, and those to people have places of their
own, so that relying parties that do not answer keep nobody's code waiting. When it stops, it lets those under way
arrive for a moment: what is cut off in the middle may have left, and nobody could say.
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
        """Something was just written: look at once."""
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
        """Send everything that is due now; returns how many were taken by their senders."""
        begun = await self.begin_due()
        return sum(await asyncio.gather(*begun))

    async def begin_due(self) -> list[asyncio.Task[int]]:
        """Begin to send what is due now, as far as there is room; the tasks, which never fail."""
        await self._see_leases()
        return [*await self._begin(to_people=True), *await self._begin(to_people=False)]

    async def _see_leases(self) -> None:
        """Once in a while, however often there is news: which messages have lost their worker."""
        if self._monotonic() < self._look_at:
            return
        run_out = self._seen.run_out(await self._outbox.leases())
        self._run_out = [lease for lease in run_out if lease.message_id not in self._mine]
        self._look_at = self._monotonic() + LOOK_EVERY_SECONDS

    async def _begin(self, *, to_people: bool) -> list[asyncio.Task[int]]:
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
        """What other workers left behind first: it has waited longer."""
        left = [lease for lease in self._run_out if lease.to_people == to_people][:room]
        self._run_out = [lease for lease in self._run_out if lease not in left]
        taken = await self._outbox.take_over(left, self._clock()) if left else []
        return taken or await self._outbox.claim_due(self._clock(), limit=room, to_people=to_people)

    def _there_is_room(self, _: asyncio.Task[int]) -> None:
        self._news.set()

    async def _send(self, message: Message) -> int:
        lease = asyncio.create_task(self._renew(message))
        try:
            return await self._hand_over(message)
        except NothingLeft as failed:
            _say(message, failed.__cause__)
            await self._give_back(message)
        except Exception as error:  # it may have left: its lease runs out, and then it is decided anew
            _say(message, error)
        finally:
            lease.cancel()
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
                continue  # said by whoever waits for the message

    async def _give_back(self, message: Message) -> None:
        """As soon as the database takes it: until then it would seem to be in doubt where it was to be handed to."""
        while True:
            try:
                await self._hand_over.give_back(message)
            except DatabaseUnavailable:
                await asyncio.sleep(LOOK_EVERY_SECONDS)
            except Exception as error:  # a bug: its lease runs out
                _say(message, error)
                return
            else:
                return


def _say(message: Message, error: BaseException | None) -> None:
    if isinstance(error, DatabaseUnavailable):
        log.warning("outbox waits for the database", message=message.id)
    else:
        log.error("sending failed", message=message.id, channel=message.channel, exc_info=error)

"""The outbox worker: one task a process, woken by a new message or by the clock.

It claims what is due under a lease, hands each message to its channel's sender, and writes down what
became of it: sent, to be tried again with growing pauses, or given up. Messages travel side by side, and
those to people have places of their own: relying parties that do not answer keep nobody's code waiting. When
the message of an operation left, the life of its code begins (`rules.operation.dispatched`). Senders:
`senders.py`.
"""

import asyncio
from collections.abc import Callable, Mapping
from typing import Protocol

import structlog

from poreka.rules.operation import OperationLimits, dispatched
from poreka.store.database import Database, DatabaseUnavailable, Transaction
from poreka.store.operations import Operations
from poreka.store.outbox import Message, Outbox

log = structlog.get_logger()

LEASE_SECONDS = 30
LOOK_EVERY_SECONDS = 1.0
AT_A_TIME = 32
PAUSES_SECONDS = (1, 2, 5, 15, 30, 60, 120, 300)


class SendingFailed(Exception):
    """The message was not taken; `for_good` when trying again cannot help."""

    def __init__(self, why: str, *, for_good: bool = False) -> None:
        super().__init__(why)
        self.for_good = for_good


class Sender(Protocol):
    """Hands one message over; returning means that it was taken. Raises `SendingFailed`."""

    async def send(self, message: Message) -> None: ...


class DeliveryWorker:
    """Sends what one system has to send."""

    def __init__(
        self,
        database: Database,
        outbox: Outbox,
        operations: Operations,
        senders: Mapping[str, Sender],
        clock: Callable[[], int],
        limits: OperationLimits,
    ) -> None:
        self._database, self._outbox, self._operations = database, outbox, operations
        self._senders, self._clock, self._limits = senders, clock, limits
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
        """Stop; what was claimed and not finished is sent by another worker after its lease."""
        ending = [*self._under_way[True], *self._under_way[False], *([self._task] if self._task else [])]
        for task in ending:
            task.cancel()
        await asyncio.gather(*ending, return_exceptions=True)

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
        return [*await self._begin(to_people=True), *await self._begin(to_people=False)]

    async def _begin(self, *, to_people: bool) -> list[asyncio.Task[int]]:
        begun: list[asyncio.Task[int]] = []
        under_way = self._under_way[to_people]
        while room := AT_A_TIME - len(under_way):
            messages = await self._outbox.claim_due(
                self._clock(), lease_seconds=LEASE_SECONDS, limit=room, to_people=to_people
            )
            if not messages:
                break
            for message in messages:
                task = asyncio.create_task(self._send(message))
                under_way.add(task)
                task.add_done_callback(under_way.discard)
                begun.append(task)
        return begun

    async def _send(self, message: Message) -> int:
        try:
            return await self._hand_over(message)
        except DatabaseUnavailable:
            log.warning("outbox waits for the database", message=message.id)
        except Exception as error:  # it is sent again when its lease has run out
            log.error("sending failed", message=message.id, channel=message.channel, exc_info=error)
        return 0

    async def _hand_over(self, message: Message) -> int:
        sender = self._senders.get(message.channel)
        try:
            if sender is None:
                raise SendingFailed("no sender for this channel", for_good=True)
            await sender.send(message)
        except SendingFailed as failure:
            await self._not_sent(message, failure)
            return 0
        now = self._clock()
        async with self._database.transaction() as transaction:
            await self._outbox.dispatched(transaction, message, now)
            await self._begin_life(transaction, message, now)
        return 1

    async def _not_sent(self, message: Message, failure: SendingFailed) -> None:
        log.warning("message not sent", message=message.id, channel=message.channel, why=str(failure))
        now = self._clock()
        pause = PAUSES_SECONDS[min(message.attempts, len(PAUSES_SECONDS)) - 1]
        if failure.for_good or now + pause >= message.expires_at:
            await self._outbox.failed(self._database, message, now, str(failure))
        else:
            await self._outbox.retry(self._database, message, now + pause, str(failure))

    async def _begin_life(self, transaction: Transaction, message: Message, now: int) -> None:
        kind, _, rest = message.about.partition(":")
        operation_id, _, sending = rest.partition(":")
        owned = await self._operations.load(operation_id, transaction) if kind == "operation" else None
        if owned is not None:
            after = dispatched(owned.operation, int(sending), now, self._limits)
            if after is not owned.operation:
                await self._operations.dispatched(transaction, after)

"""Handing one message over: to the first gateway of its channel that takes it, and never the same code twice.

Before a gateway is asked, the outbox notes which one (`Outbox.handing_over`); afterwards, how it ended. When a gateway
surely did not take the message (`SendingFailed`), the next one is asked. When nobody can say (`MayHaveLeft`), no other
one is: `rules/limits/sending.py` says whether the same gateway may be asked again. The life of a code begins when its
message left, or may have left (`rules.authorising.operation.dispatched`). Why: docs/adr/0016.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import structlog

from poreka.delivery.sender import MayHaveLeft, Sender, Senders, SendingFailed
from poreka.rules.authorising.operation import OperationLimits, dispatched, is_wanted
from poreka.rules.limits.sending import DAY, HOUR, TOO_MANY, CodeSent, RecipientLimits, code_of, is_too_many, open_ways
from poreka.store.database import Database, Transaction
from poreka.store.operations import Operations
from poreka.store.outbox import TO_PEERS, Message, Outbox

log = structlog.get_logger()


class NothingLeft(Exception):
    """An attempt failed while no gateway could have the message; `__cause__` is why. Call `give_back` then."""


PAUSES_SECONDS = (1, 2, 5, 15, 30, 60, 120, 300)
MOST_SECONDS = 25.0  # for all gateways together: a message that waits holds a place that others need
REPLACED = "its code is no longer wanted"


@dataclass(slots=True)
class Attempt:
    """One attempt to hand a message over; `may_have_left` is set while a gateway may have the message."""

    may_have_left: bool = False


@dataclass(frozen=True, slots=True)
class HandOver:
    """What it takes to hand a message over; call it with one that was claimed."""

    database: Database
    outbox: Outbox
    operations: Operations
    senders: Senders
    clock: Callable[[], int]
    limits: OperationLimits
    recipient_limits: RecipientLimits = field(default_factory=RecipientLimits)
    most_seconds: float = MOST_SECONDS

    async def __call__(self, message: Message) -> int:
        """Hand a message over and write down how it ended; returns 1 when a gateway took it, else 0.

        When something fails, `NothingLeft` is raised, or the error itself where the message may have left.
        """
        attempt = Attempt()
        try:
            return await self._decide(message, attempt)
        except Exception as error:
            if attempt.may_have_left:
                raise
            raise NothingLeft from error

    async def give_back(self, message: Message) -> None:
        """Make the message due again after a pause, for any worker."""
        await self.outbox.give_back(self.database, message, self.clock() + _pause(message))

    async def _decide(self, message: Message, attempt: Attempt) -> int:
        code = code_of(message.about)
        if message.handed_to is not None and code is not None:
            await self._begin_life(self.database, code, message.handed_at or self.clock())
        if why := await self._why_not(message, code):
            await self._give_up(message, why)
            return 0
        ways = open_ways(self.senders.get(message.channel, ()), message.handed_to, code=code is not None)
        return await self._through(ways, message, code, attempt)

    async def _why_not(self, message: Message, code: CodeSent | None) -> str | None:
        """Why a message must not be sent any more, or None: its code was replaced, or the recipient got too many."""
        now = self.clock()
        owned = await self.operations.load(code.operation_id) if code else None
        if code and owned and not is_wanted(owned.operation, code.sending, now):
            return REPLACED
        if message.channel in TO_PEERS or message.handed_to is not None:
            return None
        in_day = await self.outbox.earlier_to_recipient(message, now - DAY)
        in_hour = await self.outbox.earlier_to_recipient(message, now - HOUR) if in_day else 0
        return TOO_MANY if is_too_many(in_hour, in_day, self.recipient_limits) else None

    async def _through(self, ways: Sequence[Sender], message: Message, code: CodeSent | None, attempt: Attempt) -> int:
        """Ask one gateway after the other while none of them can have the message; returns 1 when one took it."""
        faults: list[SendingFailed] = []
        time = asyncio.get_running_loop().time
        until = time() + self.most_seconds
        for sender in ways:
            if time() >= until:
                faults.append(SendingFailed("no time was left for the other gateways"))
                break
            if not await self.outbox.handing_over(self.database, message, sender.name, self.clock()):
                return 0  # the lease ran out before anything left, and another worker has it now
            attempt.may_have_left = True
            try:
                reference = await _sent(sender, message, until)
            except SendingFailed as fault:
                attempt.may_have_left = False
                faults.append(fault)
                log.warning("message not sent", message=message.id, gateway=sender.name, why=str(fault))
            except MayHaveLeft as doubt:
                log.warning("message may have left", message=message.id, gateway=sender.name, why=str(doubt))
                await self._in_doubt(sender, message, code, str(doubt))
                return 0
            else:
                await self._taken(message, code, reference)
                return 1
        await self._not_taken(message, faults)
        return 0

    async def _taken(self, message: Message, code: CodeSent | None, reference: str | None) -> None:
        now = self.clock()
        async with self.database.transaction() as transaction:
            await self.outbox.dispatched(transaction, message, now, reference=reference)
            if code:
                await self._begin_life(transaction, code, now)

    async def _in_doubt(self, sender: Sender, message: Message, code: CodeSent | None, why: str) -> None:
        """`sender` may have taken it: ask it again later where that is allowed, else close the message as unsure."""
        now = self.clock()
        left_at = message.handed_at if message.handed_to == sender.name and message.handed_at else now
        again = bool(open_ways([sender], sender.name, code=code is not None)) and self._in_time(message, now)
        async with self.database.transaction() as transaction:
            if again:
                await self.outbox.retry(transaction, message, now + _pause(message), why, in_doubt=True)
            else:
                await self.outbox.dispatched(transaction, message, left_at, unsure=True)
            if code:
                await self._begin_life(transaction, code, left_at)

    async def _not_taken(self, message: Message, faults: Sequence[SendingFailed]) -> None:
        """No gateway took it in this attempt: try again later, or give up. A doubt from an earlier attempt stays."""
        now = self.clock()
        why = str(faults[-1]) if faults else "no sender for this channel"
        if all(fault.for_good for fault in faults) or not self._in_time(message, now):
            await self._give_up(message, why)
        else:
            in_doubt = message.handed_to is not None
            await self.outbox.retry(self.database, message, now + _pause(message), why, in_doubt=in_doubt)

    async def _give_up(self, message: Message, why: str) -> None:
        """Close the message: as unsure where an earlier attempt may have sent it, else as failed."""
        now = self.clock()
        if message.handed_to is not None:
            await self.outbox.dispatched(self.database, message, message.handed_at or now, unsure=True)
        else:
            log.warning("message given up", message=message.id, channel=message.channel, why=why)
            await self.outbox.failed(self.database, message, now, why)

    def _in_time(self, message: Message, now: int) -> bool:
        return now + _pause(message) < message.expires_at

    async def _begin_life(self, within: Database | Transaction, code: CodeSent, at: int) -> None:
        """Let the life of the code begin at `at`, unless it has begun or another code has taken its place."""
        owned = await self.operations.load(code.operation_id, within)
        if owned is not None:
            after = dispatched(owned.operation, code.sending, at, self.limits)
            if after is not owned.operation:
                await self.operations.dispatched(within, after)


async def _sent(sender: Sender, message: Message, until: float) -> str | None:
    """Send a message; returns the gateway's own name of it. Raises `SendingFailed` or `MayHaveLeft`.

    A sender that keeps a time limit of its own knows what has left. One that keeps none is cut off at `until`, and then
    nobody knows: `MayHaveLeft`.
    """
    limit = asyncio.timeout_at(until)
    try:
        async with limit:
            return await sender.send(message)
    except TimeoutError:
        if not limit.expired():
            raise
        raise MayHaveLeft("the gateway does not answer") from None


def _pause(message: Message) -> int:
    return PAUSES_SECONDS[min(message.attempts, len(PAUSES_SECONDS)) - 1]

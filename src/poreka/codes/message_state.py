"""How the message with a code stands, in the words that the code's page has for it: never more than is known.

`sent` is when it left; a gateway's report says more. In doubt (docs/adr/0016), and while a gateway does not answer,
the page says so, and that a new code may be asked for at once (docs/adr/0033). The texts are `release.code.how.*`, and
`release.code.trouble.*` or `profiles.code.trouble.*`; the page's part is `message_state.html`.
"""

import asyncio
from typing import Literal, NamedTuple

from poreka.rules.authorising.operation import Operation, as_of
from poreka.rules.limits.sending import TOO_MANY
from poreka.rules.shown_date import time_of_day
from poreka.store.operations import Operations
from poreka.store.outbox import Delivery, Outbox

MOMENTS, MOMENT_SECONDS = 8, 0.05  # how long a page waits at most to say that a message was sent
LATE_SECONDS = 3  # after which a gateway that has not answered is said to be late

How = Literal["sending", "sent", "delivered", "unsure", "undelivered", "failed"]
Trouble = Literal["late", "unsure", "undelivered", "failed", "too_many"]


class MessageState(NamedTuple):
    """What the page shows: how it stands, since when, and what went wrong."""

    how: How
    time: str
    trouble: Trouble | None


async def message_now(
    operations: Operations, outbox: Outbox, operation: Operation, now: int
) -> tuple[Operation, MessageState]:
    """The operation and how its message fares; a message of just now is given a moment, so that the page can say
    when it was sent. That holds no thread, and an older message is not waited for."""
    about = _about(operation)
    delivery = await outbox.status_of(about)
    waits = MOMENTS if now - operation.code_issued_at <= 1 else 0
    while waits and delivery is not None and delivery.dispatched_at is None and delivery.failed_at is None:
        await asyncio.sleep(MOMENT_SECONDS)
        waits, delivery = waits - 1, await outbox.status_of(about)
    owned = await operations.load(operation.id)
    operation = as_of(owned.operation if owned else operation, now)
    return operation, message_state(operation, delivery, now)


async def is_lost(outbox: Outbox, operation: Operation, now: int) -> bool:
    """Whether the message with the newest code is in trouble, so that nobody has to wait before asking for another."""
    state = message_state(operation, await outbox.status_of(_about(operation)), now)
    return state.trouble not in (None, "too_many")


def asked_for(operation: Operation) -> str:
    """When the newest code was asked for: all that is told of a message of which nobody may learn whether it is."""
    return _hour(operation.code_issued_at)


def message_state(operation: Operation, delivery: Delivery | None, now: int) -> MessageState:
    """How the message of the operation's newest code stands."""
    if delivery is None:
        return MessageState("sending", "", None)
    left_at = operation.dispatched_at or delivery.dispatched_at
    if delivery.failed_at is not None:
        return MessageState("failed", "", "too_many" if delivery.failure == TOO_MANY else "failed")
    if delivery.report is not None:
        trouble: Trouble | None = "undelivered" if delivery.report == "undelivered" else None
        return MessageState(delivery.report, _hour(delivery.reported_at), trouble)
    if left_at is None:
        return MessageState("sending", "", "late" if is_late(delivery, now) else None)
    if delivery.unsure or delivery.dispatched_at is None:
        return MessageState("unsure", _hour(left_at), "unsure")
    return MessageState("sent", _hour(left_at), None)


def is_late(delivery: Delivery, now: int) -> bool:
    """Whether a message that has not left meets with difficulties: a gateway said no, or says nothing."""
    waits_for_answer = delivery.handed_at is not None and now - delivery.handed_at >= LATE_SECONDS
    return delivery.failure is not None or waits_for_answer


def _about(operation: Operation) -> str:
    return f"operation:{operation.id}:{operation.resends}"


def _hour(at: int | None) -> str:
    return time_of_day(at) if at else ""

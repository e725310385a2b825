"""How the message with a code stands, in the words that the code's page has for it: never more than is known.

`sent` is when it left; a gateway's report says more. In doubt (docs/adr/0016) the page says so, and what to do.
The texts are `release.code.how.*` and `release.code.trouble.*`.
"""

from typing import Literal, NamedTuple

from poreka.rules.operation import Operation
from poreka.rules.sending import TOO_MANY
from poreka.rules.warsaw_time import warsaw_moment
from poreka.store.outbox import Delivery

How = Literal["sending", "sent", "delivered", "unsure", "undelivered", "failed"]
Trouble = Literal["unsure", "undelivered", "failed", "too_many"]


class MessageState(NamedTuple):
    """What the page shows: how it stands, since when, and what went wrong."""

    how: How
    time: str
    trouble: Trouble | None


def message_state(operation: Operation, delivery: Delivery | None) -> MessageState:
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
        return MessageState("sending", "", None)
    if delivery.unsure or delivery.dispatched_at is None:
        return MessageState("unsure", _hour(left_at), "unsure")
    return MessageState("sent", _hour(left_at), None)


def _hour(at: int | None) -> str:
    return warsaw_moment(at).strftime("%H:%M") if at else ""

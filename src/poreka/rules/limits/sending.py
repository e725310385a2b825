"""When a message may be handed to a gateway, and when not again: never the same code twice (docs/adr/0016).

A hand-over has three ends: taken, surely not taken, and *nobody can say*: the worker died, the line broke, no
answer came. In doubt a message that carries a code goes only to the same gateway again, and only if that
gateway recognises a repetition by the message's id; anything else could put a second SMS with a code on
somebody's phone. Other messages are sent again: twice is better than never. What becomes of the code's
life is `operation.dispatched`.
"""

from collections.abc import Sequence
from typing import Protocol, TypeVar

import msgspec

HOUR, DAY = 3600, 24 * 3600
TOO_MANY = "too many messages to this recipient"
"""The failure of a message beyond `RecipientLimits`; the page says it in its own words."""


class Way(Protocol):
    """A gateway, as these rules see it; `recognises` a message's id when it comes again."""

    name: str
    recognises: bool


AnyWay = TypeVar("AnyWay", bound=Way)


class CodeSent(msgspec.Struct, frozen=True):
    """What a message with a code is about: its operation, and the number of re-sends when it was written."""

    operation_id: str
    sending: int


class RecipientLimits(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How many messages one phone number or address may get, from whoever and for whatever."""

    an_hour: int = 20
    a_day: int = 60


def code_of(about: str) -> CodeSent | None:
    """Which code a message carries, if any: `operation:ID:SENDING`."""
    kind, _, rest = about.partition(":")
    operation_id, _, sending = rest.partition(":")
    return CodeSent(operation_id, int(sending)) if kind == "operation" else None


def open_ways(ways: Sequence[AnyWay], in_doubt_at: str | None, *, code: bool) -> Sequence[AnyWay]:
    """The gateways a message may be handed to now, in order; `in_doubt_at` is the one that may have it already.

    None are left when nobody may be asked again: then it stays in doubt.
    """
    if in_doubt_at is None or not code:
        return ways
    return [way for way in ways if way.name == in_doubt_at and way.recognises]


def is_too_many(in_hour: int, in_day: int, limits: RecipientLimits) -> bool:
    """Whether one more message would be too many, after so many to the same recipient."""
    return in_hour >= limits.an_hour or in_day >= limits.a_day

"""An order at the portal: something that waits for its owner's signature (Z9, T7).

waiting → authorised | rejected | lapsed, and nothing leads out of the other three. It lapses by itself when its time
has passed, so that nobody signs an application that they forgot long ago. What it is about is its document, which
never changes; the signature names it by its hash.
"""

import enum

import msgspec

DAY = 24 * 60 * 60


class OrderState(enum.Enum):
    """Where an order stands."""

    WAITING = "waiting"
    AUTHORISED = "authorised"
    REJECTED = "rejected"
    LAPSED = "lapsed"


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """An order; moments in seconds."""

    state: OrderState = OrderState.WAITING
    made_at: int
    lapses_at: int
    ended_at: int | None = None


class HasEnded(msgspec.Struct, frozen=True):
    """It had ended before: a stale tab, a double click, a replay. Nothing changes."""

    state: OrderState


def new_order(now: int, days: int) -> Order:
    """An order that waits for so many days."""
    return Order(made_at=now, lapses_at=now + days * DAY)


def as_of(order: Order, now: int) -> Order:
    """The order as it stands now: lapsed, if its time has passed meanwhile."""
    if order.state is OrderState.WAITING and now >= order.lapses_at:
        return _ended(order, OrderState.LAPSED, order.lapses_at)
    return order


def authorise(order: Order, now: int) -> Order | HasEnded:
    """Its owner signed it."""
    return _end(order, OrderState.AUTHORISED, now)


def reject(order: Order, now: int) -> Order | HasEnded:
    """Its owner does not want it."""
    return _end(order, OrderState.REJECTED, now)


def _end(order: Order, state: OrderState, now: int) -> Order | HasEnded:
    current = as_of(order, now)
    return _ended(order, state, now) if current.state is OrderState.WAITING else HasEnded(current.state)


def _ended(order: Order, state: OrderState, at: int) -> Order:
    return msgspec.structs.replace(order, state=state, ended_at=at)

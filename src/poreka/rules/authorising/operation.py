"""An authorisation operation: one thing to approve, one code at a time, three tries (P3, P4, P5).

issued → authorised | failed (third wrong code) | expired | cancelled. Only `issued` is open, and nothing leads
out of the other four, but another code out of `expired`, as long as there are any (`awaited`). Wrong codes count
per operation, so a new code gives no new tries. The same rules serve the portal's codes by e-mail. Every answer that
changes the operation carries the new one in `.operation`, to be saved before the person is told. An operation that is
authorised by push has no code: `by_push` is its only way to the end, and one refusal is the end.

The code itself is `operation_code`; the message that carries it, `operation_message`.
"""

import datetime
import enum
import hmac

import msgspec

from poreka.rules.authorising.push_request import PushState
from poreka.rules.authorising.shown_document import ShownDocument
from poreka.rules.authorising.tools import Tool
from poreka.rules.limits.code_allowance import Pot
from poreka.rules.warsaw_time import warsaw_day


class OperationLimits(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How long, how often; seconds and counts."""

    code_life: int = 5 * 60  # from dispatch
    undispatched_life: int = 30 * 60  # while the message still waits to be sent
    tries: int = 3
    resends: int = 3
    seconds_between: int = 30


class OperationState(enum.Enum):
    """Where an operation stands."""

    ISSUED = "issued"
    AUTHORISED = "authorised"
    FAILED = "failed"
    EXPIRED = "expired"
    CANCELLED = "cancelled"


class CardQuestion(msgspec.Struct, frozen=True, kw_only=True):
    """Which code an operation waits for: a card's id, and the number on it."""

    card_id: str
    number: int


class Operation(msgspec.Struct, frozen=True, kw_only=True):
    """One operation; number and date name it to its customer, `purpose` is what the SMS says it is for; `document` is
    what it signs."""

    id: str
    number: int
    date: datetime.date
    purpose: str
    code_hash: bytes
    issued_at: int
    code_issued_at: int
    expires_at: int
    attempts: int = 0
    resends: int = 0
    dispatched_at: int | None = None
    state: OperationState = OperationState.ISSUED
    tool: Tool = Tool.SMS
    pot: Pot | None = None  # what it is counted for; None: a code of a journey of nobody
    card: CardQuestion | None = None
    document: ShownDocument | None = None


class Authorised(msgspec.Struct, frozen=True):
    """The right code, in time. It will never be right again."""

    operation: Operation


class WrongCode(msgspec.Struct, frozen=True):
    """Not the code; `left` tries remain, at least one."""

    operation: Operation
    left: int


class Aborted(msgspec.Struct, frozen=True):
    """The last try was wrong, or refused: it ends, nothing is released or remembered (P4)."""

    operation: Operation


class Expired(msgspec.Struct, frozen=True):
    """The code's time is over."""

    operation: Operation


class NotOpen(msgspec.Struct, frozen=True):
    """The operation had ended before: a stale tab, a double click, a replay. Nothing changes."""

    state: OperationState


class NewCode(msgspec.Struct, frozen=True):
    """A new code stands in place of the old one, which is dead."""

    operation: Operation


class TooSoon(msgspec.Struct, frozen=True):
    """Wait so many seconds before asking for another code."""

    seconds: int


class NoMoreResends(msgspec.Struct, frozen=True):
    """All re-sends of this operation are used; the last code still counts."""


Tried = Authorised | WrongCode | Aborted | Expired | NotOpen
Resent = NewCode | TooSoon | NoMoreResends | Expired | NotOpen


def operation_number(last_today: int | None) -> int:
    """The next number of a customer on a day, from 1; a day is `warsaw_day`."""
    return (last_today or 0) + 1


def issue(
    *,
    operation_id: str,
    last_today: int | None,
    purpose: str,
    code_hash: bytes,
    now: int,
    limits: OperationLimits,
    card: CardQuestion | None = None,
    push_life: int | None = None,
    document: ShownDocument | None = None,
    pot: Pot | None = None,
) -> Operation:
    """A new operation of the current day in Poland; a code by SMS is not dispatched yet, one on a card is there.
    With a `push_life`, in seconds, it is authorised by push, and its code's hash is empty."""
    on_card, by_push = card is not None, push_life is not None
    life = push_life if push_life is not None else limits.code_life if on_card else limits.undispatched_life
    return Operation(
        id=operation_id,
        number=operation_number(last_today),
        date=warsaw_day(now),
        purpose=purpose,
        code_hash=b"" if by_push else code_hash,
        issued_at=now,
        code_issued_at=now,
        expires_at=now + life,
        dispatched_at=now if on_card else None,
        tool=Tool.CARD if on_card else Tool.PUSH if by_push else Tool.SMS,
        card=card,
        document=document,
        pot=pot,
    )


def dispatched(operation: Operation, sending: int, now: int, limits: OperationLimits) -> Operation:
    """The code's time starts when the message left. `sending` is the number of re-sends when the message was
    written: a late word about an older message must not touch the life of the newer code."""
    if operation.state is not OperationState.ISSUED or sending != operation.resends:
        return operation
    if operation.dispatched_at is not None:
        return operation  # a message delivered twice does not prolong its code
    if operation.tool is Tool.PUSH:
        return msgspec.structs.replace(operation, dispatched_at=now)  # its life is that of the request
    return msgspec.structs.replace(operation, dispatched_at=now, expires_at=now + limits.code_life)


def is_wanted(operation: Operation, sending: int, now: int) -> bool:
    """Whether the message with this code is still worth sending: it was not replaced, used up, or too late."""
    return as_of(operation, now).state is OperationState.ISSUED and sending == operation.resends


def as_of(operation: Operation, now: int) -> Operation:
    """The operation as it stands now: expired, if its time has passed meanwhile."""
    if operation.state is OperationState.ISSUED and now >= operation.expires_at:
        return _ended(operation, OperationState.EXPIRED)
    return operation


def try_code(operation: Operation, presented_hash: bytes, now: int, limits: OperationLimits) -> Tried:
    """Decide about one code (P4); `presented_hash`: `operation_code.code_hash` with *this* operation's id."""
    if operation.state is not OperationState.ISSUED or operation.tool is Tool.PUSH:
        return NotOpen(operation.state)
    current = as_of(operation, now)
    if current.state is OperationState.EXPIRED:
        return Expired(current)
    if hmac.compare_digest(operation.code_hash, presented_hash):
        return Authorised(_ended(operation, OperationState.AUTHORISED))
    counted = msgspec.structs.replace(operation, attempts=operation.attempts + 1)
    left = limits.tries - counted.attempts
    return WrongCode(counted, left) if left > 0 else Aborted(_ended(counted, OperationState.FAILED))


def by_push(operation: Operation, state: PushState, now: int, *, wrong_number: bool = False) -> Tried:
    """Decide by the end of its push request: an approval authorises it, anything else ends it for good; a wrong
    number counts as a wrong code."""
    current = as_of(operation, now)
    if operation.tool is not Tool.PUSH or operation.state is not OperationState.ISSUED or state is PushState.OPEN:
        return NotOpen(operation.state)
    if current.state is OperationState.EXPIRED or state is PushState.LAPSED:
        return Expired(_ended(operation, OperationState.EXPIRED))
    if state is PushState.APPROVED:
        return Authorised(_ended(operation, OperationState.AUTHORISED))
    counted = msgspec.structs.replace(operation, attempts=operation.attempts + wrong_number)
    return Aborted(_ended(counted, OperationState.FAILED))


def resend(
    operation: Operation, new_code_hash: bytes, now: int, limits: OperationLimits, *, lost: bool = False
) -> Resent:
    """Put a new code in place of the old one (P3); the tries already used stay used. Where the old one is `lost`, its
    message in doubt or not sent, or its time is over, nobody has to wait."""
    current = as_of(operation, now)
    lapsed = current.state is OperationState.EXPIRED
    if current.state is not OperationState.ISSUED and not lapsed:
        return NotOpen(operation.state)
    if not _may_be_sent_again(operation, limits):
        return Expired(current) if lapsed else NoMoreResends()
    wait = operation.code_issued_at + limits.seconds_between - now
    if wait > 0 and not lost and not lapsed:
        return TooSoon(wait)
    return NewCode(
        msgspec.structs.replace(
            operation,
            state=OperationState.ISSUED,
            code_hash=new_code_hash,
            code_issued_at=now,
            dispatched_at=None,
            expires_at=now + limits.undispatched_life,
            resends=operation.resends + 1,
        )
    )


def awaited(operation: Operation, limits: OperationLimits) -> OperationState:
    """How an operation stands for what it belongs to: one whose code ran out of time waits for another code, if there
    are any left."""
    if operation.state is OperationState.EXPIRED and _may_be_sent_again(operation, limits):
        return OperationState.ISSUED
    return operation.state


def _may_be_sent_again(operation: Operation, limits: OperationLimits) -> bool:
    return operation.resends < limits.resends and operation.tool is Tool.SMS


def cancel(operation: Operation) -> Operation | NotOpen:
    """The person gives up, or goes back to an earlier step."""
    if operation.state is not OperationState.ISSUED:
        return NotOpen(operation.state)
    return _ended(operation, OperationState.CANCELLED)


def _ended(operation: Operation, state: OperationState) -> Operation:
    return msgspec.structs.replace(operation, state=state, code_hash=b"")  # no use keeping a dead code's hash

"""Codes of a journey, by e-mail or SMS: issued, tried and sent again as operations are
(`rules/authorising/operation.py`).

Each message counts for whoever asked for it and, unless it is proven, for where it goes (`web/door/limiter.py`), until
the right code comes. An operation here belongs to its journey, not to a person: who registers is no one yet, and a
recovery must look the same for a login that does not exist. For such a one `recipient` is None: the operation is made,
its code fits nothing, and a message to nobody goes the way of all messages, which begins the code's time: its absence
would show in the time of the answers.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from starlette.requests import Request

from poreka.audit.events import CodeSentAgain, OperationIssued
from poreka.audit.record import Recorder
from poreka.codes.answer import LIMITS, Wrong
from poreka.codes.message_state import is_lost
from poreka.rules.authorising.operation import (
    NewCode,
    Operation,
    Resent,
    issue,
    resend,
)
from poreka.rules.authorising.operation_code import Code, code_from, code_hash
from poreka.rules.limits.limits import Per, Purpose
from poreka.rules.warsaw_time import warsaw_day
from poreka.store.database import Stale, Transaction
from poreka.store.operations import OwnedOperation
from poreka.store.outbox import NOBODY, Message
from poreka.web.door.limiter import Scope, asker, give_back, spend
from poreka.web.system import System
from poreka.web.texts import Texts


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeLetter:
    """Who gets the code, and what the message says; `person_id` is the profile the log names, if any.

    `proven` is a recipient that a profile has, known or not: it is not counted by itself, which would tell whether
    there is such a profile; the name that was typed is.
    """

    channel: Literal["email", "sms"] = "email"
    recipient: str | None
    purpose: str
    body: Callable[[Operation, Code], str]
    person_id: str | None
    proven: bool = False


async def issue_code(
    request: Request, system: System, transaction: Transaction, record: Recorder, journey_id: str, letter: CodeLetter
) -> Operation:
    """A new operation and the message with its code, in the transaction of what it is for; raises `LimitReached`."""
    now, operation_id, code = system.clock(), system.fresh.id(), code_from(int(system.fresh.digits(6)))
    await _spend(request, system, transaction, operation_id, letter)
    operation = issue(
        operation_id=operation_id,
        last_today=await system.operations.last_number(transaction, journey_id, warsaw_day(now)),
        purpose=letter.purpose,
        code_hash=_hash(system, operation_id, code, letter),
        now=now,
        limits=LIMITS,
    )
    owned = OwnedOperation(person_id=journey_id, journey_id=journey_id, operation=operation)
    await transaction.insert(system.operations.adding(owned))
    await _post(system, transaction, operation, code, letter)
    await record(OperationIssued(person_id=letter.person_id, operation_id=operation_id, tool=letter.channel))
    return operation


def wrong_words(texts: Texts, wrong: Wrong) -> str:
    """What the page says of a wrong code."""
    return texts("profiles.code.six_digits") if wrong.left is None else texts.plural("profiles.code.wrong", wrong.left)


async def save_given(system: System, transaction: Transaction, before: Operation, after: Operation) -> None:
    """The right code was given: the operation is authorised, once, and counts for nobody any more. Raises `Stale`."""
    await system.operations.save(transaction, before, after)
    await give_back(system, transaction, Purpose.CODE, after.id)


async def send_again(request: Request, system: System, before: Operation, letter: CodeLetter, *, known: bool) -> Resent:
    """Put a new code in place of the old one and send it, if that is possible now; raises `LimitReached`. Only where it
    is `known` that there was a message does it count that it was lost: a message to nobody never is."""
    now, code = system.clock(), code_from(int(system.fresh.digits(6)))
    lost = known and await is_lost(system.outbox, before, now)
    again = resend(before, _hash(system, before.id, code, letter), now, LIMITS, lost=lost)
    if not isinstance(again, NewCode):
        return again
    after = again.operation
    try:
        async with system.audit.transaction() as (transaction, record):
            await system.operations.save(transaction, before, after)
            await _spend(request, system, transaction, after.id, letter)
            await _post(system, transaction, after, code, letter)
            await record(CodeSentAgain(person_id=letter.person_id, operation_id=after.id))
    except Stale:
        return again  # another tab was quicker: a new code is on its way all the same
    system.wake_delivery()
    return again


async def _spend(
    request: Request, system: System, transaction: Transaction, operation_id: str, letter: CodeLetter
) -> None:
    """Count one message for whoever asks, and for whoever gets it where nobody has proven to be that."""
    scopes = asker(request, system)
    if not letter.proven:
        scopes += (Scope(Per.DESTINATION, f"{letter.channel}:{(letter.recipient or '').lower()}"),)
        scopes += (Scope(Per.PERSON, letter.person_id),) if letter.person_id else ()
    await spend(system, transaction, Purpose.CODE, operation_id, *scopes)


def _hash(system: System, operation_id: str, code: Code, letter: CodeLetter) -> bytes:
    if letter.recipient is None:
        return system.fresh.bytes(32)  # no code has this hash
    return code_hash(system.keys.codes, operation_id, code)


async def _post(system: System, transaction: Transaction, operation: Operation, code: Code, letter: CodeLetter) -> None:
    now = system.clock()
    message = Message(
        id=system.fresh.id(),
        channel=NOBODY if letter.recipient is None else letter.channel,
        recipient=letter.recipient or operation.id,
        body=letter.body(operation, code),
        about=f"operation:{operation.id}:{operation.resends}",
        created_at=now,
        due_at=now,
        expires_at=operation.expires_at,
    )
    await transaction.insert(system.outbox.adding(message))

"""What a typed code is to the operation it answers: right, wrong, or too late to matter (P4).

`answer` is the only place that tries a code. It writes a wrong or late code down before it says so. A right one it does
not save: the caller saves that together with what it makes true. What the page then says is the caller's.
"""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass

from poreka.audit.events import CodeRefused, Event
from poreka.rules.authorising.operation import (
    Authorised,
    NotOpen,
    Operation,
    OperationLimits,
    WrongCode,
    try_code,
)
from poreka.rules.authorising.operation_code import CodeFault, code_hash, read_code
from poreka.store.database import Stale, Transaction
from poreka.web.system import System

LIMITS = OperationLimits()


@dataclass(frozen=True, slots=True)
class Right:
    """The code is right; `operation` is the authorised one, not saved yet."""

    operation: Operation


@dataclass(frozen=True, slots=True)
class Wrong:
    """`left` tries remain; None when what was typed cannot be any code, which costs no try."""

    left: int | None


@dataclass(frozen=True, slots=True)
class Over:
    """No more can be typed here, or another tab was quicker: the page shows how the operation stands."""


async def _anything(_transaction: Transaction) -> None:
    """Nothing else has to hold."""


def _nothing(_after: Operation) -> Iterable[Event]:
    return ()


async def answer(
    system: System,
    operation: Operation,
    typed: str,
    person_id: str | None,
    *,
    holds: Callable[[Transaction], Awaitable[None]] = _anything,
    ends: Callable[[Operation], Iterable[Event]] = _nothing,
) -> Right | Wrong | Over:
    """Try what was typed, and count it when it is wrong. `person_id` is whom the log names, if anybody. A wrong code is
    counted only where `holds` raises no `Stale`, together with the events that its operation `ends` with."""
    code = read_code(typed)
    if isinstance(code, CodeFault):
        return Wrong(None)

    tried = try_code(operation, code_hash(system.keys.codes, operation.id, code), system.clock(), LIMITS)

    if isinstance(tried, Authorised):
        return Right(tried.operation)
    if isinstance(tried, NotOpen):
        return Over()
    after = tried.operation
    refused = CodeRefused(person_id=person_id, operation_id=after.id, attempt=after.attempts)
    try:
        async with system.audit.transaction() as (transaction, record):
            await holds(transaction)
            await system.operations.save(transaction, operation, after)
            for event in (refused, *ends(after)):
                await record(event)
    except Stale:
        return Over()
    return Wrong(tried.left) if isinstance(tried, WrongCode) else Over()

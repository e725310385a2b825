import asyncio
import datetime

import msgspec
import pytest

from poreka.rules.authorising.operation import (
    NewCode,
    Operation,
    OperationLimits,
    OperationState,
    WrongCode,
    cancel,
    dispatched,
    resend,
    try_code,
)
from poreka.rules.authorising.tools import Tool
from poreka.rules.limits.code_allowance import Pot
from poreka.store.database import Database, Stale
from poreka.store.operations import Operations, OwnedOperation
from tests.support import samples
from tests.support.engines import NOW

LIMITS = OperationLimits()
DAY = datetime.date(2027, 1, 15)


@pytest.fixture
async def operations(database: Database) -> Operations:
    kept = Operations(database)
    owned = OwnedOperation(person_id="p1", journey_id="j1", operation=samples.operation())
    await database.insert(kept.adding(owned))
    return kept


async def loaded(operations: Operations) -> Operation:
    owned = await operations.load("o1")
    assert owned is not None
    return owned.operation


def wrong(operation: Operation) -> Operation:
    tried = try_code(operation, b"another", NOW, LIMITS)
    assert isinstance(tried, WrongCode)
    return tried.operation


async def test_an_operation_comes_back_as_it_went(operations: Operations) -> None:
    assert await loaded(operations) == samples.operation()
    assert await operations.load("o2") is None


async def test_numbers_are_drawn_one_by_one_for_each_person_and_day(database: Database) -> None:
    operations = Operations(database)

    async def draw(person: str, day: datetime.date = DAY) -> int:
        async with database.transaction() as transaction:
            return await operations.last_number(transaction, person, day)

    assert sorted(await asyncio.gather(*(draw("p1") for _ in range(20)))) == list(range(20))
    assert await draw("p2") == 0
    assert await draw("p1", DAY + datetime.timedelta(days=1)) == 0


async def test_of_many_wrong_codes_at_once_one_is_counted(database: Database, operations: Operations) -> None:
    before = await loaded(operations)
    tries = (operations.save(database, before, wrong(before)) for _ in range(10))
    outcomes = await asyncio.gather(*tries, return_exceptions=True)
    assert sum(outcome is None for outcome in outcomes) == 1
    assert sum(isinstance(outcome, Stale) for outcome in outcomes) == 9
    assert (await loaded(operations)).attempts == 1


async def test_an_operation_that_ended_stays_ended(database: Database, operations: Operations) -> None:
    before = await loaded(operations)
    ended = cancel(before)
    assert isinstance(ended, Operation)
    await operations.save(database, before, ended)
    with pytest.raises(Stale):
        await operations.save(database, before, wrong(before))
    assert await loaded(operations) == ended


async def test_the_word_about_the_dispatch_is_not_overwritten(database: Database, operations: Operations) -> None:
    before = await loaded(operations)
    sent = dispatched(before, 0, NOW + 3, LIMITS)
    assert await operations.dispatched(database, sent)
    assert not await operations.dispatched(database, sent)
    await operations.save(database, before, wrong(before))
    now = await loaded(operations)
    assert (now.dispatched_at, now.expires_at, now.attempts) == (NOW + 3, NOW + 303, 1)


async def test_a_new_code_replaces_the_old_one_and_waits_for_its_own_dispatch(
    database: Database, operations: Operations
) -> None:
    before = await loaded(operations)
    late_word = dispatched(before, 0, NOW + 40, LIMITS)
    renewed = resend(before, b"new hash", NOW + 31, LIMITS)
    assert isinstance(renewed, NewCode)
    await operations.save(database, before, renewed.operation)
    assert await loaded(operations) == renewed.operation
    assert not await operations.dispatched(database, late_word)
    with pytest.raises(Stale):
        await operations.save(database, before, wrong(before))


async def test_open_operations_whose_time_is_over_expire(database: Database, operations: Operations) -> None:
    assert await operations.expire(database, NOW + 1799) == 0
    assert await operations.expire(database, NOW + 1800) == 1
    expired = msgspec.structs.replace(samples.operation(), state=OperationState.EXPIRED, code_hash=b"")
    assert await loaded(operations) == expired


async def test_open_operations_of_a_tool_are_cancelled(database: Database, operations: Operations) -> None:
    person = "p1"
    assert await operations.cancel_open(database, person, Tool.PUSH) == 0
    assert await operations.cancel_open(database, "somebody else") == 0
    assert await operations.cancel_open(database, person) == 1
    assert await operations.cancel_open(database, person, Tool.SMS) == 0
    cancelled = msgspec.structs.replace(samples.operation(), state=OperationState.CANCELLED, code_hash=b"")
    assert await loaded(operations) == cancelled


async def test_what_is_spent_is_told_for_each_purpose_and_a_right_answer_is_none_of_it(database: Database) -> None:
    operations = Operations(database)

    async def begin(name: str, pot: Pot | None, person: str = "p1") -> Operation:
        number = int(name.removeprefix("o"))
        operation = msgspec.structs.replace(samples.operation(name, number), pot=pot)
        await database.insert(
            operations.adding(OwnedOperation(person_id=person, journey_id=f"j{name}", operation=operation))
        )
        return operation

    first, second = await begin("o1", Pot.CONSENT), await begin("o2", Pot.CONSENT)
    await begin("o3", Pot.SIGNING)
    await begin("o4", None)
    await begin("o5", Pot.CONSENT, "p2")
    for operation in (first, second):
        await operations.save(database, operation, wrong(operation))
    spent = await operations.spent_since("p1", first.issued_at - 1)
    assert {pot.value: [one.wrong for one in begun] for pot, begun in spent.items() if begun} == {
        "consent": [1, 1],
        "signing": [0],
    }
    right = msgspec.structs.replace(wrong(first), state=OperationState.AUTHORISED, code_hash=b"")
    await operations.save(database, wrong(first), right)
    spent = await operations.spent_since("p1", first.issued_at - 1)
    assert [one.wrong for one in spent[Pot.CONSENT]] == [1]
    assert not (await operations.spent_since("p1", first.issued_at))[Pot.CONSENT]

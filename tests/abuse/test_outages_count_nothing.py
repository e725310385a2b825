"""An outage is nobody's wrong password: whatever breaks while a try is looked at, the next is looked at as before."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest

from poreka.codes.counted_tries import begin_try, counted_under, until_verdict, wrong
from poreka.provider.store.customer_directory import Typed
from poreka.rules.limits.attempts import LOOKED_AT_WITHIN
from poreka.store.database import DatabaseUnavailable
from poreka.store.deadline import TooBusy
from tests.abuse.test_enumeration import asked_for_password
from tests.support.asgi import AsgiPage
from tests.support.in_process import JAN, PASSWORD, BankInProcess

Breaks = Callable[[BankInProcess, pytest.MonkeyPatch, BaseException], None]
TROUBLES = [DatabaseUnavailable("gone"), TooBusy("too many wait", 5), OSError("no space"), LookupError("a bug")]


def answers(page: AsgiPage, password: str) -> dict[str, str]:
    """Jan's characters, and this password."""
    names = [name for name in page.form_to("/password").fields if name.startswith("characters_")]
    return {"password": password} | {name: JAN.identifier[int(name.split("_")[1]) - 1] for name in names}


def while_looking(bank: BankInProcess, patch: pytest.MonkeyPatch, trouble: BaseException) -> None:
    async def check(self: Any, number: str, typed: Typed) -> Any:
        raise trouble

    patch.setattr(type(bank.bank.customers), "check", check)


def while_saving(bank: BankInProcess, patch: pytest.MonkeyPatch, trouble: BaseException) -> None:
    @asynccontextmanager
    async def transaction(self: Any) -> AsyncIterator[Any]:
        raise trouble
        yield

    patch.setattr(type(bank.bank.audit), "transaction", transaction)


@pytest.mark.parametrize("breaks", [while_looking, while_saving])
@pytest.mark.parametrize("trouble", TROUBLES, ids=lambda one: type(one).__name__)
@pytest.mark.parametrize("password", [PASSWORD, "zły"], ids=["right", "wrong"])
async def test_what_breaks_while_a_password_is_looked_at_counts_as_no_try(
    bank: BankInProcess, breaks: Breaks, trouble: BaseException, password: str
) -> None:
    page = await asked_for_password(bank, JAN.number)
    with pytest.MonkeyPatch.context() as patch:
        breaks(bank, patch, trouble)
        told = await page.submit("/password", **answers(page, password))
        assert told.status in (500, 503)
    rows = await bank.bank.database.all("SELECT failures, not_before FROM password_attempts")
    assert all(row["failures"] == 0 and row["not_before"] <= bank.clock() for row in rows)
    page = await asked_for_password(bank, JAN.number)
    inside = await page.submit("/password", **answers(page, PASSWORD))
    assert (inside.path, inside.status) == ("/", 200)


async def test_a_process_that_died_while_looking_holds_nobody_up_for_long(bank_on_each: BankInProcess) -> None:
    system, subject = bank_on_each.bank, counted_under(bank_on_each.bank, "password", "jan")
    left = await begin_try(system, subject)
    assert not hasattr(left, "seconds")
    assert hasattr(await begin_try(system, subject), "seconds")
    bank_on_each.clock.advance(LOOKED_AT_WITHIN)
    tried = await begin_try(system, subject)
    assert not hasattr(tried, "seconds")
    assert (await system.attempts.of(subject)).failures == 0


async def test_a_cancelled_request_gives_its_try_back(bank_on_each: BankInProcess) -> None:
    system, subject = bank_on_each.bank, counted_under(bank_on_each.bank, "password", "jan")
    tried = await begin_try(system, subject)
    assert not hasattr(tried, "seconds")
    looking = asyncio.Event()

    async def look() -> None:
        async with until_verdict(system, tried):  # type: ignore[arg-type]
            looking.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(look())
    await looking.wait()
    task.cancel()
    await asyncio.wait([task])
    assert not hasattr(await begin_try(system, subject), "seconds")


async def test_a_verdict_that_comes_late_is_counted_all_the_same(bank_on_each: BankInProcess) -> None:
    system, subject = bank_on_each.bank, counted_under(bank_on_each.bank, "password", "jan")
    late = await begin_try(system, subject)
    bank_on_each.clock.advance(LOOKED_AT_WITHIN)
    other = await begin_try(system, subject)
    for tried in (other, late):
        async with system.database.transaction() as transaction:
            await wrong(system, transaction, tried)  # type: ignore[arg-type]
    assert (await system.attempts.of(subject)).failures == 2

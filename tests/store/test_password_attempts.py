import asyncio

import pytest

from poreka.rules.limits.attempts import Attempts, after_failure
from poreka.store.database import Database, Stale
from poreka.store.password_attempts import PasswordAttempts
from tests.support.engines import NOW


async def test_counting_and_clearing(database: Database) -> None:
    attempts, counted = PasswordAttempts(database), Attempts()
    for _ in range(5):
        assert await attempts.of(b"name") == counted
        following = after_failure(counted, NOW)
        await attempts.replace(database, b"name", counted, following)
        counted = following
    assert await attempts.of(b"name") == counted != Attempts()
    assert await attempts.of(b"other") == Attempts()
    await attempts.clear(database, b"name")
    assert await attempts.of(b"name") == Attempts()


@pytest.mark.parametrize("before", [Attempts(), Attempts(failures=4, not_before=NOW + 2)])
async def test_of_many_tries_at_once_one_is_counted(database: Database, before: Attempts) -> None:
    attempts = PasswordAttempts(database)
    await attempts.replace(database, b"name", Attempts(), before)
    after = after_failure(before, NOW + 100)
    tries = (attempts.replace(database, b"name", before, after) for _ in range(20))
    outcomes = await asyncio.gather(*tries, return_exceptions=True)
    assert sum(outcome is None for outcome in outcomes) == 1
    assert all(isinstance(outcome, Stale) for outcome in outcomes if outcome is not None)
    assert await attempts.of(b"name") == after


async def test_of_many_first_tries_at_once_one_is_counted(database: Database) -> None:
    attempts, after = PasswordAttempts(database), after_failure(Attempts(), NOW)
    tries = (attempts.replace(database, b"name", Attempts(), after) for _ in range(20))
    outcomes = await asyncio.gather(*tries, return_exceptions=True)
    assert sum(outcome is None for outcome in outcomes) == 1
    assert await attempts.of(b"name") == after

import pytest

from poreka.store.database import AlreadyThere, Database
from poreka.store.used_once import UsedOnce, claiming
from tests.support.engines import NOW


async def test_a_second_use_is_refused_and_kinds_are_apart(database: Database) -> None:
    gate = UsedOnce(database)
    await gate.claim("jti", "1", NOW)
    await gate.claim("code", "1", NOW)
    with pytest.raises(AlreadyThere):
        await gate.claim("jti", "1", NOW + 1000)


async def test_an_expired_use_still_counts(database: Database) -> None:
    await UsedOnce(database).claim("jti", "1", 0)
    with pytest.raises(AlreadyThere):
        await UsedOnce(database).claim("jti", "1", NOW)


async def test_long_values_are_hashed_and_still_told_apart(database: Database) -> None:
    gate = UsedOnce(database)
    await gate.claim("jti", "x" * 5000, NOW)
    await gate.claim("jti", "x" * 4999 + "y", NOW)
    with pytest.raises(AlreadyThere):
        await gate.claim("jti", "x" * 5000, NOW)
    assert len(str(claiming("jti", "x" * 257, NOW).values["value"])) == 71
    assert claiming("jti", "x" * 256, NOW).values["value"] == "x" * 256

import asyncio

from poreka.provider.store.authorization_codes import AuthorizationCodes
from poreka.provider.store.grants import revoking
from poreka.store.database import AlreadyThere, Database
from tests.support import samples
from tests.support.engines import NOW


async def test_a_code_stands_for_its_grant_until_that_is_revoked(database: Database) -> None:
    codes = AuthorizationCodes(database)
    await database.insert(codes.adding(samples.grant(), "code"))
    assert await codes.load("code") == samples.grant()
    assert await codes.load("edoc") is None
    await database.insert(revoking("g1", now=NOW, expires_at=NOW + 300))
    assert await codes.load("code") is None


async def test_of_many_exchanges_one_wins_and_the_code_is_known_as_used(database: Database) -> None:
    codes = AuthorizationCodes(database)
    await database.insert(codes.adding(samples.grant(), "code"))
    assert not await codes.was_used("code")
    uses = (database.insert(codes.use_once("code", samples.grant())) for _ in range(20))
    outcomes = await asyncio.gather(*uses, return_exceptions=True)
    assert sum(outcome is None for outcome in outcomes) == 1
    assert sum(isinstance(outcome, AlreadyThere) for outcome in outcomes) == 19
    assert await codes.was_used("code")
    assert await codes.load("code") == samples.grant()  # a replay must find what to revoke

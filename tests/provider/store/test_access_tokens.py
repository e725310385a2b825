import pytest

from poreka.provider.store.access_tokens import AccessTokens
from poreka.provider.store.consents import Consents
from poreka.provider.store.grants import Grants, revoking
from poreka.provider.store.relying_sign_ins import RelyingSignIns
from poreka.store.database import AlreadyThere, Database
from tests.support import samples
from tests.support.engines import NOW

LATER = NOW + 3600


@pytest.fixture
async def tokens(database: Database) -> AccessTokens:
    kept = AccessTokens(database)
    consents = Consents(database)
    await database.insert(kept.adding(samples.token("secret")), consents.adding(samples.consent()))
    return kept


async def test_a_token_is_found_by_its_secret(tokens: AccessTokens) -> None:
    assert await tokens.load("secret") == samples.token("secret")
    assert await tokens.load("terces") is None


async def test_a_token_of_a_revoked_grant_is_worth_nothing(database: Database, tokens: AccessTokens) -> None:
    await database.insert(revoking("g1", now=NOW, expires_at=LATER))
    assert await tokens.load("secret") is None
    with pytest.raises(AlreadyThere) as caught:
        await database.insert(revoking("g1", now=NOW, expires_at=LATER))
    assert caught.value.table == "revoked_grants"
    await database.insert(tokens.adding(samples.token("issued afterwards")))
    assert await tokens.load("issued afterwards") is None


async def test_a_token_whose_consent_ended_is_worth_nothing(database: Database, tokens: AccessTokens) -> None:
    await database.insert(tokens.adding(samples.token("no facts", consented=False)))
    await Consents(database).withdraw(database, "c1", "p1", NOW)
    assert await tokens.load("secret") is None
    assert await tokens.load("no facts") is not None


async def test_revoking_everything_of_a_person_and_a_client(database: Database) -> None:
    grants, sign_ins = Grants(), RelyingSignIns(database)
    await database.insert(
        sign_ins.adding(samples.sign_in("g1")),
        sign_ins.adding(samples.sign_in("g2")),
        sign_ins.adding(samples.sign_in("g3", client_id="other")),
        sign_ins.adding(samples.sign_in("g4", person="p2")),
    )
    async with database.transaction() as transaction:
        assert await grants.revoke(transaction, "g1", now=NOW, expires_at=LATER)
        assert not await grants.revoke(transaction, "g1", now=NOW, expires_at=LATER)
        assert await grants.revoke_all_of(transaction, "p1", "portal", now=NOW, expires_at=LATER) == ["g2"]
        assert await grants.revoke_all_of(transaction, "p1", "portal", now=NOW, expires_at=LATER) == []
    rows = await database.all("SELECT grant_id FROM revoked_grants ORDER BY grant_id")
    assert [row["grant_id"] for row in rows] == ["g1", "g2"]


async def test_where_a_person_was_signed_in(database: Database) -> None:
    sign_ins = RelyingSignIns(database)
    first, second = samples.sign_in("g1"), samples.sign_in("g2", sid="s2")
    await database.insert(sign_ins.adding(first), sign_ins.adding(second))
    assert await sign_ins.of_person_and_client("p1", "portal") == [second, first]
    assert await sign_ins.of_session("s2") == [second]
    assert await sign_ins.remove(database, "g2")
    assert await sign_ins.of_session("s2") == []

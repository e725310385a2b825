from dataclasses import replace

import pytest

from poreka.store.database import AlreadyThere, Database, Stale
from poreka.store.fresh import Fresh
from poreka.store.seal import Seal
from poreka.store.signing_keys import SigningKeys, StoredKey
from tests.support.engines import NOW

KEY = StoredKey(kid="k1", algorithm="ES256", private_jwk=b'{"kty":"EC","d":"hidden"}', state="current", since=NOW)


@pytest.fixture
def keys(database: Database, seal: Seal, fresh: Fresh) -> SigningKeys:
    return SigningKeys(database, seal, fresh)


async def test_a_key_goes_through_its_states(database: Database, keys: SigningKeys) -> None:
    following = replace(KEY, kid="k2", state="next", since=NOW + 1)
    await database.insert(keys.adding(KEY), keys.adding(following))
    assert await keys.all() == [following, KEY]
    assert "hidden" not in repr(KEY)
    await keys.move(database, "k1", "current", "retired", NOW + 2)
    await keys.move(database, "k2", "next", "current", NOW + 2)
    assert {(key.kid, key.state, key.since) for key in await keys.all()} == {
        ("k1", "retired", NOW + 2), ("k2", "current", NOW + 2)
    }  # fmt: skip
    await keys.remove(database, "k1")
    assert [key.kid for key in await keys.all()] == ["k2"]


async def test_of_two_workers_one_rotates(database: Database, keys: SigningKeys) -> None:
    await database.insert(keys.adding(KEY))
    with pytest.raises(AlreadyThere) as caught:
        await database.insert(keys.adding(replace(KEY, kid="k2")))
    assert caught.value.table == "signing_keys"
    await database.insert(keys.adding(replace(KEY, kid="k3", algorithm="EdDSA")))
    with pytest.raises(Stale):
        await keys.move(database, "k1", "next", "current", NOW)


async def test_a_key_in_use_is_not_removed(database: Database, keys: SigningKeys) -> None:
    await database.insert(keys.adding(KEY))
    with pytest.raises(Stale):
        await keys.remove(database, "k1")
    assert await keys.all() == [KEY]

from dataclasses import replace

import pytest

from poreka.store.database import AlreadyThere, Database
from poreka.store.past_keys import PastKey, PastKeys
from tests.support.engines import NOW

KEY = PastKey(
    kid="k1", algorithm="ES256", public_jwk={"kty": "EC", "x": "x"}, used_from=NOW, used_until=NOW + 10, leaked_at=None
)


async def test_past_keys_are_kept_the_last_one_first(database: Database) -> None:
    keys = PastKeys(database)
    later = replace(KEY, kid="k2", used_from=NOW + 10, used_until=NOW + 20, leaked_at=NOW + 20)
    await database.insert(keys.adding(KEY), keys.adding(later), keys.adding(replace(KEY, kid="k3", algorithm="RS256")))
    assert await keys.all("ES256") == [later, KEY]


async def test_a_key_is_past_once(database: Database) -> None:
    keys = PastKeys(database)
    await database.insert(keys.adding(KEY))
    with pytest.raises(AlreadyThere):
        await database.insert(keys.adding(replace(KEY, leaked_at=NOW)))
    assert await keys.all("ES256") == [KEY]
